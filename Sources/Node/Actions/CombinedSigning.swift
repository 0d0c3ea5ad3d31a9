internal import Aggregation
internal import Authorization
internal import Curves
internal import Identifiers
internal import KeyGeneration
internal import PublicKeys
internal import SecretSharing
internal import Signatures
internal import Wire

/// A signature whose shares the nodes of the quorum give each other instead of the user, so that their run of an action
/// goes on with it. Each of them learns it.
struct CombinedSigning: Sendable {
  /// The session of the signature.
  let signing: Signing
  /// The session in which the shares go round.
  let sharing: Signing
  let pairs: PairLife

  private var certificate: KeyCertificate { signing.keys.certificate }

  /// - Returns: the signature, which the ordinary verifier of its scheme accepted.
  func sign(
    _ key: KeyID, _ purpose: KeyPurpose, _ message: [UInt8]
  ) async throws(FailedExchange) -> FinishedSignature {
    guard let quorum = QuorumParties(signing.authorized, certificate) else { throw .ours }
    if purpose == .secp256k1ECDSA { return .ecdsa(try await signECDSA(key, message, quorum)) }
    guard let suite = purpose.schnorrSuite else { throw .ours }
    return .schnorr(try await signSchnorr(suite, key, message, quorum))
  }

  enum FinishedSignature: Sendable {
    case ecdsa(ECDSASignature)
    /// In the encoding the scheme's verifiers take.
    case schnorr([UInt8])
  }

  private func signECDSA(
    _ keyID: KeyID, _ message: [UInt8], _ quorum: QuorumParties
  ) async throws(FailedExchange) -> ECDSASignature {
    guard let digest = try? Digest32(bytes: message),
      let key = try? certificate.derivedKey(.secp256k1ECDSA, keyID: keyID, in: Secp256k1.self),
      let combination = try? ECDSACombination(digest: digest, key: key, quorum: quorum.parties)
    else { throw .ours }
    let own: ECDSAContribution
    do throws(SigningFailure) {
      own = try await ECDSASigning(signing: signing, pairs: pairs).contribution(keyID, digest, quorum)
    } catch {
      throw FailedExchange(outcome: error.outcome(quorum))
    }
    var contributions: [PartyID: ECDSAContribution] = [:]
    for (party, share) in try await ActionExchange(signing: sharing).run(ActionShare(bytes: own.encoded)) {
      guard let contribution = try? ECDSAContribution(encoded: share.bytes) else {
        throw .cheated([party], quorum)
      }
      contributions[party] = contribution
    }
    do throws(ECDSACombinationFailure) {
      return try combination.combine(contributions)
    } catch {
      // Nobody can tell whose part is wrong.
      throw FailedExchange(outcome: FailedOutcome(code: .disagreement))
    }
  }

  private func signSchnorr<S: CertifiedSchnorrSuite>(
    _ suite: S.Type, _ keyID: KeyID, _ message: [UInt8], _ quorum: QuorumParties
  ) async throws(FailedExchange) -> [UInt8] {
    guard let key = try? certificate.derivedKey(for: S.self, keyID: keyID) else { throw .ours }
    let own: SigningContribution<S>
    do throws(SigningFailure) {
      own = try await signing.contribution(S.self, keyID, message, quorum)
    } catch {
      throw FailedExchange(outcome: error.outcome(quorum))
    }
    var contributions: [SigningContribution<S>] = []
    for (party, share) in try await ActionExchange(signing: sharing).run(ActionShare(bytes: own.bytes)) {
      guard let contribution = SigningContribution<S>(bytes: share.bytes, from: party, quorum.parties) else {
        throw .cheated([party], quorum)
      }
      contributions.append(contribution)
    }
    do throws(AggregationFailure) {
      return try SigningContribution.combine(contributions, message: message, key: key, quorum: quorum.parties)
    } catch {
      guard error.culprits.isEmpty else { throw .cheated(error.culprits, quorum) }
      throw FailedExchange(outcome: FailedOutcome(code: .disagreement))
    }
  }
}

extension SigningContribution {
  /// The commitments in the order of the parties, then the share.
  fileprivate var bytes: [UInt8] { commitments.commitments.flatMap(\.encoded) + share.encoded }

  fileprivate init?(bytes: [UInt8], from party: PartyID, _ quorum: PartySet) {
    var rest = bytes[...]
    var commitments: [SigningCommitments<S>] = []
    for signer in quorum {
      let part = Array(rest.prefix(SigningCommitments<S>.encodedByteCount))
      guard let commitment = try? SigningCommitments<S>(party: signer, encoded: part) else { return nil }
      commitments.append(commitment)
      rest = rest.dropFirst(part.count)
    }
    guard let list = try? CommitmentList(commitments, quorum: quorum),
      let share = try? SignatureShare<S>(party: party, encoded: Array(rest))
    else { return nil }
    self.init(commitments: list, share: share)
  }
}

extension FailedExchange {
  /// This node's own mistake.
  static var ours: FailedExchange { FailedExchange(outcome: FailedOutcome(code: .internalError)) }

  static func cheated(_ parties: [PartyID], _ quorum: QuorumParties) -> FailedExchange {
    let suspects = parties.compactMap { quorum.byParty[$0] }.map {
      FailedOutcome.Suspicion(node: $0, reason: .cheated)
    }
    return FailedExchange(outcome: FailedOutcome(code: .peerCheated, suspects: suspects))
  }
}
