import Foundation
import Synchronization

/// One thread that waits for the descriptors of all workers, so that no thread of tasks has to.
final class DescriptorWatch: Sendable {
  static let shared = DescriptorWatch()

  private struct Interest {
    /// Lives as long as it is looked at.
    let descriptor: Descriptor
    let events: Int16
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var interests: [UInt64: Interest] = [:]
    var lastNumber: UInt64 = 0
  }

  private let state = Mutex(State())
  private let bell: (ours: Descriptor, theirs: Descriptor)?

  private init() {
    bell = try? Descriptor.socketPair()
    bell?.ours.makeNonblocking()
    Thread.detachNewThread { [self] in
      while true { turn() }
    }
  }

  enum Direction: Sendable {
    case reading, writing
  }

  /// A wait that can be given up from another task.
  final class Wait: Sendable {
    fileprivate let number = Mutex<UInt64?>(nil)
    private let isOver = Atomic(false)

    func giveUp() {
      isOver.store(true, ordering: .sequentiallyConsistent)
      if let number = number.withLock({ $0 }) { DescriptorWatch.shared.remove(number) }
    }

    /// Returns when the descriptor is ready or has ended, and at once when waiting was given up.
    func callAsFunction(for descriptor: Descriptor, _ direction: Direction) async {
      await withCheckedContinuation { continuation in
        let events = Int16(direction == .reading ? POLLIN : POLLOUT)
        number.withLock { number in
          number = DescriptorWatch.shared.add(
            Interest(descriptor: descriptor, events: events, continuation: continuation))
        }
        // Whoever gave up before the number was known did not find it.
        if isOver.load(ordering: .sequentiallyConsistent) { giveUp() }
      }
    }
  }

  private func add(_ interest: Interest) -> UInt64 {
    let number = state.withLock { state in
      state.lastNumber &+= 1
      state.interests[state.lastNumber] = interest
      return state.lastNumber
    }
    bell?.ours.sendByte()
    return number
  }

  private func remove(_ number: UInt64) {
    state.withLock { $0.interests.removeValue(forKey: number) }?.continuation.resume()
  }

  private func turn() {
    let (numbers, interests) = state.withLock { state in
      (Array(state.interests.keys), Array(state.interests.values))
    }
    var requests = interests.map { pollfd(fd: $0.descriptor.number, events: $0.events, revents: 0) }
    if let bell { requests.append(pollfd(fd: bell.theirs.number, events: Int16(POLLIN), revents: 0)) }
    // Without a bell, new interests are found by looking.
    let ready = unsafe poll(&requests, nfds_t(requests.count), bell == nil ? 1 : -1)
    withExtendedLifetime(interests) {}
    guard ready > 0 else { return }
    for (number, request) in zip(numbers, requests) where request.revents != 0 { remove(number) }
    if let bell, requests.last?.revents != 0 { _ = bell.theirs.readAvailable(limit: 256) }
  }
}
