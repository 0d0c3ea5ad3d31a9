import Identifiers
import Testing
import Wire

@testable import QuorateCommands

@Suite struct ConsoleTests {
  let terminal = TerminalTraits(outputIsTerminal: true, errorIsTerminal: true, allowsColour: true)

  @Test func `results go to standard output, notices to standard error`() {
    let streams = CollectedStreams()
    let console = Console(format: .text, traits: .plain, streams: streams)
    console.notice("careful")
    console.result(.null) { "done" }
    #expect(streams.text(.output) == "done\n")
    #expect(streams.text(.error) == "careful\n")
  }

  @Test func `in JSON form there are only JSON lines`() {
    let streams = CollectedStreams()
    let console = Console(format: .json, traits: terminal, streams: streams)
    console.notice("careful")
    console.line("for people")
    console.result(.object([JSONMember("ok", .bool(true))])) { "done" }
    console.beginProgress("work", total: 1)
    console.progress(1)
    console.endProgress()
    #expect(streams.text(.output) == "{\"ok\":true}\n")
    #expect(streams.text(.error).isEmpty)
  }

  @Test func `a warning is seen in either form and never among results`() {
    for format in [OutputFormat.text, .json] {
      let streams = CollectedStreams()
      Console(format: format, traits: .plain, streams: streams).warning(LocalNetwork.developmentNotice)
      #expect(streams.text(.error) == "DEVELOPMENT NETWORK – NOT A TEE\n")
      #expect(streams.text(.output).isEmpty)
    }
  }

  @Test func `colour is for terminals that want it`() {
    func styled(_ traits: TerminalTraits, _ format: OutputFormat = .text) -> String {
      Console(format: format, traits: traits, streams: CollectedStreams()).styled("x", .green)
    }
    #expect(styled(terminal) == "\u{1B}[32mx\u{1B}[0m")
    #expect(styled(.plain) == "x")
    #expect(styled(terminal, .json) == "x")
    #expect(!TerminalTraits.detected(environment: ["NO_COLOR": "1"]).allowsColour)
    #expect(!TerminalTraits.detected(environment: ["TERM": "dumb"]).allowsColour)
    #expect(TerminalTraits.detected(environment: ["NO_COLOR": "", "TERM": "xterm"]).allowsColour)
  }

  @Test func `a failure says what happened and what to do, in both forms`() {
    let failure = CommandFailure(.notFound, "no wallet", advice: "quorate wallet create")
    let text = CollectedStreams()
    Console(format: .text, traits: .plain, streams: text).report(failure)
    #expect(text.text(.error) == "error: no wallet\n  try: quorate wallet create\n")
    #expect(text.text(.output).isEmpty)
    let json = CollectedStreams()
    Console(format: .json, traits: .plain, streams: json).report(failure)
    #expect(
      json.text(.output)
        == #"{"error":{"code":"not_found","message":"no wallet","advice":"quorate wallet create"}}"# + "\n")
  }

  @Test func `every failure code has an exit code that is not success`() {
    for code in CommandFailure.Code.allCases { #expect(CommandFailure(code, "").exitCode != 0) }
  }
}

@Suite(.timeLimit(.minutes(2))) struct WaitingLineTests {
  private let streams = CollectedStreams()

  private func line(_ format: OutputFormat = .text, isTerminal: Bool = true) -> WaitingLine {
    let traits = TerminalTraits(outputIsTerminal: isTerminal, errorIsTerminal: isTerminal, allowsColour: false)
    return WaitingLine(console: Console(format: format, traits: traits, streams: streams), title: "work")
  }

  /// Work that is over when the line was seen.
  private func untilSeen() async throws {
    while !streams.text(.error).contains("… work") { try await Task.sleep(for: .milliseconds(10)) }
  }

  private var isTakenAway: Bool { streams.text(.error).hasSuffix(StepDisplay.clearLine + "\u{1B}[?7h") }

  @Test func `a line is drawn while something is waited for, and taken away when it is over`() async throws {
    try await line().during { try await untilSeen() }
    #expect(isTakenAway)
    #expect(streams.text(.output).isEmpty)
  }

  @Test func `a failure takes the line away, too`() async throws {
    await #expect(throws: CommandFailure.self) {
      try await line().during {
        try await untilSeen()
        throw CommandFailure(.notValid, "over")
      }
    }
    #expect(isTakenAway)
  }

  @Test func `nothing is drawn where nobody looks`() async throws {
    for line in [line(isTerminal: false), line(.json)] {
      #expect(
        try await line.during {
          try await Task.sleep(for: .milliseconds(400))
          return 1
        } == 1)
    }
    #expect(streams.text(.output).isEmpty && streams.text(.error).isEmpty)
  }
}

@Suite struct ProgressBarTests {
  @Test func `short work draws nothing`() {
    var bar = ProgressBar(title: "t", total: 100, now: .zero)
    #expect(bar.advance(to: 50, now: .milliseconds(200)) == nil)
    #expect(bar.finish() == nil)
  }

  @Test func `it is drawn at most ten times a second`() {
    var bar = ProgressBar(title: "t", total: 1000, now: .zero)
    let drawn = (1...1000).count { bar.advance(to: UInt64($0), now: .milliseconds(2 * $0)) != nil }
    #expect((15...20).contains(drawn))
    #expect(bar.finish() == "\r\u{1B}[2K")
  }

  @Test func `it shows how much of how much and how fast`() {
    let bar = ProgressBar(title: "reading", total: 4 << 20, width: 4, now: .zero)
    #expect(bar.line(done: 2 << 20, elapsed: .seconds(2)) == "reading  ██░░ 50%  2.0 MiB of 4.0 MiB  1.0 MiB/s")
  }

  @Test func `without a known total there is no bar`() {
    let bar = ProgressBar(title: "reading", total: nil, now: .zero)
    #expect(bar.line(done: 1024, elapsed: .seconds(1)) == "reading  1.0 KiB  1.0 KiB/s")
  }

  @Test func `amounts read as people write them`() {
    #expect(
      [0, 1023, 1024, 1_572_864, 1 << 40].map { ByteCount.text($0) } == [
        "0 B", "1023 B", "1.0 KiB", "1.5 MiB", "1.0 TiB",
      ])
    #expect(
      [Duration.milliseconds(5), .milliseconds(2_499), .seconds(192)].map(\.text) == ["5 ms", "2.4 s", "3 min 12 s"])
  }
}
