import Identifiers
import Synchronization
import Wire

/// Shows a sequence of steps: one line each when it is done, and on a terminal a changing line while it runs.
///
/// In JSON form every step gives
/// `{"event":"step","step","status":"started"|"finished"|"failed","milliseconds"?,"facts"?}`.
struct StepDisplay: Sendable {
  let console: Console
  var titleWidth = 36

  func run<Value>(
    _ name: String, _ title: String, isolation: isolated (any Actor)? = #isolation,
    _ work: (Step) async throws -> Value
  ) async throws -> Value {
    let step = Step(name: name, title: title, display: self)
    let started = console.elapsed()
    console.event(step.json("started", nil))
    console.redraw(step.runningLine)
    do {
      let value = try await work(step)
      let took = console.elapsed() - started
      console.redraw(Self.clearLine)
      console.event(step.json("finished", took))
      console.line(step.line(mark: console.styled("✓", .green), took: took))
      return value
    } catch {
      console.redraw(Self.clearLine)
      console.event(step.json("failed", console.elapsed() - started))
      console.line(step.line(mark: console.styled("✗", .red), took: console.elapsed() - started))
      throw error
    }
  }

  func heading(_ text: String) {
    console.line("\n" + console.styled(text, .bold))
  }

  static let clearLine = "\r\u{1B}[2K"
}

/// One running step and what there is to say about it.
final class Step: Sendable {
  private let name: String
  private let title: String
  private let display: StepDisplay
  private let state = Mutex<(note: String, facts: [JSONMember])>(("", []))

  fileprivate init(name: String, title: String, display: StepDisplay) {
    self.name = name
    self.title = title
    self.display = display
  }

  /// Replaces the remark behind the title.
  func note(_ text: String) {
    let changed = state.withLock { state in
      defer { state.note = text }
      return state.note != text
    }
    if changed { display.console.redraw(runningLine) }
  }

  /// Something a script wants to know when the step is over.
  func fact(_ name: String, _ value: JSONValue) {
    state.withLock { state in
      state.facts.removeAll { $0.name == name }
      state.facts.append(JSONMember(name, value))
    }
  }

  fileprivate var runningLine: String {
    let note = state.withLock { $0.note }
    return StepDisplay.clearLine
      + "… \(title.padded(to: display.titleWidth)) \(display.console.styled(note, .faint, on: .error))"
  }

  fileprivate func line(mark: String, took: Duration) -> String {
    let note = state.withLock { $0.note }
    let text = "\(mark) \(title.padded(to: display.titleWidth)) \(note)"
    return text + display.console.styled("  \(took.text)", .faint)
  }

  fileprivate func json(_ status: String, _ took: Duration?) -> JSONValue {
    var fields = [
      JSONMember("event", .string("step")), JSONMember("step", .string(name)), JSONMember("status", .string(status)),
    ]
    if let took { fields.append(JSONMember("milliseconds", .integer(took.milliseconds))) }
    let facts = state.withLock { $0.facts }
    if !facts.isEmpty { fields.append(JSONMember("facts", .object(facts))) }
    return .object(fields)
  }
}
