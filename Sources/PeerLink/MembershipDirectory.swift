public import Attestation
import Identifiers
public import Membership
import Synchronization
import Wire

/// Expectations of other nodes as the registry states them.
public final class MembershipDirectory: PeerDirectory {
  private let source: any MembershipSource
  private let verifiers: [any EvidenceVerifier]
  private let latest = Mutex<PeerView?>(nil)

  /// - Parameter verifiers: of real trusted execution environments. Software evidence needs none: it counts only where
  ///   the registry accepts it, under the roots the founding document pins.
  public init(_ source: any MembershipSource, verifiers: [any EvidenceVerifier]) {
    self.source = source
    self.verifiers = verifiers
  }

  public func view() -> PeerView? {
    guard let snapshot = source.current else { return nil }
    return latest.withLock { latest in
      if let latest, latest.registry == snapshot.position { return latest }
      let view = PeerView(snapshot, verifiers: verifiers)
      latest = view
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
  public init(_ snapshot: MembershipSnapshot, verifiers: [any EvidenceVerifier]) {
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
      policy: AttestationPolicy(snapshot, verifiers: verifiers),
      // Where the registry is a file, the network itself stands for a recent block.
      anchors: [snapshot.network.digest])
  }
}

extension AttestationPolicy {
  /// Kinds and measurements of the registry; development roots only of a network whose founding document has them.
  init(_ snapshot: MembershipSnapshot, verifiers: [any EvidenceVerifier]) {
    var allowed: [EvidenceKind: Set<Measurement>] = [:]
    for name in snapshot.evidenceKinds where snapshot.founding.evidenceKinds.contains(name) {
      guard let kind = try? EvidenceKind(text: name) else { continue }
      allowed[kind] = Set((snapshot.measurements[name] ?? []).compactMap { try? Measurement(bytes: $0) })
    }
    let roots = snapshot.founding.developmentRoots.compactMap { try? DevelopmentRootKey(bytes: $0) }
    self.init(allowed: allowed, verifiers: verifiers + [SoftwareEvidenceVerifier(roots: roots)])
  }
}
