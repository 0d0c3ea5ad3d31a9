// Many threads at one contended Mutex: all in order, or with one variable that nothing guards.
import Dispatch
import Synchronization

final class Shared: @unchecked Sendable {
  let guarded = Mutex<[Int]>([])
  var bare = 0
}

let shared = Shared()
let isRacing = CommandLine.arguments.last == "racing"
DispatchQueue.concurrentPerform(iterations: 8) { _ in
  for value in 0..<2000 {
    // Allocation makes the section long enough for others to wait.
    shared.guarded.withLock { list in
      list.append(value)
      if list.count > 64 { list.removeAll(keepingCapacity: false) }
    }
    if isRacing { shared.bare += 1 }
  }
}
print(shared.guarded.withLock(\.count), shared.bare)
