/// One line of the benchmark table.
struct Row: Codable {
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

  enum CodingKeys: String, CodingKey {
    case op, n, t, rounds, note
    case wallMedian = "wall_ms_median"
    case cpuPerParty = "cpu_ms_per_party"
    case bytesPerParty = "bytes_per_party"
  }

  static func reference(_ op: String, _ time: Stopwatch) -> Row {
    Row(
      op: op, n: 1, t: 1, wallMedian: time.wallMilliseconds, cpuPerParty: time.cpuMilliseconds, bytesPerParty: 0,
      rounds: 0, note: "reference operation")
  }
}
