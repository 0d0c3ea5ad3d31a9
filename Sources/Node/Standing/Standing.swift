internal import Authorization
internal import Identifiers
internal import KeyGeneration
internal import Membership
internal import PeerLink
internal import PublicKeys
internal import SecretSharing
internal import Synchronization
internal import Vault
internal import Wire

/// Decides, at every request and again before a share leaves, whether this node may serve.
final class Standing: Sendable {
  /// How long a lost link's last word about the registry counts.
  private static let wordLifetime = Duration.seconds(60)

  /// What a request is judged and worked on with; taken once, so that everything about one request agrees.
  struct Serving: Sendable {
    let snapshot: MembershipSnapshot
    let keys: KeyShares
  }

  private struct State {
    var agreement: RegistryAgreement
    var keys: KeyShares?
    var seen: SeenRegistry?
    var isStopping = false
    var unfulfilled: Set<VaultDuty> = []
  }

  private let node: NodeID
  private let identityKey: [UInt8]
  private let membership: any MembershipSource
  private let clock: any LocalClock
  let wallClock: WallClockGuard
  private let state: Mutex<State>

  init(
    node: NodeID, identityKey: [UInt8], membership: any MembershipSource, clock: any LocalClock,
    highestWallClock: Timestamp?, seen: SeenRegistry?
  ) {
    self.node = node
    self.identityKey = identityKey
    self.membership = membership
    self.clock = clock
    wallClock = WallClockGuard(clock: clock, highest: highestWallClock ?? Timestamp(secondsSince1970: 0))
    let agreement = RegistryAgreement(lifetime: Self.wordLifetime, readingPeriod: membership.readingPeriod)
    state = Mutex(State(agreement: agreement, seen: seen))
  }

  /// For a request that has just come.
  func serving() throws(NotServing) -> Serving {
    guard !isStopping else { throw .stopping }
    return try finishing()
  }

  /// For a request that was taken before, whose share is about to leave: a node that stops finishes what it has begun.
  func finishing() throws(NotServing) -> Serving {
    let now = clock.monotonicNow()
    guard let snapshot = membership.current else { throw .registryUnavailable }
    let isTrustworthy = wallClock.read().isTrustworthy
    // Typed throws do not pass through the lock, so the refusal is returned.
    let outcome = state.withLock { state -> Result<Serving, NotServing> in
      do throws(NotServing) {
        return .success(try serving(snapshot, &state, isTrustworthy, now))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private func serving(
    _ snapshot: MembershipSnapshot, _ state: inout State, _ isClockTrustworthy: Bool, _ now: Duration
  ) throws(NotServing) -> Serving {
    guard state.unfulfilled.isEmpty else { throw .vault }
    guard isClockTrustworthy else { throw .clock }
    if let seen = state.seen {
      guard snapshot.number >= seen.number else { throw .behind(number: seen.number) }
      // A file tells its whole history. A chain's reader does not know what was before it began, and need not: what
      // it reads descends from blocks that counted as final.
      if let digest = snapshot.digest(at: seen.number), digest != seen.digest { throw .split(number: seen.number) }
    }
    guard snapshot.eligibleMember(node)?.identityKey == identityKey else { throw .notMember }
    guard !snapshot.isPaused else { throw .paused }
    guard let keys = state.keys, keys.certificate.epoch == snapshot.epoch else { throw .keysMissing }
    guard snapshot.certificateDigest == keys.certificate.digest else { throw .certificateNotRegistered }
    let verdict = state.agreement.verdict(
      own: RegistryAgreement.Own(snapshot), members: Set(keys.certificate.members.map(\.node)),
      threshold: keys.certificate.threshold.t, at: now)
    switch verdict {
    case .agreed: return Serving(snapshot: snapshot, keys: keys)
    case .alone(let known, let needed): throw .alone(known: known, needed: needed)
    case .behind(let number): throw .behind(number: number)
    case .split(let number): throw .split(number: number)
    }
  }
}

extension Standing {
  var isStopping: Bool { state.withLock { $0.isStopping } }
  var keys: KeyShares? { state.withLock { $0.keys } }

  /// Whether others are known to have read further.
  var isBehind: Bool {
    do throws(NotServing) {
      _ = try finishing()
      return false
    } catch {
      if case .behind = error { return true } else { return false }
    }
  }

  /// Whether this node has read so far, in updates and in blocks.
  func hasRead(_ number: UInt64?, _ block: UInt64?) -> Bool {
    guard let snapshot = membership.current else { return false }
    let hasBlock = snapshot.chain.map { $0.block.number >= block ?? 0 } ?? true
    return snapshot.number >= number ?? 0 && hasBlock
  }

  func stop() { state.withLock { $0.isStopping = true } }
  func use(_ keys: KeyShares?) { state.withLock { $0.keys = keys } }

  /// A failure counts until the same duty is fulfilled; that something else could be written says nothing about it.
  func vaultWrote(_ duty: VaultDuty, _ succeeded: Bool) {
    state.withLock { state in
      if succeeded { state.unfulfilled.remove(duty) } else { state.unfulfilled.insert(duty) }
    }
  }

  func sawRegistry(_ seen: SeenRegistry) { state.withLock { $0.seen = seen } }

  func heard(_ position: RegistryPosition, epoch: UInt64, from node: NodeID) {
    let own = membership.current.map(RegistryAgreement.Own.init)
    let now = clock.monotonicNow()
    state.withLock { state in
      state.agreement.hear(.init(epoch: epoch, position: position), from: node, own: own, at: now)
    }
  }

  func lost(_ node: NodeID) {
    let now = clock.monotonicNow()
    state.withLock { $0.agreement.lost(node, at: now) }
  }
}

extension RegistryAgreement.Own {
  init(_ snapshot: MembershipSnapshot) {
    self.init(epoch: snapshot.epoch, number: snapshot.number) { snapshot.digest(at: $0) }
  }
}
