import Identifiers
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (951_868_800, "2000-03-01T00:00:00Z"), (1_709_164_800, "2024-02-29T00:00:00Z"),
    (1_767_225_599, "2025-12-31T23:59:59Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
    (4_107_542_400, "2100-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
  ])
  func `seconds become a date and back`(seconds: Int64, text: String) throws {
    #expect(Timestamp(secondsSince1970: seconds).text == text)
    #expect(try Timestamp(text: text).secondsSince1970 == seconds)
  }

  @Test func `every day of two centuries comes back`() throws {
    for day in stride(from: Int64(0), to: 73_049, by: 1) {
      let moment = Timestamp(secondsSince1970: day * 86_400 + day % 86_400)
      #expect(try Timestamp(text: moment.text) == moment)
    }
  }

  @Test(arguments: [
    "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
    "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-04-31T00:00:00Z", "2024-01-01T24:00:00Z",
    "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "1969-12-31T23:59:59Z", "2024-01-01t00:00:00Z",
    "2024-01-01T00:00:00z", "2024-01-01T00:00:00.0Z", "2024-01-01T00:00:00+00:00", "2024-01-01 00:00:00Z",
    "+024-01-01T00:00:00Z", "2024-01-01T00:00:00", "", "２024-01-01T00:00Z",
  ])
  func `any other text is refused`(text: String) {
    #expect(throws: IdentifierError.notCanonical) { try Timestamp(text: text) }
  }

  @Test func `arithmetic ends at the ends of the range`() {
    let moment = Timestamp(secondsSince1970: 100)
    #expect(moment.adding(seconds: -200).secondsSince1970 == 0)
    #expect(moment.adding(seconds: .max).text == "9999-12-31T23:59:59Z")
    #expect(moment.adding(seconds: .min).secondsSince1970 == 0)
    #expect(moment.seconds(since: moment.adding(seconds: 7)) == -7)
  }
}
