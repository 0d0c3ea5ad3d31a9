/// Everything a run may receive: one slot per (round, channel, sender), each with a size.
///
/// What is not planned is a fault of its sender. The most a run can be made to hold is the sum of its slots.
public struct RoundPlan: Sendable, Hashable {
  struct Slot: Sendable, Hashable {
    let round: UInt8
    let channel: Channel
  }

  private(set) var byteLimits: [Slot: Int] = [:]
  private let context: SessionContext

  public init(_ context: SessionContext) {
    self.context = context
  }

  /// A round whose messages everybody publishes, without assurance that all receive the same.
  public func publishing(_ type: (some RoundMessage).Type) -> RoundPlan {
    adding(type.round, .broadcast, type.byteLimit(in: context))
  }

  /// A round whose messages everybody publishes and echoes.
  public func agreeing(on type: (some RoundMessage).Type) -> RoundPlan {
    publishing(type).adding(type.round, .echo, BroadcastEcho.byteCount(in: context))
  }

  /// A round in which every party sends every other party a message of its own.
  public func dealing(_ type: (some RoundMessage).Type) -> RoundPlan {
    adding(type.round, .direct, type.byteLimit(in: context))
  }

  private func adding(_ round: UInt8, _ channel: Channel, _ byteLimit: Int) -> RoundPlan {
    var plan = self
    plan.byteLimits[Slot(round: round, channel: channel)] = byteLimit
    return plan
  }
}
