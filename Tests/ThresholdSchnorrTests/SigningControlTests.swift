import Aggregation
import Curves
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Signatures
import Testing
import ThresholdSchnorr

/// The attack of each test fails against signers and users of this project and succeeds against ones that leave out one
/// defence.
struct SigningControlTests {
  private typealias S = FROSTRistretto255
  private typealias Scalar = Ristretto255.Scalar

  private let approved = Array("approved".utf8)
  private let wanted = Array("never approved".utf8)

  // MARK: Signers

  /// Gives a response for a list, and perhaps for whatever message whoever asks names.
  private protocol AttackedSigner {
    var party: PartyID { get }
    var commitments: SigningCommitments<FROSTRistretto255> { get }
    func sign(_ list: CommitmentList<FROSTRistretto255>, _ message: [UInt8]) throws -> Ristretto255.Scalar
  }

  private final class CarefulSigner: AttackedSigner {
    let party: PartyID
    private let signer: Signer<S>

    init(_ party: PartyID, _ order: SigningOrder<S>, _ key: SharedKey<S>) throws {
      self.party = party
      var random = SeededRandom(seed: UInt64(party.value))
      signer = Signer(try SigningNonces(for: order, share: key.share(of: party), random: &random))
    }

    var commitments: SigningCommitments<S> { signer.commitments }

    /// What it signs was ordered before; nobody is asked now.
    func sign(_ list: CommitmentList<S>, _ message: [UInt8]) throws -> Scalar { try signer.sign(list).share.response }
  }

  /// Signs the list and the message it is given (RFC 9591 section 5.2) and looks at neither.
  private final class CarelessSigner: AttackedSigner {
    let party: PartyID
    let commitments: SigningCommitments<S>
    private let key: SharedKey<S>
    private let nonces: (hiding: Scalar, binding: Scalar)

    init(_ party: PartyID, _ key: SharedKey<S>) throws {
      var random = SeededRandom(seed: UInt64(party.value))
      nonces = (Scalar(random.next()), Scalar(random.next()))
      self.party = party
      self.key = key
      commitments = try SigningCommitments(
        party: party, hiding: Ristretto255.generator.multiplied(by: nonces.hiding),
        binding: Ristretto255.generator.multiplied(by: nonces.binding))
    }

    func sign(_ list: CommitmentList<S>, _ message: [UInt8]) throws -> Scalar {
      let transcript = try SigningTranscript<S>(
        publicKey: key.publicKey.publicKey, message: message, commitments: list)
      let keyPart = try transcript.weight(of: party) * key.share(of: party).value.declassified()
      return nonces.hiding + nonces.binding * (try transcript.bindingFactor(of: party)) + keyPart
    }
  }

  private func setting() throws -> (key: SharedKey<S>, quorum: PartySet, order: SigningOrder<S>) {
    let key = try SharedKey<S>(t: 2, n: 3, seed: 51)
    let quorum = try PartySet([1, 2].map { try PartyID($0) })
    return (key, quorum, try SigningOrder(message: approved, key: key.publicKey, quorum: quorum))
  }

  /// A coordinator hands out the true list and another message.
  private func substituteMessage(_ signers: [any AttackedSigner], _ key: SharedKey<S>) throws -> [UInt8] {
    let list = try CommitmentList<S>(signers.map(\.commitments), quorum: PartySet(signers.map(\.party)))
    let transcript = try SigningTranscript<S>(
      publicKey: key.publicKey.publicKey, message: wanted, commitments: list)
    let response = try signers.reduce(Scalar.zero) { $0 + (try $1.sign(list, wanted)) }
    return S.signatureBytes(groupCommitment: transcript.groupCommitment, response: response)
  }

  @Test func `P28 N signers that take the message from whoever coordinates sign what nobody approved`() throws {
    let (key, quorum, order) = try setting()
    let careful = try substituteMessage(quorum.map { try CarefulSigner($0, order, key) }, key)
    #expect(!S.isValid(signature: careful, message: wanted, publicKey: key.publicKey.publicKey))
    let careless = try substituteMessage(quorum.map { try CarelessSigner($0, key) }, key)
    #expect(S.isValid(signature: careless, message: wanted, publicKey: key.publicKey.publicKey))
  }

  /// A coordinator swaps the victim's own two commitments in the list it shows to it.
  private func alterOwnCommitments(_ victim: any AttackedSigner, _ other: SigningCommitments<S>) throws -> Scalar {
    let altered = try SigningCommitments<S>(
      party: victim.party, hiding: victim.commitments.binding, binding: victim.commitments.hiding)
    let quorum = try PartySet([victim.party, other.party])
    return try victim.sign(CommitmentList([altered, other], quorum: quorum), approved)
  }

