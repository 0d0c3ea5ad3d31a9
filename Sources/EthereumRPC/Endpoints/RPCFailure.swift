internal import Identifiers
public import Wire

/// Why an endpoint gave nothing that can be used.
public enum RPCFailure: Error, Sendable, Hashable {
  case transport(TransportFailure)
  case malformed(FormatError)
  /// The endpoint answered with an error.
  case said(RPCError)
  case header(HeaderFailure)
  /// A result that is in order, and longer than it may be.
  case resultTooLong
  /// It does not have the block asked for.
  case noSuchBlock
  /// It serves another chain.
  case wrongChain

  public enum HeaderFailure: Sendable, Hashable {
    case hashMismatch
    /// Another block than was asked for.
    case otherBlock
  }

  /// A fixed word for logs and metrics.
  public var reason: String {
    switch self {
    case .transport(.timedOut): "timed-out"
    case .transport(.tooLarge): "malformed"
    case .transport: "unreachable"
    case .malformed, .resultTooLong: "malformed"
    case .said: "error"
    case .header: "header"
    case .noSuchBlock: "no-such-block"
    case .wrongChain: "wrong-chain"
    }
  }
}

/// An error object. Its message is the endpoint's text: looked at for the one word that matters, and not kept.
public struct RPCError: Error, Sendable, Hashable {
  public let code: Int64
  /// Whether a contract said no, rather than the endpoint.
  public let isRevert: Bool

  private static let methodNotFound: Int64 = -32601
  /// The second is EIP-1474's word for the same.
  private static let notSupported: Set<Int64> = [methodNotFound, -32004]

  public var isMethodMissing: Bool { Self.notSupported.contains(code) }

  /// What programs of chains say when code fails: a revert with data has code 3, what OpenEthereum and its kin say has
  /// -32015, and the others are told from a server's error by their words alone.
  private static let revertCodes: Set<Int64> = [3, -32015]
  private static let revertWords = [
    "execution reverted", "vm execution error", "vm exception", "reverted", "revert", "out of gas", "invalid opcode",
    "invalid jump destination", "stack underflow", "stack limit reached", "write protection",
  ]

  init(_ value: JSONValue) throws(FormatError) {
    var fields = try JSONFields(value)
    guard case .integer(let code) = try fields.value("code") else { throw .invalid("code") }
    let message = try fields.string("message", limit: RPCLimits.answer)
    self.code = code
    let words = message.prefix(64).lowercased()
    isRevert = Self.revertCodes.contains(code) || Self.revertWords.contains { words.hasPrefix($0) }
  }
}
