import Identifiers
import PublicKeys
import Rounds
import Transcripts

/// Round 5: the digest of the whole run, so that a party that computed something else is noticed before anything is kept.
struct Confirmation: RoundMessage, Hashable {
  static let round: UInt8 = 5

  let digest: Digest32

  init(digest: Digest32) { self.digest = digest }

  /// Over the outcome and everything that was agreed on, as this party holds it.
  init(
    _ body: KeyCertificateBody, _ openings: Agreed<DealingOpening>, _ sealed: Agreed<SealedShares>,
    in context: SessionContext
  ) {
    let messages = [openings.messages.map(\.message.encoded), sealed.messages.map(\.message.encoded)].joined()
    digest = TaggedHash.sha256(.keyGenerationTranscript, [context.session.bytes, body.digest.bytes] + messages)
  }

  static func byteLimit(in context: SessionContext) -> Int { Digest32Kind.byteCount }

  var encoded: [UInt8] { digest.bytes }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      digest = try Digest32(bytes: encoded)
    } catch {
      throw MalformedMessage("confirmation")
    }
  }
}
