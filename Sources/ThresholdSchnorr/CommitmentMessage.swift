import Aggregation
import Curves
import Rounds
import SecretSharing
import Signatures

/// The one message signers send each other: `D ‖ E`, in canonical encodings, neither the identity.
struct CommitmentMessage<S: SchnorrCiphersuite>: RoundMessage {
  static var round: UInt8 { 1 }

  static func byteLimit(in context: SessionContext) -> Int { SigningCommitments<S>.encodedByteCount }

  let hiding: S.Group.Element
  let binding: S.Group.Element

  init(_ commitments: SigningCommitments<S>) {
    hiding = commitments.hiding
    binding = commitments.binding
  }

  var encoded: [UInt8] { hiding.canonicalBytes + binding.canonicalBytes }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    guard let decoded = try? SigningCommitments<S>(party: context.me, encoded: encoded) else {
      throw MalformedMessage("commitments")
    }
    self.init(decoded)
  }

  /// The commitments as those of whom the link belongs to.
  func commitments(of party: PartyID) throws(SigningInputError) -> SigningCommitments<S> {
    try SigningCommitments(party: party, hiding: hiding, binding: binding)
  }
}
