public import Identifiers
public import PublicKeys
public import SecretSharing

/// How one member takes its pending shares to active ones so that no crash, at any member and any moment, leaves some
/// with keys that others have not (see <doc:CertificateCeremony>).
///
/// A value that the host feeds with events and whose actions it carries out. It neither waits nor writes. What must
/// survive is the ``Record``; the rest is learnt again when links come up.
public struct CertificateCeremony: Sendable, Hashable {
  /// What the vault holds of this epoch's key generation.
  public enum Record: Sendable, Hashable {
    case pending
    /// This member's signature; at most one per network and epoch, for ever.
    case signed([UInt8])
    /// The active shares, besides the signature.
    case active([UInt8])
  }

  public enum Phase: Sendable, Hashable, CaseIterable {
    /// The shares are being written.
    case keeping
    /// The shares are durable; waiting for everybody else to say the same.
    case acknowledging
    /// Everybody has the shares; this member's signature is being written.
    case recording
    /// The signature is durable and out; waiting for everybody's.
    case signing
    /// All signatures are here; the active shares are being written.
    case activating
    case active
    /// The pending shares are being deleted.
    case abandoning
    case abandoned
    /// A disk failed or we have a bug. Nothing more is done until a restart reads the ``Record``.
    case halted
  }

  public enum Event: Sendable, Hashable {
    /// The host: what `keepPending`, `recordSignature`, `keepCertificate` or `dropPending` asked for is durable.
    case pendingKept
    case signatureRecorded([UInt8])
    case certificateKept
    case pendingDropped
    /// The host: what was asked for could not be made durable, or is refused because another signature for this network
    /// and epoch is there.
    case storageFailed
    /// A link to a member came up, so what was sent to it before may be lost.
    case connected(PartyID)
    /// A member: it keeps pending shares with this body digest.
    case acknowledged(PartyID, Digest32)
    /// A member: it has no pending shares with this body digest and takes part in no run that could give it some.
    case declaredNone(PartyID, Digest32)
    /// A member: its signature of this body, not verified yet.
    case signed(PartyID, [UInt8])
  }

  public enum Action: Sendable, Hashable {
    case keepPending
    case sendAcknowledgement([PartyID], Digest32)
    /// Sign the body and write the signature as the only one for this network and epoch. Only when that is durable:
    /// `signatureRecorded`.
    case recordSignature
    case sendSignature([PartyID], [UInt8])
    /// Write the active shares and the certificate, and delete the pending ones, in one transaction.
    case keepCertificate
    /// The keys may be used.
    case activate
    case dropPending
    case declareNone([PartyID], Digest32)
    case report(Finding)
  }

  /// What the operator should know.
  public enum Finding: Sendable, Hashable {
    /// The member keeps shares of another run for the same epoch.
    case otherRun(PartyID)
    case invalidSignature(PartyID)
    /// The member had acknowledged or signed, and says now that it has nothing.
    case lostShares(PartyID)
    /// This member has signed and the other cannot: the epoch will have no certificate. Choose the next epoch.
    case cannotFinish(PartyID)
    /// A message of somebody who is no member, or of this member itself.
    case stranger(PartyID)
    case storageFailed
    /// Our bug: an event that the phase cannot have.
    case impossibleEvent
  }

  public let me: PartyID
  public internal(set) var phase: Phase
  public internal(set) var signatures: CertificateSignatures
  var acknowledged: Set<PartyID> = []
  /// Somebody declared to have no shares while this member's were still being written.
  var isRefused = false

  public var body: KeyCertificateBody { signatures.body }

  /// After a key generation: the first thing to do is the `keepPending` this gives.
  public static func begin(_ body: KeyCertificateBody, me: PartyID) -> (CertificateCeremony, [Action]) {
    (CertificateCeremony(body, me: me, phase: .keeping), [.keepPending])
  }

  /// After a restart. Links that come up carry it on.
  ///
  /// - Parameter record: what the vault holds; a signature that does not verify halts.
  public init(restoring record: Record, _ body: KeyCertificateBody, me: PartyID) {
    switch record {
    case .pending:
      self.init(body, me: me, phase: .acknowledging)
    case .signed(let signature):
      self.init(body, me: me, phase: .signing, signature)
    case .active(let signature):
      self.init(body, me: me, phase: .active, signature)
    }
  }

  init(_ body: KeyCertificateBody, me: PartyID, phase: Phase, _ signature: [UInt8]) {
    self.init(body, me: me, phase: phase)
    if !signatures.add(signature, of: me) { self.phase = .halted }
  }

  init(_ body: KeyCertificateBody, me: PartyID, phase: Phase) {
    signatures = CertificateSignatures(body)
    self.me = me
    self.phase = phase
  }
}
