import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Signatures
import Transcripts

@testable import ThresholdECDSA

/// What must hold after every signing, whatever corrupted signers did.
struct SigningInvariants {
  enum Violation: Hashable {
    case common(Invariants.Violation)
    /// Honest signers contributed under different nonce points.
    case noncePoints
    /// The set-up that the first party holds with the second burned without a failed check, or did not for one.
    case burning(PartyID, PartyID)
  }

  private var common = Invariants()
  private var own: [Violation] = []

  var violations: [Violation] { common.violations.map(Violation.common) + own }

  /// - Returns: the signature, where all contributed.
  mutating func check(
    _ run: SigningRun, _ outcomes: [PartyID: SigningRun.Outcome], sent: [SimulatedMessage], corrupted: Set<PartyID>,
    livingSecrets: Int?
  ) throws -> ECDSASignature? {
    common.check(Self.endings(outcomes, sent), corrupted: corrupted, livingSecrets: livingSecrets)
    let honest = outcomes.filter { !corrupted.contains($0.key) }
    if Set(honest.values.compactMap { try? $0.get().noncePoint }).count > 1 { own.append(.noncePoints) }
    for (party, outcome) in honest {
      let caught = Self.caught(outcome)
      for (peer, setup) in run.setups[party] ?? [:] where (setup.condition == .burned) != caught.contains(peer) {
        own.append(.burning(party, peer))
      }
    }
    guard let signature = try? run.combine(outcomes) else { return nil }
    // The recovery takes another way through the library than the verification in `combine`.
    let signer = try? EthereumSignature.recover(
      digest: run.digest, signature: signature.compact + [27 + signature.recoveryID])
    common.checkSignature(isValid: try signer == WalletAddress(publicKey: run.key.publicKey.publicKey))
    return signature
  }

  /// Whom a signer saw fail a check that burns.
  private static func caught(_ outcome: SigningRun.Outcome) -> Set<PartyID> {
    guard case .failure(.blamed(let faults)) = outcome else { return [] }
    let burning = [
      Fault.failedCheck(round: 1, name: "OT extension"), .failedCheck(round: 2, name: "multiplication"),
    ]
    return Set(faults.filter { burning.contains($0.value) }.keys)
  }

  /// A signer's nonce is known by its commitment; what it said under it are its messages of round 2.
  private static func endings(
    _ outcomes: [PartyID: SigningRun.Outcome], _ sent: [SimulatedMessage]
  ) -> [PartyID: Invariants.Ending] {
    var endings: [PartyID: Invariants.Ending] = [:]
    for (party, outcome) in outcomes {
      let sent = sent.filter { $0.sender == party }
      let commitment = sent.first { $0.envelope.channel == .broadcast }?.envelope.payload.prefix(32) ?? []
      let replies = sent.filter { $0.envelope.round == 2 && $0.envelope.channel == .direct }
      var abort: ProtocolAbort?
      if case .failure(let failure) = outcome { abort = failure }
      endings[party] = Invariants.Ending(
        abort: abort, nonces: commitment.isEmpty ? [] : [Array(commitment)],
        transcript: Digest32.sha256(of: replies.flatMap(\.envelope.payload)).bytes)
    }
    return endings
  }
}
