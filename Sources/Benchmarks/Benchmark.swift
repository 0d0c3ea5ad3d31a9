public import Foundation

/// Measures every protocol beside the library operations it is made of.
public enum Benchmark {
  /// Prints a table and writes the same rows as JSON.
  public static func run(writingTo file: URL) throws {
    var rows = ReferenceOperations.rows()
    for (t, n) in [(3, 4), (4, 5), (5, 7), (7, 10)] { rows += try ProtocolRows.rows(t: t, n: n) }
    print(table(rows))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try encoder.encode(rows).write(to: file, options: .atomic)
    print("\nwritten to \(file.relativePath)")
  }

  private static func table(_ rows: [Row]) -> String {
    let head =
      column("operation", 38) + number("t/n", 7) + number("wall ms", 10) + number("CPU ms", 10) + number("ratio", 8)
    let lines = rows.map { row in
      column(row.op, 38) + number("\(row.t)/\(row.n)", 7) + number(decimal(row.wallMedian), 10)
        + number(decimal(row.cpuPerParty), 10) + number(ratio(row, rows), 8)
        + number(row.bytesPerParty == 0 ? "" : "\(row.bytesPerParty)", 9)
        + number(row.rounds == 0 ? "" : "\(row.rounds)", 8)
    }
    let legend = """

      ratio: CPU time as a multiple of the reference operation of the same run: one constant-time multiplication of the
      curve for signing, hash to G2 plus G2 multiplication for a decryption share, one pairing for combining.
      """
    return ([head + number("bytes", 9) + number("rounds", 8)] + lines + [legend]).joined(separator: "\n")
  }

  private static func ratio(_ row: Row, _ rows: [Row]) -> String {
    let references = row.references.compactMap { name in rows.first { $0.op == name }?.cpuPerParty }
    let sum = references.reduce(0, +)
    return sum > 0 ? String(format: "%.2f", row.cpuPerParty / sum) : ""
  }

  private static func column(_ text: String, _ width: Int) -> String {
    text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
  }

  private static func number(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  private static func decimal(_ value: Double) -> String { String(format: "%.3f", value) }
}
