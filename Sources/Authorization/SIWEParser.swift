import Identifiers
import Signatures

extension SIWEMessage {
  /// Reads one message; the grammar of EIP-4361 to the letter, chain ids without leading zeros.
  public init(parsing text: String) throws(SIWEError) {
    // Split as bytes: a `Character` may hold a line feed together with what precedes it.
    var lines = SIWELines(text)
    let greeting = try Greeting(lines.next(or: .greeting))
    let address: WalletAddress
    do { address = try WalletAddress(checksumText: lines.next(or: .address)) } catch { throw .address }
    guard try lines.next(or: .statement).isEmpty else { throw .statement }
    let statement = try Self.statement(&lines)
    let uri = try lines.value(of: SIWELine.uri, or: .uri)
    guard RFC3986.isURI(uri) else { throw .uri }
    guard try lines.value(of: SIWELine.version, or: .version).utf8.elementsEqual("1".utf8) else { throw .version }
    let chainID = try lines.value(of: SIWELine.chainID, or: .chainID)
    guard let chain = UInt64(chainID), String(chain).utf8.elementsEqual(chainID.utf8) else { throw .chainID }
    let nonce = try lines.value(of: SIWELine.nonce, or: .nonce)
    guard nonce.utf8.count >= 8, nonce.utf8.allSatisfy({ RFC3986.isLetter($0) || RFC3986.isDigit($0) }) else {
      throw .nonce
    }
    self.init(
      scheme: greeting.scheme, domain: greeting.domain, address: address, statement: statement, uri: uri,
      chainID: chain, nonce: nonce,
      issuedAt: try SIWETime(parsing: lines.value(of: SIWELine.issuedAt, or: .time)))
    if let time = lines.optionalValue(of: SIWELine.expirationTime) { expirationTime = try SIWETime(parsing: time) }
    if let time = lines.optionalValue(of: SIWELine.notBefore) { notBefore = try SIWETime(parsing: time) }
    requestID = lines.optionalValue(of: SIWELine.requestID)
    if let requestID, !RFC3986.consists(Array(requestID.utf8), of: RFC3986.isSegmentCharacter) { throw .requestID }
    if lines.take(SIWELine.resources) {
      var list: [String] = []
      while let resource = lines.optionalValue(of: SIWELine.resource) {
        guard RFC3986.isURI(resource) else { throw .resources }
        list.append(resource)
      }
      resources = list
    }
    guard lines.isEmpty else { throw .unexpectedLine }
  }

  /// An empty line instead of a statement, or a statement and an empty line.
  private static func statement(_ lines: inout SIWELines) throws(SIWEError) -> String? {
    let line = try lines.next(or: .statement)
    if line.isEmpty { return nil }
    guard line.utf8.allSatisfy({ RFC3986.isReservedOrUnreserved($0) || $0 == UInt8(ascii: " ") }),
      try lines.next(or: .statement).isEmpty
    else { throw .statement }
    return line
  }
}

/// `[ scheme "://" ] domain " wants you to …"`
private struct Greeting {
  let scheme: String?
  let domain: String

  init(_ line: String) throws(SIWEError) {
    let bytes = Array(line.utf8)
    let ending = Array(SIWELine.greeting.utf8)
    guard bytes.count > ending.count, bytes.suffix(ending.count).elementsEqual(ending) else { throw .greeting }
    var authority = bytes.dropLast(ending.count)
    if let colon = authority.firstIndex(of: UInt8(ascii: ":")), authority[colon...].starts(with: "://".utf8) {
      guard RFC3986.isScheme(authority[..<colon]) else { throw .domain }
      scheme = String(decoding: authority[..<colon], as: UTF8.self)
      authority = authority[(colon + 3)...]
    } else {
      scheme = nil
    }
    guard !authority.isEmpty, RFC3986.isAuthority(authority) else { throw .domain }
    domain = String(decoding: authority, as: UTF8.self)
  }
}

/// The lines of a message, taken in order.
private struct SIWELines {
  private var lines: ArraySlice<String>

  init(_ text: String) {
    lines =
      Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }[...]
  }

  var isEmpty: Bool { lines.isEmpty }

  mutating func next(or error: SIWEError) throws(SIWEError) -> String {
    guard let line = lines.popFirst() else { throw error }
    return line
  }

  mutating func value(of label: String, or error: SIWEError) throws(SIWEError) -> String {
    guard let value = optionalValue(of: label) else { throw error }
    return value
  }

  mutating func optionalValue(of label: String) -> String? {
    guard let line = lines.first, line.utf8.starts(with: label.utf8) else { return nil }
    lines.removeFirst()
    return String(decoding: line.utf8.dropFirst(label.utf8.count), as: UTF8.self)
  }

  mutating func take(_ line: String) -> Bool {
    guard let first = lines.first, first.utf8.elementsEqual(line.utf8) else { return false }
    lines.removeFirst()
    return true
  }
}
