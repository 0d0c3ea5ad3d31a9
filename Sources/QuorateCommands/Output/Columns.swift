extension String {
  /// Filled with spaces to at least `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

/// Rows whose columns line up.
enum Columns {
  static func lines(_ rows: [[String]], gap: Int = 2) -> [String] {
    var widths: [Int] = []
    for row in rows {
      for (place, cell) in row.enumerated() {
        if widths.indices.contains(place) {
          widths[place] = max(widths[place], cell.count)
        } else {
          widths.append(cell.count)
        }
      }
    }
    return rows.map { row in
      row.enumerated().map { place, cell in
        place == row.count - 1 ? cell : cell.padded(to: widths[place] + gap)
      }.joined()
    }
  }
}
