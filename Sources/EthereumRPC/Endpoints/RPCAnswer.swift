public import Identifiers
internal import Wire

/// One exchange of JSON-RPC 2.0. Every exchange has a connection of its own, so one id is enough for all.
public enum RPCMessage {
  static let id: Int64 = 1

  static func request(_ method: String, _ parameters: [JSONValue]) -> [UInt8] {
    JSONValue.object([
      JSONMember("jsonrpc", .string("2.0")), JSONMember("id", .integer(id)), JSONMember("method", .string(method)),
      JSONMember("params", .array(parameters)),
    ]).serialized
  }

  /// The result an answer carries, `null` included.
  public static func result(of answer: [UInt8]) throws(RPCFailure) -> JSONValue {
    let error: RPCError
    do throws(FormatError) {
      var fields = try JSONFields(JSONValue.parse(answer, limit: RPCLimits.answer))
      guard try fields.string("jsonrpc", limit: 8) == "2.0" else { throw .invalid("jsonrpc") }
      guard try fields.value("id") == .integer(id) else { throw .invalid("id") }
      guard let failure = fields.optional("error"), failure != .null else { return try fields.value("result") }
      error = try RPCError(failure)
    } catch {
      throw .malformed(error)
    }
    throw .said(error)
  }
}
