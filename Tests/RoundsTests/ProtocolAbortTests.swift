import Rounds
import SecretSharing
import Testing

struct ProtocolAbortTests {
  @Test func `every abort says whom it suspects of what, and never oneself`() throws {
    let two = try party(2)
    let three = try party(3)
    let me = try party(1)
    let fault = Fault.failedCheck(round: 1, name: "share")
    #expect(ProtocolAbort.blamed([two: fault]).suspects(seenBy: me) == [two: .cheated])
    #expect(ProtocolAbort.missing(round: 1, [two, three]).suspects(seenBy: me) == [two: .missing, three: .missing])
    let disputes = ProtocolAbort.disagreement([try PartySet([me, two]), try PartySet([two, three])])
    #expect(disputes.suspects(seenBy: me) == [two: .disagreed, three: .disagreed])
    #expect(ProtocolAbort.cancelled.suspects(seenBy: me).isEmpty)
    #expect(ProtocolAbort.internalFault("x").suspects(seenBy: me).isEmpty)
  }

  @Test func `a judgement names all culprits and the first fault of each`() throws {
    var judgement = Judgement()
    #expect(throws: Never.self) { try judgement.conclude() }
    let first = Fault.failedCheck(round: 1, name: "first")
    judgement.blame(try party(2), first)
    judgement.blame(try party(2), .failedCheck(round: 2, name: "second"))
    judgement.blame(try party(3), first)
    #expect(throws: ProtocolAbort.blamed([try party(2): first, try party(3): first])) { try judgement.conclude() }
  }
}
