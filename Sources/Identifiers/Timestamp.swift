/// A moment in whole seconds UTC between 1970-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
///
/// The only text form is `YYYY-MM-DDTHH:MM:SSZ` in the proleptic Gregorian calendar, without leap seconds.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let secondsSince1970: Int64

  /// Values outside the representable range become its nearest end.
  public init(secondsSince1970 seconds: Int64) {
    secondsSince1970 = min(max(seconds, 0), Self.lastSecond)
  }

  public init(text: String) throws(IdentifierError) {
    let characters = Array(text.utf8)
    guard characters.count == 20 else { throw .notCanonical }
    for (place, separator) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "Z")] {
      guard [characters[place]] == Array(separator.utf8) else { throw .notCanonical }
    }
    let year = try Self.number(characters[0..<4])
    let month = try Self.number(characters[5..<7])
    let day = try Self.number(characters[8..<10])
    let hour = try Self.number(characters[11..<13])
    let minute = try Self.number(characters[14..<16])
    let second = try Self.number(characters[17..<19])
    guard year >= 1970, (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year),
      hour < 24, minute < 60, second < 60
    else { throw .notCanonical }
    let days = Self.daysSince1970(year: year, month: month, day: day)
    secondsSince1970 = days * 86_400 + hour * 3_600 + minute * 60 + second
  }

  public var text: String {
    let (days, time) = secondsSince1970.quotientAndRemainder(dividingBy: 86_400)
    let (year, month, day) = Self.date(daysSince1970: days)
    let clock = [time / 3_600, time / 60 % 60, time % 60].map { Self.padded($0, to: 2) }.joined(separator: ":")
    return "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(day, to: 2))T\(clock)Z"
  }

  public var description: String { text }

  /// Saturates at the ends of the representable range.
  public func adding(seconds: Int64) -> Timestamp {
    let (sum, overflow) = secondsSince1970.addingReportingOverflow(seconds)
    return Timestamp(secondsSince1970: overflow ? (seconds < 0 ? .min : .max) : sum)
  }

  /// Negative when this moment is earlier than `other`.
  public func seconds(since other: Timestamp) -> Int64 {
    secondsSince1970 - other.secondsSince1970
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.secondsSince1970 < right.secondsSince1970
  }
}

extension Timestamp {
  private static let lastSecond: Int64 = 253_402_300_799

  /// Days since 1970-01-01, counted in years that begin in March so that the leap day comes last.
  static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month > 2 ? (year: year, month: month - 3) : (year: year - 1, month: month + 9)
    let leapDays = shifted.year / 4 - shifted.year / 100 + shifted.year / 400
    let dayOfYear = (153 * shifted.month + 2) / 5 + day - 1
    return shifted.year * 365 + leapDays + dayOfYear - 719_468
  }

  static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    // Leap days make the estimate too high by a few years at most, never too low.
    var year = 1970 + days / 365
    while daysSince1970(year: year, month: 1, day: 1) > days { year -= 1 }
    var month: Int64 = 12
    while daysSince1970(year: year, month: month, day: 1) > days { month -= 1 }
    return (year, month, days - daysSince1970(year: year, month: month, day: 1) + 1)
  }

  private static func number(_ digits: ArraySlice<UInt8>) throws(IdentifierError) -> Int64 {
    var value: Int64 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { throw .notCanonical }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return value
  }

  private static func padded(_ number: Int64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
