internal import Foundation

/// The rows for people.
enum Table {
  static func text(of rows: [Row]) -> String {
    let head =
      column("operation", 38) + number("t/n", 7) + number("wall ms", 10) + number("CPU ms", 10) + number("ratio", 8)
      + number("bytes", 9) + number("rounds", 8) + "  note"
    let lines = rows.map { row in
      column(row.op, 38) + number("\(row.t)/\(row.n)", 7) + number(row.wallMedian.decimal(3), 10)
        + number(row.cpuPerParty.decimal(3), 10) + number(ratio(row, rows), 8)
        + number(row.bytesPerParty == 0 ? "" : "\(row.bytesPerParty)", 9)
        + number(row.rounds == 0 ? "" : "\(row.rounds)", 8) + (row.note == "reference operation" ? "" : "  \(row.note)")
    }
    let legend = """

      wall ms: median. CPU ms: of one party. bytes: sent by one party. rounds: in which parties wait for each other.
      ratio: CPU time as a multiple of the reference operations of the same run: one constant-time multiplication of the
      curve for signing, hash to G2 plus G2 multiplication for a decryption share, one pairing for combining.
      """
    return ([head] + lines + [legend]).joined(separator: "\n")
  }

  private static func ratio(_ row: Row, _ rows: [Row]) -> String {
    let references = row.references.compactMap { name in rows.first { $0.op == name }?.cpuPerParty }
    let sum = references.reduce(0, +)
    return sum > 0 ? (row.cpuPerParty / sum).decimal(2) : ""
  }

  private static func column(_ text: String, _ width: Int) -> String {
    text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
  }

  private static func number(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}

extension Double {
  func decimal(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
