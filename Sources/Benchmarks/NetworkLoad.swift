internal import Foundation

/// What a number of users at once got out of a network.
struct NetworkLoad {
  var milliseconds: [Double]
  /// Their kinds and how many there were.
  var errors: [String: Int]
  var seconds: Double
  /// CPU of all nodes and of this process together with all users in it, per request.
  var nodeCPU: Double
  var userCPU: Double

  /// Milliseconds of each success, kinds of failures.
  private typealias Results = ([Double], [String: Int])

  var perSecond: Double { seconds > 0 ? Double(milliseconds.count) / seconds : 0 }
  var errorCount: Int { errors.values.reduce(0, +) }

  /// Every user does one after the other until it did `count` or `limit` is over.
  static func run(
    _ users: [NetworkUser], upTo count: Int, within limit: Duration, nodes: [Int32],
    _ work: @escaping @Sendable (NetworkUser, Int) async throws -> Void
  ) async -> NetworkLoad {
    let (nodesBefore, usersBefore) = (ProcessTimes.milliseconds(of: nodes), Stopwatch.processCPUMilliseconds)
    let start = ContinuousClock.now
    let (took, errors) = await withTaskGroup(of: Results.self) { group in
      for (place, user) in users.enumerated() {
        group.addTask {
          var results: Results = ([], [:])
          for turn in 0..<count where ContinuousClock.now - start < limit {
            let began = ContinuousClock.now
            do {
              try await work(user, place + turn)
              results.0.append((ContinuousClock.now - began).milliseconds)
            } catch {
              results.1["\(error)", default: 0] += 1
            }
          }
          return results
        }
      }
      return await group.reduce(into: Results([], [:])) { all, one in
        all.0 += one.0
        all.1.merge(one.1, uniquingKeysWith: +)
      }
    }
    let seconds = (ContinuousClock.now - start).milliseconds / 1000
    let done = Double(max(took.count + errors.values.reduce(0, +), 1))
    return NetworkLoad(
      milliseconds: took, errors: errors, seconds: seconds,
      nodeCPU: (ProcessTimes.milliseconds(of: nodes) - nodesBefore) / done,
      userCPU: (Stopwatch.processCPUMilliseconds - usersBefore) / done)
  }

  func row(_ op: String, n: Int, t: Int, rounds: Int, _ note: String = "") -> Row {
    let failures = errors.sorted { $0.key < $1.key }.map { "; \($0.value) × \($0.key)" }.joined()
    return Row(
      op: op, n: n, t: t, wallMedian: milliseconds.median, cpuPerParty: nodeCPU / Double(n), bytesPerParty: 0,
      rounds: rounds,
      note: "\(milliseconds.count) results, p99 \(milliseconds.quantile(0.99).decimal(1)) ms, "
        + "\(perSecond.decimal(0)) requests/s, user's CPU \(userCPU.decimal(2)) ms, "
        + "errors \(errorCount)\(failures)\(note)")
  }
}

/// CPU time of other processes, as the kernel counts it.
enum ProcessTimes {
  static func milliseconds(of processes: [Int32]) -> Double {
    processes.reduce(0) { $0 + milliseconds(of: $1) }
  }

  /// User and system time stand behind the name, which is in brackets and may have anything in it.
  private static func milliseconds(of process: Int32) -> Double {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let name = text.lastIndex(of: ")")
    else { return 0 }
    let fields = text[name...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return 0 }
    return (user + system) * 1000 / Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
  }
}
