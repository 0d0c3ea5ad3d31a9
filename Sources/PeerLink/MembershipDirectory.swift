public import Attestation
import Identifiers
public import Membership
import Synchronization
import Wire

/// Expectations of other nodes as the registry states them.
public final class MembershipDirectory: PeerDirectory {
  private let source: any MembershipSource
  private let verifiers: [any EvidenceVerifier]
  private let vendors: any VendorKnowledgeSource
  private let latest = Mutex<Latest?>(nil)

  private struct Latest {
    let view: PeerView
    /// On a chain code that was announced begins to count without another change.
    let measurements: [String: Set<[UInt8]>]
  }

  /// - Parameters:
  ///   - verifiers: of kinds that this project does not know, or in the place of one of its own. Software evidence counts
  ///     only where the registry accepts it, under the roots the founding document pins.
  ///   - vendors: what makers say of their platforms.
  public init(
    _ source: any MembershipSource, verifiers: [any EvidenceVerifier] = [],
    vendors: any VendorKnowledgeSource = FixedKnowledge()
  ) {
    self.source = source
    self.verifiers = verifiers
    self.vendors = vendors
  }

  public func view() -> PeerView? {
    guard let snapshot = source.current else { return nil }
    let known = vendors.current
    return latest.withLock { latest in
      if let latest, latest.view.registry == snapshot.position, latest.view.knowledge == known.number,
        latest.measurements == snapshot.measurements
      {
        return latest.view
      }
      let view = PeerView(snapshot, verifiers: verifiers, knowledge: known)
      latest = Latest(view: view, measurements: snapshot.measurements)
      return view
    }
  }

  public func changes() -> AsyncStream<Void> {
    let updates = source.updates
    return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let forwarding = Task {
        for await _ in updates { continuation.yield() }
        continuation.finish()
      }
      continuation.onTermination = { _ in forwarding.cancel() }
    }
  }
}

extension PeerView {
  public init(
    _ snapshot: MembershipSnapshot, verifiers: [any EvidenceVerifier] = [],
    knowledge: CurrentKnowledge = FixedKnowledge().current
  ) {
    let members = snapshot.members.map { member in
      (
        member.node,
        ExpectedMember(
          identityKey: member.identityKey, hasSufficientStake: member.stake >= snapshot.minimumStake,
          peerEndpoint: member.peerEndpoint, clientEndpoint: member.clientEndpoint)
      )
    }
    self.init(
      network: snapshot.network, epoch: snapshot.epoch, registry: snapshot.position,
      members: Dictionary(members, uniquingKeysWith: { first, _ in first }),
      policy: snapshot.attestationPolicy(knowledge.knowledge, verifiers: verifiers),
      // The network itself stands for a recent block: certificates live for hours, a reader that has just begun knows
      // no earlier block, and that evidence is fresh is shown by the handshake.
      anchors: [snapshot.network.digest], knowledge: knowledge.number)
  }
}
