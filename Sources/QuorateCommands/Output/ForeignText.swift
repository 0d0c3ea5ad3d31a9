import Identifiers

/// Text that somebody else wrote: a node, or the code of an action. What a terminal would obey is written out in it.
enum ForeignText {
  /// - Parameter keepsLines: whether line feeds and tabs stay, for text of several lines.
  /// - Returns: the text, with `\u{1b}` in place of controls, of line and paragraph separators, and of what changes the
  ///   direction of writing (Unicode UAX #9).
  static func readable(_ text: String, keepsLines: Bool) -> String {
    var readable = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isObeyed(scalar), !(keepsLines && (scalar == "\n" || scalar == "\t")) {
        readable.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else {
        readable.append(scalar)
      }
    }
    return String(readable)
  }

  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: scalar.properties.isBidiControl
    }
  }
}

extension Console {
  /// What others wrote, as it may go to this channel: as it is to programs and files, readable to terminals.
  func foreign(_ text: String, keepsLines: Bool = true, on channel: OutputChannel = .output) -> String {
    let isTerminal = channel == .output ? traits.outputIsTerminal : traits.errorIsTerminal
    guard format == .text, isTerminal else { return text }
    return ForeignText.readable(text, keepsLines: keepsLines)
  }
}
