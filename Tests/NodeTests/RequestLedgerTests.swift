import Identifiers
import Testing

@testable import Node

@Suite struct `The ledger of requests` {
  private func request(_ number: UInt8) throws -> RequestID {
    try RequestID(bytes: [UInt8](repeating: number, count: 32))
  }

  @Test func `A5 takes a request once and then refuses it until it can answer with the same bytes`() throws {
    var ledger = RequestLedger(capacity: 4)
    #expect(try ledger.record(request(1), at: .zero) == .first)
    #expect(try ledger.record(request(1), at: .seconds(1)) == .again)
    try ledger.answer(request(1), with: [1, 2])
    try ledger.answer(request(1), with: [3])
    #expect(try ledger.record(request(1), at: .seconds(2)) == .answered([1, 2]))
    #expect(try ledger.record(request(2), at: .seconds(2)) == .first)
  }

  @Test func `A5 T4 answers beyond the budget are not kept, their requests are`() throws {
    var ledger = RequestLedger(capacity: 4, answerBudget: 3)
    for number: UInt8 in 1...3 { #expect(try ledger.record(request(number), at: .seconds(Double(number))) == .first) }
    try ledger.answer(request(1), with: [1, 2])
    try ledger.answer(request(2), with: [1, 2])
    try ledger.answer(request(3), with: [1])
    #expect(try ledger.record(request(1), at: .seconds(4)) == .answered([1, 2]))
    #expect(try ledger.record(request(2), at: .seconds(4)) == .again)
    #expect(try ledger.record(request(3), at: .seconds(4)) == .answered([1]))
    // What is forgotten makes room.
    #expect(try ledger.record(request(4), at: .seconds(601)) == .first)
    try ledger.answer(request(4), with: [1, 2])
    #expect(try ledger.record(request(4), at: .seconds(602)) == .answered([1, 2]))
  }

  @Test func `A5 keeps an entry ten minutes to the second`() throws {
    var ledger = RequestLedger(capacity: 4)
    #expect(try ledger.record(request(1), at: .seconds(5)) == .first)
    #expect(try ledger.record(request(1), at: .seconds(604.999)) == .again)
    #expect(try ledger.record(request(1), at: .seconds(605)) == .first)
  }

  @Test func `A5 refuses new requests rather than forget one early, and says when there is room`() throws {
    var ledger = RequestLedger(capacity: 2)
    #expect(try ledger.record(request(1), at: .zero) == .first)
    try ledger.answer(request(1), with: [1])
    #expect(try ledger.record(request(2), at: .seconds(10)) == .first)
    #expect(try ledger.record(request(3), at: .seconds(100)) == .full(retryAfter: .seconds(500)))
    #expect(try ledger.record(request(1), at: .seconds(100)) == .answered([1]))
    #expect(try ledger.record(request(3), at: .seconds(600)) == .first)
  }

  @Test func `O3 A5 a wall clock that stands still brings no request back`() throws {
    var ledger = RequestLedger(capacity: 2)
    let wall = Timestamp(secondsSince1970: 1_800_000_000)
    let expiresAt = wall.adding(seconds: 60)
    let id = try request(1)
    #expect(ledger.record(id, expiresAt: expiresAt, at: .zero, wall: wall) == .first)
    for now in [Duration.seconds(600), .seconds(86_400)] {
      #expect(ledger.record(id, expiresAt: expiresAt, at: now, wall: wall) == .again)
    }
    // A clock that is trusted still may be five seconds below what it showed before.
    let atLast = expiresAt.adding(seconds: 5)
    #expect(ledger.record(id, expiresAt: expiresAt, at: .seconds(86_401), wall: atLast) == .again)
    #expect(ledger.record(id, expiresAt: expiresAt, at: .seconds(86_402), wall: atLast.adding(seconds: 1)) == .first)
  }

  @Test func `an answer for a request it never took is not kept`() throws {
    var ledger = RequestLedger(capacity: 2)
    try ledger.answer(request(1), with: [1])
    #expect(try ledger.record(request(1), at: .zero) == .first)
  }

  @Test func `a long run of requests leaves nothing behind`() throws {
    var ledger = RequestLedger(capacity: 1_000)
    for number in 0..<5_000 as Range<UInt32> {
      let id = try RequestID(bytes: [UInt8](repeating: 0, count: 28) + number.bigEndianBytes)
      #expect(ledger.record(id, at: .seconds(Int(number))) == .first)
    }
    #expect(ledger.count == 600)
  }
}

extension RequestLedger {
  /// With a wall clock that runs like the monotonic one, and requests that live a minute.
  fileprivate mutating func record(_ request: RequestID, at now: Duration) -> Arrival {
    let wall = Timestamp(secondsSince1970: 1_800_000_000 + now.components.seconds)
    return record(request, expiresAt: wall.adding(seconds: 60), at: now, wall: wall)
  }
}
