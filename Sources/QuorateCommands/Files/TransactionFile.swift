import Identifiers
import SigningContent
import Wire

/// An unsigned Ethereum transaction as people have it: hex, bytes, or the fields of an EIP-1559 transaction as JSON.
enum TransactionFile {
  /// - Parameter text: hex, or a file's path; `-` is standard input.
  static func read(_ text: String) throws(CommandFailure) -> [UInt8] {
    if let bytes = hex(text), !PrivateFile.exists(text) { return bytes }
    let content = try PrivateFile.read(text, maximum: 4 * WireLimits.transaction)
    let trimmed = Array(content.reversed().drop(while: isSpace).reversed().drop(while: isSpace))
    if trimmed.first == UInt8(ascii: "{") { return try fields(trimmed).unsignedEncoding }
    if let bytes = hex(String(decoding: trimmed, as: UTF8.self)) { return bytes }
    return content
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }

  private static func hex(_ text: String) -> [UInt8]? {
    TypedHex.bytes(text).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// `{"chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gas", "to", "value", "data"}`, amounts in wei, each
  /// number an integer, decimal text or `0x` hex. `to` is null, not absent, for a new contract; value and data may be
  /// absent.
  static func fields(_ json: [UInt8]) throws(CommandFailure) -> EthereumTransaction {
    do {
      var fields = try JSONFields(JSONValue.parse(json, limit: 4 * WireLimits.transaction))
      if let type = fields.optional("type") {
        guard number(type) == UInt256(2) else { throw FormatError.invalid("type") }
      }
      let to = try fields.value("to")
      var address: WalletAddress?
      if to != .null {
        guard case .string(let text) = to else { throw FormatError.invalid("to") }
        address = try WalletText.address(text)
      }
      var data: [UInt8] = []
      if let value = fields.optional("data") {
        guard case .string(let text) = value, text.hasPrefix("0x"),
          let bytes = try? Hex.decode(text.dropFirst(2).lowercased())
        else { throw FormatError.invalid("data") }
        data = bytes
      }
      let value = try fields.optional("value").map { (value) throws(FormatError) in
        guard let number = number(value) else { throw .invalid("value") }
        return number
      }
      let transaction = try EthereumTransaction(
        chainID: small("chainId", &fields), nonce: small("nonce", &fields),
        fees: .capped(priority: large("maxPriorityFeePerGas", &fields), maximum: large("maxFeePerGas", &fields)),
        gasLimit: small("gas", &fields), to: address, value: value ?? .zero, data: data)
      try fields.finish()
      return transaction
    } catch let error as CommandFailure {
      throw error
    } catch let error as FormatError {
      throw CommandFailure(.badInput, "the transaction's fields: \(describe(error))", advice: advice)
    } catch {
      throw CommandFailure(.badInput, "these fields are no transaction (\(error))", advice: advice)
    }
  }

  private static let advice =
    "chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gas, to (null for a new contract), value, data"

  private static func describe(_ error: FormatError) -> String {
    switch error {
    case .missing(let name): "\(name) is missing"
    case .invalid(let name): "\(name) is not understood"
    case .unexpectedMember: "there is one that has no place in it"
    case .json, .notAnObject: "not one JSON object"
    }
  }

  private static func large(_ name: String, _ fields: inout JSONFields) throws(FormatError) -> UInt256 {
    guard let number = number(try fields.value(name)) else { throw .invalid(name) }
    return number
  }

  private static func small(_ name: String, _ fields: inout JSONFields) throws(FormatError) -> UInt64 {
    guard let number = UInt64(try large(name, &fields).decimal) else { throw .invalid(name) }
    return number
  }

  private static func number(_ value: JSONValue) -> UInt256? {
    switch value {
    case .integer(let value): return UInt64(exactly: value).map { UInt256($0) }
    case .string(let text) where text.hasPrefix("0x"):
      let digits = text.dropFirst(2).lowercased()
      guard !digits.isEmpty, let bytes = try? Hex.decode(digits.count.isMultiple(of: 2) ? digits : "0" + digits) else {
        return nil
      }
      return UInt256(bigEndianBytes: bytes)
    case .string(let text): return UInt256(decimal: text)
    default: return nil
    }
  }
}

/// A PSBT as files have it: binary, or base64 text.
struct PSBTFile {
  let bytes: [UInt8]
  let isText: Bool

  init(path: String) throws(CommandFailure) {
    let content = try PrivateFile.read(path, maximum: 2 * WireLimits.psbt)
    if content.starts(with: Array("psbt".utf8)) {
      (bytes, isText) = (content, false)
    } else if let decoded = Base64Text.decode(content) {
      (bytes, isText) = (decoded, true)
    } else {
      throw CommandFailure(.badInput, "\(path) is no PSBT", advice: "binary or base64, as wallets export it")
    }
  }

  /// Other bytes in the form this file had.
  func written(_ bytes: [UInt8]) -> [UInt8] { isText ? Array((Base64Text.encode(bytes) + "\n").utf8) : bytes }
}
