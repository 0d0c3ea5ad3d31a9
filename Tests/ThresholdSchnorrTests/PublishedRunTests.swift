import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Signatures
import Testing

/// Runs that others published, as files beside the package.
@Suite(.enabled(if: Vectors.arePresent)) struct PublishedRunTests {
  @Test func `the transcribed runs are those of the published files`() throws {
    try compare(.ed25519, "frost/frost-ed25519-sha512.json")
    try compare(.ristretto255, "frost/frost-ristretto255-sha512.json")
    try compare(.secp256k1, "frost/frost-secp256k1-sha256.json")
  }

  private func compare(_ vector: FROSTVector, _ path: String) throws {
    let file = try Vectors.json(path, as: FROSTFile.self)
    #expect(file.inputs.group_secret_key == vector.secret)
    #expect(file.inputs.group_public_key == vector.publicKey)
    #expect(file.inputs.message == vector.message)
    #expect(file.inputs.share_polynomial_coefficients == [vector.coefficient])
    #expect(file.round_one_outputs.outputs.map(\.binding_factor) == vector.signers.map(\.bindingFactor))
    #expect(file.round_two_outputs.outputs.map(\.sig_share) == vector.signers.map(\.share))
    #expect(file.final_output.sig == vector.signature)
  }

  @Test func `the shares of another network combine to its signature`() throws {
    let run = try Vectors.json("naga/vectors.json", as: NetworkFile.self).frost_ed25519_rfc
    let message = try Hex.decode(run.messageHex)
    let publicKey = try Edwards25519.Element(canonicalBytes: Hex.decode(run.publicKeyHex))
    let parties = try run.shares.map { try $0.party() }
    let quorum = try PartySet(parties)
    let list = try CommitmentList<FROSTEd25519>(
      zip(parties, run.shares).map { party, share in
        try SigningCommitments(
          party: party, encoded: Hex.decode(share.hidingNonceHex) + Hex.decode(share.bindingNonceHex))
      }, quorum: quorum)
    let transcript = try SigningTranscript(publicKey: publicKey, message: message, commitments: list)
    // The file gives the first two signers' responses in each other's place. Their sum does not notice, their checks do.
    let responses = [1, 0, 2].map { run.shares[$0].signatureShareHex }
    let shares = try zip(parties, responses).map { party, response in
      try SignatureShare<FROSTEd25519>(party: party, encoded: Hex.decode(response))
    }
    for (party, published) in zip(parties, run.shares) {
      let verifyingShare = try Edwards25519.Element(canonicalBytes: Hex.decode(published.verifyingShareHex))
      for share in shares {
        let claimed = SignatureShare<FROSTEd25519>(party: party, response: share.response)
        #expect(try claimed.isValid(in: transcript, verifyingShare: verifyingShare) == (share.party == party))
      }
    }

    // Only the constant term is published; it is all that good shares need.
    let threshold = try Threshold(t: 3, n: 3)
    let root = try FeldmanCommitment<Edwards25519>(
      elements: [publicKey, Edwards25519.generator, Edwards25519.generator], threshold)
    let key = try DerivedPublicKey(.ed25519Sign, roots: [root], weights: [.one], threshold: threshold)
    #expect(Hex.encode(try transcript.aggregate(shares, key: key)) == run.signatureHex)
    #expect(shares.count == 3)
  }
}

/// The fields as the files name them.
private struct FROSTFile: Decodable {
  let inputs: Inputs
  let round_one_outputs: RoundOne
  let round_two_outputs: RoundTwo
  let final_output: Final

  struct Inputs: Decodable {
    let group_secret_key: String
    let group_public_key: String
    let message: String
    let share_polynomial_coefficients: [String]
  }

  struct RoundOne: Decodable {
    let outputs: [Output]

    struct Output: Decodable {
      let binding_factor: String
    }
  }

  struct RoundTwo: Decodable {
    let outputs: [Output]

    struct Output: Decodable {
      let sig_share: String
    }
  }

  struct Final: Decodable {
    let sig: String
  }
}

private struct NetworkFile: Decodable {
  let frost_ed25519_rfc: Run

  struct Run: Decodable {
    let messageHex: String
    let publicKeyHex: String
    let shares: [Share]
    let signatureHex: String
  }

  struct Share: Decodable {
    let identifierHex: String
    let hidingNonceHex: String
    let bindingNonceHex: String
    let signatureShareHex: String
    let verifyingShareHex: String

    /// Small identifiers, written little-endian in 32 bytes.
    func party() throws -> PartyID {
      let bytes = try Hex.decode(identifierHex)
      return try PartyID(UInt16(bytes[0]) | UInt16(bytes[1]) << 8)
    }
  }
}
