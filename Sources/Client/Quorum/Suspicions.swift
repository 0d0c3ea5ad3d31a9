public import Identifiers

/// Who accuses whom, as far as one client has been told.
///
/// An accusation proves only that one of the two is at fault, so it is kept as an edge between them. A node that honest
/// nodes never accuse has at most `n − t` edges, because at most that many members are dishonest; one with more is
/// dishonest itself. Suspicions stay in the client that collected them.
public struct Suspicions: Sendable, Equatable {
  private var edges: Set<Edge> = []
  /// Nodes this client caught itself: their own signed answer shows it.
  private var proven: Set<NodeID> = []

  public init() {}

  /// - Returns: whether that was not known.
  @discardableResult
  public mutating func record(_ accuser: NodeID, against suspect: NodeID) -> Bool {
    guard let edge = Edge(accuser, suspect) else { return false }
    return edges.insert(edge).inserted
  }

  public mutating func recordProof(against node: NodeID) {
    proven.insert(node)
  }

  mutating func forgetAccusations() {
    edges = []
  }

  public func separates(_ first: NodeID, _ second: NodeID) -> Bool {
    Edge(first, second).map(edges.contains) ?? false
  }

  public func edgeCount(of node: NodeID) -> Int {
    edges.count { $0.touches(node) }
  }

  func edgeCount(of node: NodeID, within nodes: [NodeID]) -> Int {
    nodes.count { separates(node, $0) }
  }

  /// Whether requests should never again name the node: it was caught, or has more than `tolerated` (`n − t`) edges.
  public func excludes(_ node: NodeID, tolerated: Int) -> Bool {
    proven.contains(node) || edgeCount(of: node) > tolerated
  }

  private struct Edge: Sendable, Hashable {
    let lower: NodeID
    let higher: NodeID

    init?(_ first: NodeID, _ second: NodeID) {
      guard first != second else { return nil }
      lower = min(first, second)
      higher = max(first, second)
    }

    func touches(_ node: NodeID) -> Bool { lower == node || higher == node }
  }
}
