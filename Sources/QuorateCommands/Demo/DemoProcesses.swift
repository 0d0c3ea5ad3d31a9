import Synchronization

/// The node processes of a running demo.
final class DemoProcesses: Sendable {
  private let nodes = Mutex<[NodeProcess]>([])
  private let expectedToBeGone = Mutex<Set<Int>>([])

  var all: [NodeProcess] { nodes.withLock(\.self) }

  func add(_ node: NodeProcess) {
    nodes.withLock { $0.append(node) }
  }

  /// Ends one as a crash would.
  func kill(_ node: NodeProcess) async {
    expectedToBeGone.withLock { _ = $0.insert(node.folder.number) }
    await node.kill()
  }

  /// The nodes that should still run.
  var alive: [NodeProcess] {
    let gone = expectedToBeGone.withLock(\.self)
    return all.filter { !gone.contains($0.folder.number) }
  }
}
