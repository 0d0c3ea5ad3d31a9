public import Identifiers
import Synchronization

/// A registry in a file that the nodes and users of one machine share.
///
/// It believes the file as far as every update verifies, and remembers what it believed: when the file later tells
/// another history, this registry stops for good. While the file cannot be read or verified the last view ages.
public final class FileRegistry: MembershipSource {
  /// How long after a change of the file it is looked at, at the latest, while ``run()`` runs.
  public static let pollInterval: Duration = .milliseconds(200)

  private struct State {
    var snapshot: MembershipSnapshot
    var stamp: RegistryStamp
    var verifiedAt: Duration
    var trouble: RegistryTrouble?
    var isStopped = false
  }

  private struct Listeners {
    var continuations: [Int: AsyncStream<MembershipSnapshot>.Continuation] = [:]
    var next = 0
  }

  private let storage: any RegistryStorage
  private let clock: any LocalClock
  private let state: Mutex<State>
  /// Telling a listener something waits while its task is being cancelled, and a cancelled task's stream leaves this
  /// table: nobody is told anything under this lock.
  private let listeners = Mutex(Listeners())

  /// Reads and verifies the whole registry.
  ///
  /// - Parameter network: the network the caller means; the file does not decide that.
  public init(
    storage: any RegistryStorage, network: NetworkID, clock: any LocalClock
  ) throws(RegistryTrouble) {
    let now = clock.monotonicNow()
    let (document, stamp) = try storage.document()
    let snapshot: MembershipSnapshot
    do {
      snapshot = try MembershipSnapshot(verifying: document, network: network)
    } catch {
      throw .refused(error)
    }
    self.storage = storage
    self.clock = clock
    state = Mutex(State(snapshot: snapshot, stamp: stamp, verifiedAt: now))
  }

  public var current: MembershipSnapshot? {
    let now = clock.monotonicNow()
    return state.withLock { state in
      guard !state.isStopped, now - state.verifiedAt <= state.snapshot.founding.maximumSnapshotAge else { return nil }
      return state.snapshot
    }
  }

  /// What is wrong now; nil when the latest look at the file was in order.
  public var trouble: RegistryTrouble? {
    state.withLock { $0.trouble }
  }

  /// Whether the file told another history once, after which nothing in it is believed.
  public var isStopped: Bool {
    state.withLock { $0.isStopped }
  }

  /// When the file was last seen to be in order, on the monotonic clock.
  public var verifiedAt: Duration {
    state.withLock { $0.verifiedAt }
  }

  public var updates: AsyncStream<MembershipSnapshot> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: MembershipSnapshot.self, bufferingPolicy: .bufferingNewest(1))
    // Within the state's lock, so that no news falls between the first snapshot and the entry.
    let listener = state.withLock { (state) -> Int? in
      guard !state.isStopped else { return nil }
      continuation.yield(state.snapshot)
      return listeners.withLock { listeners in
        listeners.next += 1
        listeners.continuations[listeners.next] = continuation
        return listeners.next
      }
    }
    guard let id = listener else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { $0.continuations[id] = nil }
    }
    return stream
  }

  /// Looks at the file until the task is cancelled.
  public func run() async {
    while !Task.isCancelled {
      refresh()
      do { try await clock.sleep(for: Self.pollInterval) } catch { return }
    }
  }

  /// Looks at the file once; reads it only when it changed.
  public func refresh() {
    // Taken first: the view is as old as the beginning of the look, not its end.
    let now = clock.monotonicNow()
    let ends = state.withLock { state in
      guard !state.isStopped else { return false }
      do throws(RegistryTrouble) {
        if let news = try Self.look(at: storage, &state) {
          // Within the state's lock, so that nobody hears of two snapshots in the wrong order.
          for listener in currentListeners { listener.yield(news) }
        }
        state.verifiedAt = now
        state.trouble = nil
      } catch {
        state.trouble = error
        state.isStopped = error.isFatal
      }
      return state.isStopped
    }
    guard ends else { return }
    for listener in currentListeners { listener.finish() }
  }

  private var currentListeners: [AsyncStream<MembershipSnapshot>.Continuation] {
    listeners.withLock { Array($0.continuations.values) }
  }

  /// - Returns: a snapshot newer than the one before.
  private static func look(
    at storage: any RegistryStorage, _ state: inout State
  ) throws(RegistryTrouble) -> MembershipSnapshot? {
    let stamp: RegistryStamp
    do { stamp = try storage.stamp() } catch { throw .unreadable(error) }
    guard stamp != state.stamp || state.trouble != nil else { return nil }
    let (document, readStamp) = try storage.document()
    let next: MembershipSnapshot
    do {
      next = try state.snapshot.continued(by: document)
    } catch {
      throw .refused(error)
    }
    state.stamp = readStamp
    guard next.number > state.snapshot.number else { return nil }
    state.snapshot = next
    return next
  }
}

/// Why a file registry has no view, or only an ageing one.
public enum RegistryTrouble: Error, Sendable, Hashable {
  /// The world failed: look at the file and its directory.
  case unreadable(RegistryStorageError)
  /// Somebody wrote what does not verify.
  case refused(RegistryFault)
  /// Another process kept the right to write for too long.
  case locked

  var isFatal: Bool {
    if case .refused(let fault) = self { fault.isFatal } else { false }
  }
}

extension RegistryStorage {
  func document() throws(RegistryTrouble) -> (RegistryDocument, RegistryStamp) {
    let bytes: [UInt8]
    let stamp: RegistryStamp
    do { (bytes, stamp) = try read() } catch { throw .unreadable(error) }
    do { return (try RegistryDocument(decoding: bytes), stamp) } catch { throw .refused(.malformed(error)) }
  }
}
