internal import Authorization
internal import Identifiers
internal import KeyGeneration
internal import PublicKeys
internal import Rounds
internal import SecretSharing
internal import Wire

/// One exchange of values between all nodes of a quorum that run the same action: each gives one and gets everybody's,
/// the same on all of them.
struct ActionExchange: Sendable {
  static let protocolName = "action-exchange"
  /// Bytes of one value.
  static let valueLimit = 16 << 10

  let signing: Signing

  private var authorized: AuthorizedOperation { signing.authorized }

  /// - Returns: the values in the order of the parties, this node's own among them.
  func run(_ value: [UInt8]) async throws(FailedExchange) -> [[UInt8]] {
    let keys = signing.keys
    guard let quorum = QuorumParties(authorized, keys.certificate) else {
      throw FailedExchange(outcome: FailedOutcome(code: .internalError))
    }
    do throws(SigningFailure) {
      let session = authorized.session(protocolName: Self.protocolName)
      guard
        let context = try? SessionContext(
          session: session, me: keys.party, parties: quorum.parties, threshold: keys.certificate.threshold)
      else { throw .internalFault }
      let mailbox = Mailbox(context, RoundPlan(context).agreeing(on: ActionValue.self))
      try await signing.open(session, mailbox, quorum)
      let result = await signing.conduct(context, mailbox, quorum) { session, _ in
        try await session.run { () async throws(ProtocolAbort) -> Agreed<ActionValue> in
          try await session.agree(on: ActionValue(bytes: value))
        }
      }
      if let node = await signing.sessions.close(session) { throw .mismatch(with: node) }
      return try result.get().messages.map(\.message.bytes)
    } catch {
      throw FailedExchange(outcome: error.outcome(quorum))
    }
  }
}

/// Why an exchange came to nothing.
struct FailedExchange: Error {
  let outcome: FailedOutcome
}

/// What one node gives: a text in UTF-8, as its action wrote it.
struct ActionValue: RoundMessage {
  static var round: UInt8 { 1 }

  static func byteLimit(in context: SessionContext) -> Int { ActionExchange.valueLimit }

  let bytes: [UInt8]

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  var encoded: [UInt8] { bytes }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    guard String(validating: encoded, as: UTF8.self) != nil else { throw MalformedMessage("value") }
    bytes = encoded
  }
}
