public import ActionNames

/// How much one run may use; part of the network's policy, so that all nodes stop an action at the same point.
///
/// Everything but ``memory`` is counted over the whole tree of nested calls.
public struct ActionLimits: Sendable, Hashable {
  /// From the start of the run to its end, nested calls included.
  public var time: Duration = .seconds(30)
  /// Bytes of one process's JavaScript heap, and of its other memory. A pool starts its workers with it.
  public var memory = 256 << 20
  /// Bytes of the code.
  public var code = 1 << 20
  /// Bytes of the parameters as JSON.
  public var parameters = 1 << 20
  /// Bytes of the response in UTF-8.
  public var response = 100 << 10
  /// Bytes of everything printed, in UTF-8.
  public var logs = 100 << 10
  public var fetches = 50
  /// Signatures of every kind.
  public var signatures = 10
  /// Operations that need the other nodes: broadcasts, combined signatures and decryptions, parts of `runOnce`.
  public var broadcasts = 30
  public var contractCalls = 30
  public var decryptions = 30
  /// Nested calls in one run, whatever their depth.
  public var calls = 20
  /// How deep calls may nest: an action may call at depth 1, what it called at depth 2.
  public var depth = 5
  /// Operations of every kind.
  public var operations = 1000

  public init() {}
}

extension ActionLimits {
  /// What an action's owner is told.
  public func explanation(of limit: ActionLimit) -> String {
    switch limit {
    case .time:
      "Your function exceeded the maximum runtime of \(milliseconds(time))ms and was terminated."
    case .memory: "Your function exceeded the maximum memory of \(memory >> 20) MB and was terminated."
    case .code: "The code is longer than \(code) bytes."
    case .parameters: "The parameters are longer than \(parameters) bytes."
    case .response: "The response is longer than \(response) bytes."
    case .logs: "Your function printed more than \(logs) bytes and was terminated."
    case .fetches: "Your function exceeded the maximum of \(fetches) fetches and was terminated."
    case .signatures: "Your function exceeded the maximum of \(signatures) signatures and was terminated."
    case .broadcasts: "Your function exceeded the maximum of \(broadcasts) broadcasts and was terminated."
    case .contractCalls: "Your function exceeded the maximum of \(contractCalls) contract calls and was terminated."
    case .decryptions: "Your function exceeded the maximum of \(decryptions) decryptions and was terminated."
    case .calls: "Your function exceeded the maximum of \(calls) nested calls and was terminated."
    case .depth: "Your function exceeded the maximum call depth of \(depth) and was terminated."
    case .operations: "Your function exceeded the maximum of \(operations) operations and was terminated."
    }
  }

  private func milliseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    return overflow ? .max : whole + attoseconds / 1_000_000_000_000_000
  }
}
