internal import Identifiers
internal import NIOCore
internal import Node
internal import Synchronization

/// The connections of one listener: how many, where from, and how often each place asks.
final class OpenConnections: Sendable {
  enum Refusal: String, Error, Sendable, Hashable {
    case full
    case prefixFull = "prefix_full"
    case stopping
  }

  private struct Prefix {
    var open = 0
    var requests: TokenBucket
    var submissions: TokenBucket

    init(_ limits: HTTPLimits, at now: Duration) {
      requests = TokenBucket(burst: limits.requestBurst, perSecond: limits.requestsPerSecond, at: now)
      submissions = TokenBucket(burst: limits.submissionBurst, perSecond: limits.submissionsPerSecond, at: now)
    }

    /// Whether it is as good as a place never heard of.
    mutating func isIdle(at now: Duration) -> Bool {
      open == 0 && requests.isFull(at: now) && submissions.isFull(at: now)
    }
  }

  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var prefixes: [AddressPrefix: Prefix] = [:]
    var isStopping = false
  }

  /// Places without connections are forgotten when there are more than this.
  private static let rememberedPrefixes = 4096

  private let limits: HTTPLimits
  private let clock: any LocalClock
  private let state = Mutex(State())

  init(limits: HTTPLimits, clock: any LocalClock) {
    self.limits = limits
    self.clock = clock
  }

  var count: Int { state.withLock { $0.channels.count } }

  /// Counts a connection until it is closed.
  /// - Returns: why there is no room for it; nil when there is.
  func admit(_ channel: any Channel, from prefix: AddressPrefix) -> Refusal? {
    let now = clock.monotonicNow()
    let refusal = state.withLock { state -> Refusal? in
      guard !state.isStopping else { return .stopping }
      guard state.channels.count < limits.connections else { return .full }
      if state.prefixes.count > Self.rememberedPrefixes { forget(&state, at: now) }
      var known = state.prefixes[prefix] ?? Prefix(limits, at: now)
      guard known.open < limits.connectionsPerPrefix else { return .prefixFull }
      known.open += 1
      state.prefixes[prefix] = known
      state.channels[ObjectIdentifier(channel)] = channel
      return nil
    }
    if refusal == nil {
      channel.closeFuture.whenComplete { _ in self.closed(ObjectIdentifier(channel), prefix) }
    }
    return refusal
  }

  /// - Returns: how long until this place may ask again; nil when it may now.
  func takeRequest(from prefix: AddressPrefix) -> Duration? {
    take(\.requests, from: prefix)
  }

  /// The same for orders of signatures and decryptions, which cost the node much more.
  func takeSubmission(from prefix: AddressPrefix) -> Duration? {
    take(\.submissions, from: prefix)
  }

  private func take(_ allowance: WritableKeyPath<Prefix, TokenBucket>, from prefix: AddressPrefix) -> Duration? {
    let now = clock.monotonicNow()
    return state.withLock { state in state.prefixes[prefix]?[keyPath: allowance].take(at: now) }
  }

  /// Admits no more, and cuts what is open.
  func closeAll() {
    let channels = state.withLock { state in
      state.isStopping = true
      return Array(state.channels.values)
    }
    for channel in channels { channel.close(promise: nil) }
  }

  private func closed(_ channel: ObjectIdentifier, _ prefix: AddressPrefix) {
    state.withLock { state in
      state.channels[channel] = nil
      state.prefixes[prefix]?.open -= 1
    }
  }

  private func forget(_ state: inout State, at now: Duration) {
    for (key, known) in state.prefixes {
      var known = known
      if known.isIdle(at: now) { state.prefixes[key] = nil }
    }
  }
}
