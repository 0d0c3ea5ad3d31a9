@testable import Actions
import Testing

/// Files that try to reach what an action must not. Each prints `ESCAPED:` and what it reached, or only that it came to
/// its end.
@Suite(.needsSandbox) struct EscapeTests {
  static let files = Corpus.names(in: "Escapes")

  @Test(arguments: files) func `J1 An escape fails, and the action comes to its end`(file: String) async throws {
    let outcome = try await Stage.run { stage in await stage.run(try Corpus.text("Escapes/\(file)")) }
    #expect(outcome.failure == nil)
    #expect(outcome.logs == "held\n")
  }

  /// The runtime's modules that `jwt` is made of are in the process then.
  @Test(arguments: files) func `J1 An escape fails where the code names jwt, too`(file: String) async throws {
    let code = "/* jwt */" + (try Corpus.text("Escapes/\(file)"))
    let outcome = try await Stage.run { stage in await stage.run(code) }
    #expect(outcome.failure == nil)
    #expect(outcome.logs == "held\n")
  }

  @Test func `J1 The corpus has not shrunk`() {
    #expect(Self.files.count >= 6)
  }

  /// Each file escapes from a worker that leaves out what should hold it.
  @Test(arguments: files) func `J1 N An escape works where the worker leaves its wall out`(file: String) async throws {
    let outcome = try await Stage.run(content: { content in
      try content.weaken("main.js", "removeGlobals();\n", with: "")
      try content.weaken("main.js", "wrapTimers();\n", with: "")
      try content.weaken("main.js", "import { Script } from", with: "import { constants, Script } from")
      try content.weaken(
        "main.js", "{ filename: USER_SCRIPT }), []);\n} catch",
        with: """
          { filename: USER_SCRIPT,
          importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }), []);
          } catch
          """)
      try content.weaken("operations.js", "mapSet(pending, lastNumber,", with: "pending.set(lastNumber,")
      // A sloppy function of the worker, such as classic scripts have.
      try content.weaken(
        "actions.js", "value = anyText(`${await body()}`, \"the result\");",
        with: "value = await new (await import(\"node:vm\")).Script(\"(function (f) { return f(); })\")"
          + ".runInThisContext().call({ secret: 1 }, body);")
      content.command = content.command.map {
        $0.replacing(",--disallow-code-generation-from-strings", with: "")
      }
    }) { stage in
      await stage.run(try Corpus.text("Escapes/\(file)"))
    }
    #expect(outcome.logs.contains("ESCAPED:"), "\(outcome)")
  }
}

extension SandboxedProcess.Content {
  /// Replaces a part of a script; the part must be there.
  mutating func weaken(_ name: String, _ part: String, with other: String) throws {
    let place = try #require(scripts.firstIndex { $0.name == name })
    try #require(scripts[place].text.contains(part), "\(name) no longer has what the weakened double leaves out")
    scripts[place].text = scripts[place].text.replacing(part, with: other)
  }
}
