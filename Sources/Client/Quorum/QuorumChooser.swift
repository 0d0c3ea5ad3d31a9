public import Identifiers

/// Chooses which of the reachable, verified nodes one request names.
public struct QuorumChooser: Sendable, Equatable {
  private var suspicions = Suspicions()
  /// How often in a row a node let this client down without anything being proven.
  private var lapses: [NodeID: Int] = [:]
  /// `n − t`: at most so many members lie.
  let tolerated: Int
  private var rotation = 0

  /// - Parameters:
  ///   - threshold: `t`.
  ///   - memberCount: `n`; at least `threshold`.
  public init(threshold: Int, memberCount: Int) {
    tolerated = max(0, memberCount - threshold)
  }

  /// Nodes that are worth connecting to.
  public func usable(_ nodes: [NodeID]) -> [NodeID] {
    nodes.filter { !suspicions.excludes($0, tolerated: tolerated) }
  }

  /// The same; forgets suspicions, but no proof, when they leave fewer than `needed`. Links between honest nodes break
  /// too, and a client that lives long hears of it.
  public mutating func usable(_ nodes: [NodeID], needed: Int) -> [NodeID] {
    if usable(nodes).count < needed { suspicions.forgetAccusations() }
    return usable(nodes)
  }

  /// `size` of the candidates, ordered, with as few suspicions between them and lapses as it takes; nil when there are
  /// too few.
  public func choose(_ size: Int, from candidates: [NodeID]) -> [NodeID]? {
    var chosen = rotated(usable(candidates).sorted())
    guard size > 0, chosen.count >= size else { return nil }
    while chosen.count > size {
      // The last of the worst, so that rotation decides when there is nothing to choose by.
      var worst = (place: chosen.count - 1, reasons: 0)
      for (place, node) in chosen.enumerated() {
        let reasons = suspicions.edgeCount(of: node, within: chosen) + lapses[node, default: 0]
        if reasons >= worst.reasons { worst = (place, reasons) }
      }
      chosen.remove(at: worst.place)
    }
    return chosen.sorted()
  }

  /// - Returns: whether that was not known.
  @discardableResult
  public mutating func recordSuspicion(by accuser: NodeID, against suspect: NodeID) -> Bool {
    suspicions.record(accuser, against: suspect)
  }

  public mutating func recordProof(against node: NodeID) {
    suspicions.recordProof(against: node)
  }

  /// The node did not answer, or could not serve.
  public mutating func recordLapse(of node: NodeID) {
    lapses[node, default: 0] += 1
  }

  public mutating func recordService(by node: NodeID) {
    lapses[node] = nil
  }

  /// After a failure nobody can be blamed for: the next quorum leaves somebody else out. Forgives everybody one lapse:
  /// whoever had one would otherwise be the one to stay out, whatever is wrong with the others.
  public mutating func rotate() {
    rotation += 1
    lapses = lapses.compactMapValues { $0 > 1 ? $0 - 1 : nil }
  }

  private func rotated(_ nodes: [NodeID]) -> [NodeID] {
    guard !nodes.isEmpty else { return [] }
    let start = rotation % nodes.count
    return Array(nodes[start...] + nodes[..<start])
  }
}
