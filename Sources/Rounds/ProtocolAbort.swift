public import SecretSharing

/// Why a run ended without a result, in the view of one party. Nothing of an aborted run may be used.
public enum ProtocolAbort: Error, Sendable, Hashable {
  /// These parties broke the protocol; this party saw it. All that could be found are named, never an honest one.
  case blamed([PartyID: Fault])
  /// These parties' messages of that round were not there when the host closed the run, or they stopped without
  /// accusing anybody.
  case missing(round: UInt8, [PartyID])
  /// In each of these sets at least one party broke the protocol or lost a link; this party cannot tell which.
  case disagreement([PartySet])
  /// These parties were asked for something else under the same session id, or keep another state for it. Nobody is to
  /// blame: whoever asked told them different things, or one of the two began anew.
  case sessionMismatch([PartyID])
  /// The host cancelled the run.
  case cancelled
  /// We have a bug. The text is ours and has no contents in it.
  case internalFault(String)
}

extension ProtocolAbort {
  /// What this party says about others to the user; ``Suspicion`` is not proof.
  public enum Suspicion: Sendable, Hashable {
    case cheated
    case missing
    case disagreed
  }

  /// Everybody but this party who may be the cause.
  public func suspects(seenBy me: PartyID) -> [PartyID: Suspicion] {
    switch self {
    case .blamed(let faults):
      faults.mapValues { _ in .cheated }
    case .missing(_, let parties):
      Dictionary(parties.map { ($0, .missing) }) { first, _ in first }
    case .disagreement(let sets):
      Dictionary(Set(sets.joined()).subtracting([me]).map { ($0, .disagreed) }) { first, _ in first }
    case .sessionMismatch(let parties):
      Dictionary(parties.map { ($0, .disagreed) }) { first, _ in first }
    case .cancelled, .internalFault:
      [:]
    }
  }
}

/// Collects the faults of one step, so that all culprits are named at once.
public struct Judgement: Sendable {
  public private(set) var faults: [PartyID: Fault] = [:]

  public init() {}

  /// Keeps the first fault of each party.
  public mutating func blame(_ party: PartyID, _ fault: Fault) {
    if faults[party] == nil { faults[party] = fault }
  }

  /// - Throws: ``ProtocolAbort/blamed(_:)`` when there is any fault.
  public func conclude() throws(ProtocolAbort) {
    if !faults.isEmpty { throw .blamed(faults) }
  }
}
