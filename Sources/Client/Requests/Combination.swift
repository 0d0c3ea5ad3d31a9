import Identifiers

/// What the answers to one request amount to.
enum Combination<Output: Sendable>: Sendable {
  /// The result, verified; and nodes whose answers were wrong without spoiling it.
  case finished(Output, cheated: [NodeID: String])
  /// More answers are needed; who is at fault so far.
  case incomplete(Blame)
  case failed(Blame)
  /// The nodes of each group say the same, and groups differ; the largest comes first. Who is right, and whether anybody
  /// is wrong, the answers do not tell, and another attempt may do again what this one did.
  case unresolved([[NodeID]])
}

/// Who is at fault, as far as the answers tell.
struct Blame: Sendable, Equatable {
  /// Caught by what they signed themselves.
  var cheated: [NodeID: String] = [:]
  /// Of each pair one is at fault.
  var contradictions: [Contradiction] = []

  struct Contradiction: Sendable, Hashable {
    var first: NodeID
    var second: NodeID
  }

  var isEmpty: Bool { cheated.isEmpty && contradictions.isEmpty }

  static func cheated(_ node: NodeID, _ what: String) -> Blame {
    Blame(cheated: [node: what])
  }
}

/// An order to a quorum, and how its answers become a result.
protocol QuorumOperation: Sendable {
  associatedtype Output: Sendable

  /// The path of the client port it is sent to.
  var path: String { get }
  /// What the work itself may take, beside what any request takes.
  var extraTime: Duration { get }
  /// How many nodes to name when so many are there; never fewer than the threshold.
  func quorumSize(available: Int, threshold: Int) -> Int
  /// - Parameter shares: what came so far, each already checked to answer this request at this quorum.
  func combine(_ shares: [NodeID: ShareOutcome], quorum: [NodeID]) -> Combination<Output>
}

extension QuorumOperation {
  var extraTime: Duration { .zero }
}
