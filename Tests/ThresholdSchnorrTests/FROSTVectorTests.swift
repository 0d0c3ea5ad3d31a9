import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing
import ThresholdSchnorr

@Suite struct FROSTVectorTests {
  @Test func `Ed25519 signs as RFC 9591 says`() throws {
    try check(.ed25519, FROSTEd25519.self)
  }

  @Test func `ristretto255 signs as RFC 9591 says`() throws {
    try check(.ristretto255, FROSTRistretto255.self)
  }

  @Test func `secp256k1 signs as RFC 9591 says`() throws {
    try check(.secp256k1, FROSTSecp256k1.self)
  }

  @Test func `taproot signs as other implementations of its suite do`() throws {
    try check(.taproot, FROSTSecp256k1Taproot.self)
  }

  /// Every intermediate value a vector has, in the order a run makes them.
  private func check<S: CertifiedSchnorrSuite>(_ vector: FROSTVector, _ suite: S.Type) throws {
    let threshold = try Threshold(t: 2, n: 3)
    let coefficients = try [vector.secret, vector.coefficient].map {
      try S.Group.Scalar(canonicalBytes: Hex.decode($0))
    }
    let key = try SharedKey<S>(polynomials: [coefficients], weights: [.one], threshold: threshold)
    #expect(Hex.encode(key.publicKey.publicKey.canonicalBytes) == vector.publicKey)
    for (identifier, share) in vector.shares {
      let party = try PartyID(identifier)
      let made = key.share(of: party)
      #expect(Hex.encode(made.value.declassified().canonicalBytes) == share)
      #expect(try key.publicKey.verifyingShare(of: party) == made.value.timesGenerator())
    }

    let message = try Hex.decode(vector.message)
    let quorum = try PartySet(vector.signers.map { try PartyID($0.identifier) })
    let order = try SigningOrder<S>(message: message, key: key.publicKey, quorum: quorum)
    var signers: [Signer<S>] = []
    for expected in vector.signers {
      var random = ScriptedRandom(try Hex.decode(expected.hidingRandomness + expected.bindingRandomness))
      let share = key.share(of: try PartyID(expected.identifier))
      let signer = Signer(try SigningNonces<S>(for: order, share: share, random: &random))
      #expect(Hex.encode(signer.commitments.hiding.canonicalBytes) == expected.hidingCommitment)
      #expect(Hex.encode(signer.commitments.binding.canonicalBytes) == expected.bindingCommitment)
      signers.append(signer)
    }

    let list = try CommitmentList<S>(signers.map(\.commitments), quorum: quorum)
    let transcript = try SigningTranscript<S>(
      publicKey: key.publicKey.publicKey, message: message, commitments: list)
    var shares: [SignatureShare<S>] = []
    for (signer, expected) in zip(signers, vector.signers) {
      let party = signer.commitments.party
      #expect(Hex.encode(try transcript.bindingFactor(of: party).canonicalBytes) == expected.bindingFactor)
      let share = try signer.sign(list).share
      #expect(Hex.encode(share.encoded) == expected.share)
      #expect(try share.isValid(in: transcript, verifyingShare: key.publicKey.verifyingShare(of: party)))
      shares.append(share)
    }

    let signature = try transcript.aggregate(shares, key: key.publicKey)
    #expect(Hex.encode(signature) == vector.signature)
    #expect(S.isValid(signature: signature, message: message, publicKey: key.publicKey.publicKey))
  }
}

/// Gives exactly the scripted bytes, then zeros.
private struct ScriptedRandom: RandomSource {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    for index in buffer.indices { unsafe buffer[index] = rest.popFirst() ?? 0 }
  }
}
