import Foundation

/// What the two output streams can show.
struct TerminalTraits: Sendable, Equatable {
  var outputIsTerminal: Bool
  var errorIsTerminal: Bool
  var allowsColour: Bool
  var inputIsTerminal = false

  static let plain = TerminalTraits(outputIsTerminal: false, errorIsTerminal: false, allowsColour: false)

  /// Colour is left out when the user asks so (https://no-color.org) or the terminal says that it cannot.
  static func detected(environment: [String: String] = ProcessInfo.processInfo.environment) -> TerminalTraits {
    let refused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return TerminalTraits(
      outputIsTerminal: isatty(STDOUT_FILENO) == 1,
      errorIsTerminal: isatty(STDERR_FILENO) == 1,
      allowsColour: !refused && environment["TERM"] != "dumb", inputIsTerminal: isatty(STDIN_FILENO) == 1)
  }
}
