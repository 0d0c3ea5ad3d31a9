/// The message type of one round. It names neither sender nor session: envelope and link do.
public protocol RoundMessage: Sendable {
  static var round: UInt8 { get }
  /// The most bytes an honest message of this type has; longer payloads are refused before they are looked at.
  static func byteLimit(in context: SessionContext) -> Int
  var encoded: [UInt8] { get }
  /// Accepts exactly what ``encoded`` gives.
  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage)
}

/// Bytes that are not the canonical encoding of a message, with the name of the part that is wrong.
public struct MalformedMessage: Error, Sendable, Hashable {
  /// A fixed word of this project, never something a peer sent.
  public let part: String

  public init(_ part: StaticString) {
    self.part = part.description
  }
}
