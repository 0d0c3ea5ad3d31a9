public import Identifiers

/// An RFC 3339 date-time as EIP-4361 messages carry it, kept as written.
public struct SIWETime: Sendable, Hashable {
  public let text: String
  /// The moment, a fraction of a second cut off.
  public let moment: Timestamp

  public init(_ moment: Timestamp) {
    self.moment = moment
    text = moment.text
  }

  /// Accepts upper-case `T` and `Z`, fractions and numeric offsets; refuses leap seconds and years before 1970.
  init(parsing text: String) throws(SIWEError) {
    let bytes = Array(text.utf8)
    guard (20...40).contains(bytes.count) else { throw .time }
    let zone = try Self.zone(bytes[19...])
    guard let local = try? Timestamp(text: String(decoding: bytes[..<19], as: UTF8.self) + "Z") else { throw .time }
    let seconds = local.secondsSince1970 - zone
    moment = Timestamp(secondsSince1970: seconds)
    guard moment.secondsSince1970 == seconds else { throw .time }
    self.text = text
  }

  /// Whether the text is the one form our own messages use.
  public var isCanonical: Bool { text.utf8.elementsEqual(moment.text.utf8) }

  /// Seconds east of UTC, from what follows the whole seconds.
  private static func zone(_ bytes: ArraySlice<UInt8>) throws(SIWEError) -> Int64 {
    var rest = bytes
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix(while: RFC3986.isDigit)
      guard !fraction.isEmpty else { throw .time }
      rest = rest.dropFirst(1 + fraction.count)
    }
    if rest.elementsEqual("Z".utf8) { return 0 }
    guard rest.count == 6, let sign = rest.first, "+-".utf8.contains(sign) else { throw .time }
    let offset = Array(rest.dropFirst())
    guard offset[2] == UInt8(ascii: ":"), let hours = number(offset[0], offset[1]), hours < 24,
      let minutes = number(offset[3], offset[4]), minutes < 60
    else { throw .time }
    let seconds = hours * 3_600 + minutes * 60
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }

  private static func number(_ tens: UInt8, _ ones: UInt8) -> Int64? {
    guard RFC3986.isDigit(tens), RFC3986.isDigit(ones) else { return nil }
    return Int64(tens - UInt8(ascii: "0")) * 10 + Int64(ones - UInt8(ascii: "0"))
  }
}
