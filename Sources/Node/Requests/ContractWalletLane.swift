/// What there is for one kind of those who make a node ask contracts: turns, questions at a time, and places to wait for
/// their answers, of each of which a sender has a part.
struct ContractWalletLane: Sendable {
  /// How often contracts are asked: for capabilities that were valid before, for others, and for each sender and wallet
  /// of them.
  struct Rates: Sendable {
    var users: TurnRate
    var ofUsersSender: TurnRate
    var ofWallet: TurnRate
    var strangers: TurnRate
    var ofStrangersSender: TurnRate

    static let standard = Rates(
      users: .init(burst: 64, perSecond: 16), ofUsersSender: .init(burst: 16, perSecond: 4),
      ofWallet: .init(burst: 8, perSecond: 2), strangers: .init(burst: 16, perSecond: 4),
      ofStrangersSender: .init(burst: 4, perSecond: 1))
  }

  static let runningLimit = 16
  static let runningPerSender = 4
  static let waitingLimit = 64
  static let waitingPerSender = 16

  private var turns: FairShare<RequestOrigin?>
  private var running = FairPlaces<RequestOrigin?>(all: runningLimit, each: runningPerSender)
  private var waiting = FairPlaces<RequestOrigin?>(all: waitingLimit, each: waitingPerSender)

  init(all: TurnRate, each: TurnRate, at now: Duration) {
    turns = FairShare(all: all, each: each, at: now)
  }

  /// Nil if a question may begin, to be given back with ``end(_:)``; else how long until one may.
  mutating func start(_ origin: RequestOrigin?, at now: Duration) -> Duration? {
    guard running.take(for: origin) == .taken else { return .seconds(1) }
    guard let wait = turns.take(for: origin, at: now).wait else { return nil }
    running.giveBack(for: origin)
    return wait
  }

  mutating func end(_ origin: RequestOrigin?) { running.giveBack(for: origin) }

  /// - Returns: whether there is a place, to be given back with ``stopWaiting(_:)``.
  mutating func startWaiting(_ origin: RequestOrigin?) -> Bool { waiting.take(for: origin) == .taken }

  mutating func stopWaiting(_ origin: RequestOrigin?) { waiting.giveBack(for: origin) }
}
