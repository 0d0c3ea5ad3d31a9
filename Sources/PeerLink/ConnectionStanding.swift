public import Attestation
import Identifiers
import Synchronization

/// Whether the node at the other end of a user's connection would still be let in.
public final class ConnectionStanding: Sendable {
  private let node: NodeID
  private let identityKey: [UInt8]
  private let directory: any PeerDirectory
  private let clock: any LocalClock
  private let proof: Mutex<StandingEvidence>

  init(
    node: NodeID, identityKey: [UInt8], directory: any PeerDirectory, clock: any LocalClock, proof: StandingEvidence
  ) {
    self.node = node
    self.identityKey = identityKey
    self.directory = directory
    self.clock = clock
    self.proof = Mutex(proof)
  }

  /// What the node proved.
  public var evidence: VerifiedEvidence { proof.withLock(\.evidence) }

  /// - Throws: what speaks against it by the user's present view of the registry and of makers' statements.
  public func require() throws(HandshakeRefusal) {
    guard let view = directory.view() else { throw .registryUnavailable }
    try view.requireStill(node, identityKey: identityKey)
    try proof.withLock { proof throws(HandshakeRefusal) in try proof.requireStill(view, now: clock.wall) }
  }
}
