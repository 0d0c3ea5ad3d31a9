internal import Authorization
internal import Identifiers
internal import KeyGeneration
internal import PublicKeys
internal import Rounds
internal import SecretSharing
internal import Wire

/// What the runs of one action at all nodes of a quorum do together beside signing: tell each other something.
struct ActionExchange: Sendable {
  static let protocolName = "action-exchange"
  /// Bytes of one value.
  static let valueLimit = 16 << 10

  let signing: Signing

  private var authorized: AuthorizedOperation { signing.authorized }

  /// Each gives one value and gets everybody's, the same on all of them.
  ///
  /// - Returns: in the order of the parties, this node's own among them.
  func run<Value: RoundMessage>(
    _ value: Value
  ) async throws(FailedExchange) -> [(party: PartyID, message: Value)] {
    try await conduct({ $0.agreeing(on: Value.self) }) { session throws(ProtocolAbort) in
      try await session.agree(on: value)
    }.messages
  }

  /// Each tells one node something that the others do not hear.
  ///
  /// - Returns: what everybody told this node, its own value among it; nil where another one was told.
  func tell(_ node: NodeID, _ value: ActionShare) async throws(FailedExchange) -> [PartyID: ActionShare]? {
    let keys = signing.keys
    guard let listener = keys.certificate.member(node)?.party else {
      throw FailedExchange(outcome: FailedOutcome(code: .internalError))
    }
    let nothing = ActionShare(bytes: [])
    var told = try await conduct({ $0.dealing(ActionShare.self) }) { session throws(ProtocolAbort) in
      try await session.deal { $0 == listener ? value : nothing }
    }
    guard listener == keys.party else { return nil }
    told[keys.party] = value
    return told
  }

  private func conduct<Output: Sendable>(
    _ plan: (RoundPlan) -> RoundPlan,
    _ body: @escaping @Sendable (ProtocolSession) async throws(ProtocolAbort) -> Output
  ) async throws(FailedExchange) -> Output {
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
      let mailbox = Mailbox(context, plan(RoundPlan(context)))
      try await signing.open(session, mailbox, quorum)
      let result = await signing.conduct(context, mailbox, quorum) { session, _ in
        try await session.run { () async throws(ProtocolAbort) -> Output in try await body(session) }
      }
      if let node = await signing.sessions.close(session) { throw .mismatch(with: node) }
      return try result.get()
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
  var text: String { String(decoding: bytes, as: UTF8.self) }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    guard String(validating: encoded, as: UTF8.self) != nil else { throw MalformedMessage("value") }
    bytes = encoded
  }
}

/// One node's part of a result that nodes combine; what it is made of is judged by whoever combines.
struct ActionShare: RoundMessage {
  static var round: UInt8 { 1 }

  static func byteLimit(in context: SessionContext) -> Int { ActionExchange.valueLimit }

  let bytes: [UInt8]

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  var encoded: [UInt8] { bytes }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    bytes = encoded
  }
}
