/// One line of the benchmark table.
struct Row: Encodable {
  var op: String
  var n: Int
  var t: Int
  var wallMedian: Double
  var cpuPerParty: Double
  var bytesPerParty: Int
  var rounds: Int
  var note: String
  /// The reference operations, of the same run, that the table shows this one as a multiple of.
  var references: [String] = []
  /// What the operation should cost at most.
  var bound: Bound?

  /// A sum of reference operations, times a factor.
  struct Bound {
    var factor = 1.0
    var parts: [(times: Double, op: String)]
  }

  enum CodingKeys: String, CodingKey {
    case op, n, t, rounds, note
    case wallMedian = "wall_ms_median"
    case cpuPerParty = "cpu_ms_per_party"
    case bytesPerParty = "bytes_per_party"
  }

  static func reference(_ op: String, _ time: Stopwatch, note: String = "reference operation") -> Row {
    Row(
      op: op, n: 1, t: 1, wallMedian: time.wallMilliseconds, cpuPerParty: time.cpuMilliseconds, bytesPerParty: 0,
      rounds: 0, note: note)
  }
}

/// Something the network should reach. It is printed with its figure, whatever that is, and nothing depends on it.
struct Target {
  var name: String
  var wanted: String
  var figure: String
  var isReached: Bool

  var line: String { "\(isReached ? "reached    " : "not reached") \(name): \(figure) (wanted: \(wanted))" }
}

extension Row {
  /// - Returns: nil without a bound, or when a part of it was not measured.
  func target(among rows: [Row]) -> Target? {
    guard let bound else { return nil }
    var sum = 0.0
    for part in bound.parts {
      guard let cost = rows.first(where: { $0.op == part.op })?.cpuPerParty else { return nil }
      sum += part.times * cost
    }
    let wanted = bound.parts.map { $0.times == 1 ? $0.op : "\(Self.short($0.times)) × \($0.op)" }
      .joined(separator: " + ")
    let limit = bound.factor * sum
    return Target(
      name: "\(op), t = \(t)",
      wanted: (bound.factor == 1 ? "" : "\(Self.short(bound.factor)) × ") + "(\(wanted)) = \(Self.decimal(limit)) ms",
      figure: "\(Self.decimal(cpuPerParty)) ms of CPU, \(Self.decimal(cpuPerParty / sum, 2)) of the sum",
      isReached: cpuPerParty <= limit)
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }

  private static func decimal(_ value: Double, _ digits: Int = 3) -> String { value.decimal(digits) }
}
