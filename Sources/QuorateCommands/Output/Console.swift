import Foundation
import Identifiers
import Synchronization
import Wire

enum OutputFormat: Sendable, Equatable {
  case text
  case json
}

/// The one place where commands speak.
///
/// In text form results go to standard output, progress and notices to standard error. In JSON form standard output
/// carries JSON lines only (a command's result is its last line) and notices are left out.
final class Console: Sendable {
  let format: OutputFormat
  let traits: TerminalTraits
  private let streams: any ConsoleStreams
  private let clock = ContinuousClock()
  private let opened: ContinuousClock.Instant
  private let bar = Mutex<ProgressBar?>(nil)

  init(format: OutputFormat, traits: TerminalTraits = .detected(), streams: any ConsoleStreams = StandardStreams()) {
    self.format = format
    self.traits = traits
    self.streams = streams
    self.opened = clock.now
  }

  var showsProgress: Bool { format == .text && traits.errorIsTerminal }

  /// Time since the console was opened.
  func elapsed() -> Duration { clock.now - opened }

  func styled(_ text: String, _ style: TextStyle, on channel: OutputChannel = .output) -> String {
    let terminal = channel == .output ? traits.outputIsTerminal : traits.errorIsTerminal
    return style.applied(to: text, when: format == .text && terminal && traits.allowsColour)
  }

  /// A line for people on standard output.
  func line(_ text: String = "") {
    guard format == .text else { return }
    streams.write(text + "\n", to: .output)
  }

  /// A line for people on standard error, so that a redirected result stays clean.
  func notice(_ text: String) {
    guard format == .text else { return }
    streams.write(text + "\n", to: .error)
  }

  /// A question on standard error, answered on the same line.
  func prompt(_ text: String) {
    guard format == .text else { return }
    streams.write(text, to: .error)
  }

  /// What must be seen in either form; on standard error, where it disturbs no reader of results.
  func warning(_ text: String) {
    streams.write(styled(text, .yellow, on: .error) + "\n", to: .error)
  }

  /// A result in both forms; only the one asked for is made.
  func result(_ json: @autoclosure () -> JSONValue, text: () -> String) {
    switch format {
    case .json: event(json())
    case .text: line(text())
    }
  }

  /// One JSON line; nothing in text form.
  func event(_ value: JSONValue) {
    guard format == .json else { return }
    streams.write(String(decoding: value.serialized, as: UTF8.self) + "\n", to: .output)
  }

  /// Text that replaces the current line of the terminal. What does not fit is cut off: a line that wraps could not be
  /// replaced again.
  func redraw(_ text: String) {
    guard showsProgress else { return }
    streams.write("\u{1B}[?7l\(text)\u{1B}[?7h", to: .error)
  }

  func report(_ failure: CommandFailure) {
    switch format {
    case .json:
      event(failure.json)
    case .text:
      var text = styled("error: ", .red, on: .error) + failure.message
      if let advice = failure.advice { text += "\n" + styled("  try: ", .cyan, on: .error) + advice }
      streams.write(text + "\n", to: .error)
    }
  }

  // MARK: Progress of one long piece of work

  func beginProgress(_ title: String, total: UInt64?) {
    guard showsProgress else { return }
    bar.withLock { $0 = ProgressBar(title: title, total: total, now: elapsed()) }
  }

  func progress(_ done: UInt64) {
    guard showsProgress else { return }
    if let text = bar.withLock({ $0?.advance(to: done, now: elapsed()) }) { redraw(text) }
  }

  func endProgress() {
    let text = bar.withLock { bar -> String? in
      defer { bar = nil }
      return bar?.finish()
    }
    if let text { redraw(text) }
  }
}

extension CommandFailure {
  var json: JSONValue {
    var fields = [JSONMember("code", .string(code.rawValue)), JSONMember("message", .string(message))]
    if let advice { fields.append(JSONMember("advice", .string(advice))) }
    return .object([JSONMember("error", .object(fields))])
  }
}
