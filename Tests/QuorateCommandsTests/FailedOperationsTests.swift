import Identifiers
import Testing
import Wire

@testable import QuorateCommands

@Suite struct FailedOperationsTests {
  @Test func `who accuses whom of what is shown by node ids, for people and for programs`() throws {
    let nodes = try (1...3 as ClosedRange<UInt8>).map { try NodeID(bytes: [UInt8](repeating: $0, count: 20)) }
    let failed = FailedOperationsText([
      nodes[1]: [
        try FailedOperation(operation: "sign#0", outcome: FailedOutcome(code: .disagreement)),
        try FailedOperation(
          operation: "signAndCombine#1",
          outcome: FailedOutcome(
            code: .peerCheated,
            suspects: [.init(node: nodes[2], reason: .cheated), .init(node: nodes[0], reason: .missing)])),
      ],
      nodes[0]: [try FailedOperation(operation: "sign#0", outcome: FailedOutcome(code: .peersMissing))],
    ])
    #expect(
      failed.lines == [
        "\(nodes[0]): sign#0 failed: \(ErrorCode.peersMissing.message)",
        "\(nodes[1]): sign#0 failed: \(ErrorCode.disagreement.message)",
        """
        \(nodes[1]): signAndCombine#1 failed: \(ErrorCode.peerCheated.message)
          it says that \(nodes[0]) did not answer in time
          it says that \(nodes[2]) misbehaved
        """,
      ])
    #expect(
      String(decoding: JSONValue.array(failed.json).serialized, as: UTF8.self) == """
        [{"node":"\(nodes[0])","operation":"sign#0","code":"peers_missing","suspects":[]},\
        {"node":"\(nodes[1])","operation":"sign#0","code":"disagreement","suspects":[]},\
        {"node":"\(nodes[1])","operation":"signAndCombine#1","code":"peer_cheated","suspects":[\
        {"node":"\(nodes[0])","reason":"missing"},{"node":"\(nodes[2])","reason":"cheated"}]}]
        """)
    #expect(FailedOperationsText([:]).lines.isEmpty)
  }
}