  @Test func `P28 N a signer that does not look for its own commitments answers an altered list`() throws {
    let (key, quorum, order) = try setting()
    let other = try CarelessSigner(quorum[1], key).commitments
    #expect(throws: SigningRefusal.ownCommitmentsAltered) {
      try alterOwnCommitments(CarefulSigner(quorum[0], order, key), other)
    }
    _ = try alterOwnCommitments(CarelessSigner(quorum[0], key), other)
  }

  // MARK: Users

  private enum Ending: Equatable {
    case signature([UInt8])
    case blames(Set<PartyID>)
  }

  private typealias User = (_ contributions: [SigningContribution<S>], SharedKey<S>) throws -> Ending

  /// The project's way; of a dispute it says only that one of two lies.
  private func carefulUser(_ contributions: [SigningContribution<S>], _ key: SharedKey<S>) throws -> Ending {
    do throws(AggregationFailure) {
      let quorum = contributions[0].commitments.quorum
      return .signature(
        try SigningContribution.combine(contributions, message: approved, key: key.publicKey, quorum: quorum))
    } catch {
      return .blames(Set(error.culprits))
    }
  }

  /// Adds up whatever it is given.
  private func trustingUser(_ contributions: [SigningContribution<S>], _ key: SharedKey<S>) throws -> Ending {
    let transcript = try SigningTranscript<S>(
      publicKey: key.publicKey.publicKey, message: approved, commitments: contributions[0].commitments)
    let response = contributions.reduce(Scalar.zero) { $0 + $1.share.response }
    return .signature(S.signatureBytes(groupCommitment: transcript.groupCommitment, response: response))
  }

  /// Judges everybody's share under the first list it got.
  private func hastyUser(_ contributions: [SigningContribution<S>], _ key: SharedKey<S>) throws -> Ending {
    let transcript = try SigningTranscript<S>(
      publicKey: key.publicKey.publicKey, message: approved, commitments: contributions[0].commitments)
    do throws(AggregationFailure) {
      return .signature(try transcript.aggregate(contributions.map(\.share), key: key.publicKey))
    } catch {
      return .blames(Set(error.culprits))
    }
  }

  private func honestRun(seed: UInt64) throws -> (SharedKey<S>, [SigningContribution<S>]) {
    let key = try SharedKey<S>(t: 3, n: 3, seed: seed)
    return (key, try SigningRun(approved, by: PartySet(allOf: key.threshold), with: key, seed: seed).contributions)
  }

  /// The first signer gives a wrong share.
  private func giveWrongShare(to user: User) throws -> (Ending, SharedKey<S>) {
    let (key, honest) = try honestRun(seed: 52)
    let wrong = SignatureShare<S>(party: honest[0].share.party, response: honest[0].share.response + .one)
    let given = [SigningContribution(commitments: honest[0].commitments, share: wrong)] + honest.dropFirst()
    return (try user(given, key), key)
  }

  @Test func `P29 N a user that does not verify takes a worthless signature and blames nobody`() throws {
    #expect(try giveWrongShare(to: carefulUser).0 == .blames([try PartyID(1)]))
    guard case (.signature(let signature), let key) = try giveWrongShare(to: trustingUser) else {
      Issue.record("noticed")
      return
    }
    #expect(!S.isValid(signature: signature, message: approved, publicKey: key.publicKey.publicKey))
  }

  /// The first signer shows the user commitments that the second never made.
  private func misreport(to user: User) throws -> Ending {
    let (key, honest) = try honestRun(seed: 53)
    var entries = honest[0].commitments.commitments
    entries[1] = try SigningCommitments(
      party: entries[1].party, hiding: entries[1].binding, binding: entries[1].hiding)
    let list = try CommitmentList<S>(entries, quorum: honest[0].commitments.quorum)
    let given = [SigningContribution(commitments: list, share: honest[0].share)] + honest.dropFirst()
    return try user(given, key)
  }

  @Test func `P3 P28 P41 N a user that judges shares under one signer's list blames honest signers`() throws {
    #expect(try misreport(to: carefulUser) == .blames([]))
    guard case .blames(let blamed) = try misreport(to: hastyUser) else {
      Issue.record("signed")
      return
    }
    #expect(blamed.isSuperset(of: [try PartyID(2), try PartyID(3)]))
  }

  // MARK: Challenges

  /// Makes a key for which it has a signature without knowing the key's secret: takes any response and commitment, asks
  /// for the challenge under some key, and solves for the key.
  private func substituteKey<T: SchnorrCiphersuite>(_ suite: T.Type) throws -> Bool where T.Group == Ristretto255 {
    let response = Scalar(1234)
    let commitment = Ristretto255.generator.multiplied(by: Scalar(5678))
    let challenge = T.challenge(
      groupCommitment: commitment, publicKey: Ristretto255.generator, message: approved)
    let key = (Ristretto255.generator.multiplied(by: response) - commitment).multiplied(
      by: try challenge.inverted())
    let signature = T.signatureBytes(groupCommitment: commitment, response: response)
    return T.isValid(signature: signature, message: approved, publicKey: key)
  }

  @Test func `P15 N a challenge that leaves out the key has signatures under keys nobody knows`() throws {
    #expect(try !substituteKey(S.self))
    #expect(try substituteKey(KeylessChallenge.self))
  }
}
