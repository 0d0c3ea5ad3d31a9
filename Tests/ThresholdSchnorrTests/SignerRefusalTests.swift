import Aggregation
import Curves
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing
import ThresholdSchnorr

@Suite struct SignerRefusalTests {
  private let message = Array("a message of no importance".utf8)

  @Test(arguments: signingPurposes)
  func `P28 a signer refuses a list that alters its own commitments`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let mine = try signer(1, seed: 1, suite)
      let other = try signer(2, seed: 2, suite)
      let substitute = try signer(1, seed: 3, suite)
      let alterations: [SigningCommitments<S>] = [
        substitute.commitments,
        try SigningCommitments(
          party: try PartyID(1), hiding: mine.commitments.binding, binding: mine.commitments.hiding),
        try SigningCommitments(
          party: try PartyID(1), hiding: mine.commitments.hiding, binding: substitute.commitments.binding),
        try SigningCommitments(
          party: try PartyID(1), hiding: other.commitments.hiding, binding: other.commitments.binding),
      ]
      for altered in alterations {
        let list = try CommitmentList<S>([altered, other.commitments], quorum: quorum([1, 2]))
        let victim = try signer(1, seed: 1, suite)
        #expect(victim.commitments == mine.commitments)
        #expect(throws: SigningRefusal.ownCommitmentsAltered) { try victim.sign(list) }
        #expect(throws: Signer<S>.Spent.self) { try victim.sign(list) }
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `P28 a signer refuses a list of another quorum than it was asked to sign with`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      for parties: [UInt16] in [[1], [1, 3], [1, 2, 3], [2, 3]] {
        let victim = try signer(1, seed: 1, suite)
        let commitments = try parties.map { party in
          party == 1 ? victim.commitments : try signer(party, seed: 4, suite).commitments
        }
        let list = try CommitmentList<S>(commitments, quorum: quorum(parties))
        #expect(throws: SigningRefusal.otherQuorum) { try victim.sign(list) }
      }
    }
    try check(suite(of: purpose))
  }

  /// Binding factors make this infeasible, so the signer that meets it runs a suite without them.
  @Test func `P25 a signer refuses commitments that cancel out`() throws {
    let victim = try signer(1, seed: 1, ConstantBinding.self)
    let mirrored = try SigningCommitments<ConstantBinding>(
      party: PartyID(2), hiding: -victim.commitments.hiding, binding: -victim.commitments.binding)
    let list = try CommitmentList([victim.commitments, mirrored], quorum: quorum([1, 2]))
    #expect(throws: SigningRefusal.input(.identityGroupCommitment)) { try victim.sign(list) }
  }

  @Test(arguments: signingPurposes)
  func `P34 a share of zero or of somebody outside the quorum does not commit`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: 2, n: 3, seed: 40)
      let order = try SigningOrder<S>(message: message, key: key.publicKey, quorum: quorum([1, 2]))
      var random = SeededRandom(seed: 41)
      var refusals: [SigningRefusal] = []
      let (member, outsider) = (try PartyID(1), try PartyID(3))
      do throws(SigningRefusal) {
        _ = try SigningNonces<S>(for: order, share: key.share(of: outsider), random: &random)
      } catch { refusals.append(error) }
      do throws(SigningRefusal) {
        let zero = SecretShare<S.Group>(party: member, value: SecretScalar(.zero))
        _ = try SigningNonces<S>(for: order, share: zero, random: &random)
      } catch { refusals.append(error) }
      #expect(refusals == [.notInQuorum, .zeroShare])
    }
    try check(suite(of: purpose))
  }

  private func signer<S: CertifiedSchnorrSuite>(
    _ party: UInt16, seed: UInt64, _ suite: S.Type
  ) throws -> Signer<S> {
    let key = try SharedKey<S>(t: 2, n: 3, seed: 40)
    let order = try SigningOrder<S>(
      message: message, key: key.publicKey, quorum: quorum(party == 3 ? [1, 3] : [1, 2]))
    var random = SeededRandom(seed: seed)
    return Signer(try SigningNonces<S>(for: order, share: key.share(of: PartyID(party)), random: &random))
  }

  private func quorum(_ parties: [UInt16]) throws -> PartySet {
    try PartySet(parties.map { try PartyID($0) })
  }
}
