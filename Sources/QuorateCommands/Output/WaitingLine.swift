/// A line on the terminal while something is waited for that does not say how far it is: what, and for how long.
///
/// Nothing is drawn during the first quarter of a second, and nothing anywhere but on a terminal.
struct WaitingLine: Sendable {
  let console: Console
  let title: String

  private static let patience = Duration.milliseconds(250)
  private static let interval = Duration.milliseconds(100)

  func during<Value>(
    isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> Value
  ) async rethrows -> Value {
    guard console.showsProgress else { return try await work() }
    let started = console.elapsed()
    let drawing = Task { [self] in
      guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
      repeat {
        let waited = console.elapsed() - started
        console.redraw(StepDisplay.clearLine + "… \(title)  \(console.styled(waited.text, .faint, on: .error))")
      } while (try? await Task.sleep(for: Self.interval)) != nil
      console.redraw(StepDisplay.clearLine)
    }
    do {
      let value = try await work()
      await end(drawing)
      return value
    } catch {
      await end(drawing)
      throw error
    }
  }

  /// Until nothing of the line is left.
  private func end(_ drawing: Task<Void, Never>) async {
    drawing.cancel()
    await drawing.value
  }
}
