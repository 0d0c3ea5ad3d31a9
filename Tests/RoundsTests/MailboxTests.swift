import Identifiers
import ProtocolTestKit
import SecretSharing
import Testing
import Transcripts

@testable import Rounds

struct MailboxTests {
  private func mailbox() throws -> (SessionContext, Mailbox) {
    let context = try context(1)
    return (context, Mailbox(context, context.plan))
  }

  @Test func `P10 a sender is whom the link says, and must take part`() throws {
    let (context, mailbox) = try mailbox()
    #expect(mailbox.deliver(context.envelope([1]), from: try party(2)) == .accepted)
    #expect(mailbox.deliver(context.envelope([1]), from: try party(5)) == .dropped(.unknownSender))
    #expect(mailbox.deliver(context.envelope([1]), from: try party(1)) == .dropped(.unknownSender), "reflected")
    #expect(mailbox.dropCount(.unknownSender) == 2)
  }

  @Test func `P8 P9 a message of another session is dropped, counted and held against nobody`() async throws {
    let (context, mailbox) = try mailbox()
    let other = try RoundsTests.context(1, session: 9)
    for value in 2...4 as ClosedRange<UInt16> {
      #expect(mailbox.deliver(other.envelope([7]), from: try party(value)) == .dropped(.sessionMismatch))
      #expect(mailbox.deliver(context.envelope([7]), from: try party(value)) == .accepted)
    }
    guard case .gathered(let payloads) = await mailbox.gather(1, .broadcast, from: context.others) else {
      Issue.record("blamed for another session")
      return
    }
    #expect(payloads.count == 3)
    #expect(mailbox.dropCount(.sessionMismatch) == 3)
  }

  @Test func `P11 a second message in a slot is a fault with both digests, a repetition is not`() async throws {
    let (context, mailbox) = try mailbox()
    let two = try party(2)
    #expect(mailbox.deliver(context.envelope([7]), from: two) == .accepted)
    #expect(mailbox.deliver(context.envelope([7]), from: two) == .repeated)
    let fault = Fault.conflictingMessages(
      round: 1, channel: .broadcast, first: .sha256(of: [7]), second: .sha256(of: [8]))
    #expect(mailbox.deliver(context.envelope([8]), from: two) == .refused(fault))
    guard case .failed(let abort) = await mailbox.gather(1, .broadcast, from: [two]) else {
      Issue.record("gathered from a party that sent two messages")
      return
    }
    #expect(abort == .blamed([two: fault]))
  }

  @Test func `P11 a second message is noticed after the first was taken out`() async throws {
    let (context, mailbox) = try mailbox()
    let two = try party(2)
    mailbox.deliver(context.envelope([7]), from: two)
    _ = await mailbox.gather(1, .broadcast, from: [two])
    #expect(mailbox.heldByteCount == 0)
    #expect(mailbox.deliver(context.envelope([7]), from: two) == .repeated)
    guard case .refused = mailbox.deliver(context.envelope([8]), from: two) else {
      Issue.record("accepted")
      return
    }
  }

  @Test func `P11 messages of rounds and channels that do not exist are faults`() throws {
    for (round, channel) in [(1, .direct), (2, .broadcast), (2, .echo), (3, .broadcast), (0, .direct)]
      as [(UInt8, Channel)]
    {
      let (context, mailbox) = try mailbox()
      #expect(
        mailbox.deliver(context.envelope([1], round, channel), from: try party(2))
          == .refused(.unexpectedMessage(round: round, channel: channel)))
      #expect(mailbox.heldByteCount == 0)
    }
  }

  @Test func `P11 messages of later rounds wait for their round`() async throws {
    let (context, mailbox) = try mailbox()
    for other in context.others {
      #expect(mailbox.deliver(context.envelope([9], 2, .direct), from: other) == .accepted)
    }
    for other in context.others { mailbox.deliver(context.envelope([7]), from: other) }
    guard case .gathered(let notes) = await mailbox.gather(1, .broadcast, from: context.others),
      case .gathered(let gifts) = await mailbox.gather(2, .direct, from: context.others)
    else {
      Issue.record("not gathered")
      return
    }
    #expect(notes.values.allSatisfy { $0 == [7] })
    #expect(gifts.values.allSatisfy { $0 == [9] })
  }

  @Test func `P12 whatever one member sends, no more than its slots is held`() throws {
    let (context, mailbox) = try mailbox()
    let two = try party(2)
    var random = SeededRandom(seed: 1)
    let slots = 1 + BroadcastEcho.byteCount(in: context) + 1
    for _ in 0..<20_000 {
      let payload = [UInt8](repeating: UInt8(random.next(below: 256)), count: random.next(below: 300))
      let channel = Channel.allCases[random.next(below: 4)]
      mailbox.deliver(context.envelope(payload, UInt8(random.next(below: 4)), channel), from: two)
    }
    #expect(mailbox.heldByteCount <= slots)
  }

  @Test func `an oversized message is refused by its size alone`() throws {
    let (context, mailbox) = try mailbox()
    #expect(
      mailbox.deliver(context.envelope([1, 2]), from: try party(2))
        == .refused(.oversizedMessage(round: 1, channel: .broadcast, byteCount: 2)))
  }

  @Test func `all culprits are named at once`() async throws {
    let (context, mailbox) = try mailbox()
    mailbox.deliver(context.envelope([1, 2]), from: try party(2))
    mailbox.deliver(context.envelope([1], 9), from: try party(3))
    guard case .failed(.blamed(let faults)) = await mailbox.gather(1, .broadcast, from: context.others) else {
      Issue.record("not blamed")
      return
    }
    #expect(faults.keys.sorted() == [try party(2), try party(3)])
  }

  @Test func `after the deadline nothing is accepted and the missing are named`() async throws {
    let (context, mailbox) = try mailbox()
    mailbox.deliver(context.envelope([1]), from: try party(2))
    mailbox.expire()
    let missing = [try party(3), try party(4)]
    guard case .expired(missing) = await mailbox.gather(1, .broadcast, from: context.others) else {
      Issue.record("not expired")
      return
    }
    mailbox.close()
    #expect(mailbox.deliver(context.envelope([1]), from: try party(3)) == .dropped(.closed))
    #expect(await mailbox.conclude(1, missing: missing) == .missing(round: 1, missing))
  }

  @Test func `what is complete is gathered even after the deadline`() async throws {
    let (context, mailbox) = try mailbox()
    for other in context.others { mailbox.deliver(context.envelope([1]), from: other) }
    mailbox.close()
    guard case .gathered = await mailbox.gather(1, .broadcast, from: context.others) else {
      Issue.record("not gathered")
      return
    }
  }

  @Test func `a cancelled run ends its wait`() async throws {
    let (context, mailbox) = try mailbox()
    let waiting = Task { await mailbox.gather(1, .broadcast, from: context.others) }
    waiting.cancel()
    guard case .failed(.cancelled) = await waiting.value else {
      Issue.record("not cancelled")
      return
    }
  }
}
