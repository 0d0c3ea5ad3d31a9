import ActionNames
@testable import Client
import Identifiers
import Testing
import Wire

@testable import QuorateCommands

/// What nodes say of an action, on a terminal and elsewhere.
@Suite struct RunReportTests {
  /// Clears the screen, changes the title, writes over the line, turns the text round.
  private static let steering = "a\u{1b}[2J\u{1b}]0;t\u{7}\rb\u{9b}31m\u{202e}c\u{2028}d\n\te é"
  private static let readable =
    #"a\u{1b}[2J\u{1b}]0;t\u{7}\u{d}b\u{9b}31m\u{202e}c\u{2028}d"# + "\n\te é"
  private static let terminal = TerminalTraits(outputIsTerminal: true, errorIsTerminal: true, allowsColour: false)

  private func report(
    _ traits: TerminalTraits, failure: ExecutionOutcome.Failure? = nil, format: OutputFormat = .text
  ) throws -> CollectedStreams {
    let streams = CollectedStreams()
    let console = Console(format: format, traits: traits, streams: streams)
    let node = try NodeID(bytes: [UInt8](repeating: 1, count: 20))
    let result = ActionResult(
      action: ActionID(of: [1]), response: Self.steering, failure: failure, signatures: [:],
      logs: [node: Self.steering + "\n"], usage: [node: ExecutionUsage()], failedOperations: [:])
    do {
      try RunReport(result: result, console: console).show()
    } catch {
      console.report(error)
    }
    return streams
  }

  @Test func `T13 nothing that nodes say steers the terminal of who reads it`() throws {
    let shown = try report(Self.terminal)
    #expect(shown.text(.output) == Self.readable + "\n")
    #expect(shown.text(.error) == Self.readable + "\n")
    let failed = try report(Self.terminal, failure: .code(Self.steering))
    #expect(failed.text(.output).isEmpty)
    #expect(failed.text(.error) == Self.readable + "\nerror: " + Self.readable + "\n")
  }

  @Test func `T13 N a console that knows of no terminal hands it to whoever reads`() throws {
    let shown = try report(TerminalTraits(outputIsTerminal: false, errorIsTerminal: true, allowsColour: false))
    #expect(shown.text(.output) == Self.steering + "\n")
    #expect(shown.text(.error) == Self.readable + "\n")
    #expect(try report(.plain, failure: .code(Self.steering)).text(.error).contains("error: " + Self.steering))
  }

  @Test func `a name is one line, and programs get what was said`() throws {
    let console = Console(format: .text, traits: Self.terminal, streams: CollectedStreams())
    #expect(console.foreign("s\n\tby key", keepsLines: false) == #"s\u{a}\u{9}by key"#)
    let json = try report(Self.terminal, format: .json).text(.output)
    let written = String(decoding: JSONValue.string(Self.steering).serialized, as: UTF8.self)
    #expect(json.contains(#""response":"# + written))
  }

  @Test func `letters, marks and emoji of any language are left as they are`() {
    for text in ["Ünïcödé", "עברית", "日本語", "👩‍👩‍👧", "e\u{301}", "a\u{200d}b", ""] {
      #expect(ForeignText.readable(text, keepsLines: false) == text)
    }
  }
}
