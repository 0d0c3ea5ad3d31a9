import ActionNames
@testable import Actions
import Testing

/// Each limit at its value and one beyond.
@Suite(.needsSandbox) struct LimitTests {
  static let loops: [(ActionLimit, String)] = [
    (.fetches, "await fetch('https://example.com/')"),
    (.signatures, "await Lit.Actions.signEcdsa({toSign:[1],publicKey:'04',sigName:'s'})"),
    (.signatures, "await Lit.Actions.signAndCombineEcdsa({toSign:[1],publicKey:'04',sigName:'s'})"),
    (
      .signatures,
      "await Lit.Actions.ethPersonalSignMessageEcdsa({message:'m',publicKey:'04',sigName:'s'})"
    ),
    (
      .signatures,
      "await Lit.Actions.signAsAction({toSign:[1],sigName:'s',signingScheme:'EcdsaK256Sha256'})"
    ),
    (.broadcasts, "await Lit.Actions.broadcastAndCollect({name:'n',value:'v'})"),
    (.broadcasts, "await Lit.Actions.runOnce({waitForResponse:true,name:'n'}, async () => 1)"),
    (.contractCalls, "await Lit.Actions.callContract({chain:'c',txn:'0x00'})"),
    (.contractCalls, "await Lit.Actions.getLatestNonce({chain:'c',address:'0x00'})"),
    (
      .decryptions,
      "await Lit.Actions.decryptAndCombine({accessControlConditions:[1],ciphertext:'c',dataToEncryptHash:'h',chain:'e'})"
    ),
    (.calls, "await Lit.Actions.call({ipfsId:'\(LimitTests.child.text)'})"),
    (.operations, "await Lit.Actions.getRpcUrl({chain:'c'})"),
  ]
  static let childCode = "Lit.Actions.setResponse({response:'child'})"
  static let child = ActionID(of: Array(childCode.utf8))

  @Test(arguments: loops.indices)
  func `J8 An operation can be asked for as often as its limit says and not once more`(place: Int) async throws {
    let (limit, call) = Self.loops[place]
    let fixed = ActionLimits.forTests.with(limit, 3)
    let operations = RecordingOperations(actions: [Self.childCode])
    let code = { (count: Int) in "(async () => { for (let i = 0; i < \(count); i++) { \(call); console.log(i); } })()" }
    let (atLimit, beyond) = try await Stage.run { stage in
      let atLimit = await stage.run(code(3), limits: fixed, operations: operations)
      let asked = operations.costing
      let beyond = await stage.run(code(4), limits: fixed, operations: operations)
      // The one that went beyond reached nobody.
      #expect(operations.costing == 2 * asked)
      return (atLimit, beyond)
    }
    #expect(atLimit.failure == nil)
    #expect(beyond.failure == .limit(limit))
    #expect(beyond.logs == "0\n1\n2\n")
  }

  @Test func `J8 A catch around it does not help`() async throws {
    var limits = ActionLimits.forTests
    limits.fetches = 1
    let fixed = limits
    let outcome = try await Stage.run { stage in
      await stage.run(
        "(async () => { for (;;) { try { await fetch('https://example.com/'); } catch {} } })()", limits: fixed)
    }
    #expect(outcome.failure == .limit(.fetches))
    #expect(outcome.usage.fetches == 1)
  }

  @Test func `J3 A loop ends at the time limit, and the next run is not touched`() async throws {
    var limits = ActionLimits()
    limits.time = .milliseconds(700)
    let fixed = limits
    let outcomes = try await Stage.run { stage in
      var outcomes: [ActionOutcome] = []
      for code in [
        "while (true) {}", "(async () => { for (;;) await null; })()", "setInterval(() => {}, 1)",
        "/^(a+)+$/.test('a'.repeat(50) + '!')",
        "(function f() { queueMicrotask(f); queueMicrotask(f); })()",
      ] {
        outcomes.append(await stage.run(code, limits: fixed))
      }
      // The next one is not touched.
      #expect(await stage.run("console.log(1)").logs == "1\n")
      return outcomes
    }
    #expect(
      outcomes.dropLast().map(\.failure) == [.limit(.time), .limit(.time), .limit(.time), .limit(.time)])
    // A flood may run out of memory first.
    #expect([.limit(.time), .limit(.memory)].contains(outcomes.last?.failure))
  }

  @Test func `J3 N A loop goes on where nobody keeps the time`() async throws {
    var short = ActionLimits.forTests
    short.time = .seconds(1)
    let limits = [ActionLimits.forTests, short]
    let (endless, timed) = try await Stage.run { stage in
      let endless = Task { await stage.run("console.log('on'); for (;;) {}", limits: limits[0]) }
      let timed = await stage.run("for (;;) {}", limits: limits[1])
      // The one with a deadline is over; the other one would never be.
      endless.cancel()
      return (await endless.value, timed)
    }
    #expect(timed.failure == .limit(.time))
    #expect(endless.failure == .cancelled)
    #expect(endless.logs == "on\n")
  }

  @Test func `J4 The response fits at its limit; one more is refused by the worker and by the host`() async throws {
    var limits = ActionLimits.forTests
    limits.response = 1000
    let fixed = limits
    let (fits, caught) = try await Stage.run { stage in
      (
        await stage.run("Lit.Actions.setResponse({response: 'é'.repeat(500)})", limits: fixed),
        await stage.run(
          "try { Lit.Actions.setResponse({response: 'x'.repeat(1001)}) } catch { console.log('caught') }",
          limits: fixed)
      )
    }
    #expect(fits.response?.utf8.count == 1000)
    #expect(caught.response == nil)
    #expect(caught.logs == "caught\n")
  }

  @Test func `J4 Logs fit at their limit, and the line beyond throws`() async throws {
    var limits = ActionLimits.forTests
    limits.logs = 1000
    let fixed = limits
    let (fits, beyond, flood) = try await Stage.run { stage in
      (
        await stage.run("console.log('x'.repeat(999))", limits: fixed),
        await stage.run("console.log('x'.repeat(1000))", limits: fixed),
        await stage.run("for (;;) console.log('x'.repeat(100))", limits: fixed)
      )
    }
    #expect(fits.failure == nil)
    #expect(fits.logs.utf8.count == 1000)
    for outcome in [beyond, flood] {
      guard case .code(let text)? = outcome.failure else {
        Issue.record("\(String(describing: outcome.failure))")
        continue
      }
      #expect(text.hasPrefix("Uncaught Error: console output is limited to 1000 bytes"))
      #expect(outcome.logs.utf8.count <= 1000)
    }
  }

  @Test func `J4 Code and parameters fit at their limits and not one byte beyond`() async throws {
    var limits = ActionLimits.forTests
    limits.code = 100
    limits.parameters = 10
    let fixed = limits
    let outcomes = try await Stage.run { stage in
      [
        await stage.run(String(repeating: " ", count: 100), limits: fixed),
        await stage.run(String(repeating: " ", count: 101), limits: fixed),
        await stage.run("", parameters: #"{"a":1234}"#, limits: fixed),
        await stage.run("", parameters: #"{"a":12345}"#, limits: fixed),
      ]
    }
    #expect(outcomes.map(\.failure) == [nil, .limit(.code), nil, .limit(.parameters)])
  }

  @Test func `J8 Calls nest as deep as the limit and no deeper`() async throws {
    var limits = ActionLimits.forTests
    limits.depth = 2
    let fixed = limits
    // Each calls the next one by its name.
    var codes = ["Lit.Actions.setResponse({response:'innermost'})"]
    for _ in 0..<3 {
      let inner = ActionID(of: Array(codes[codes.count - 1].utf8)).text
      codes.append(
        "(async () => Lit.Actions.setResponse({response: 'in ' + await Lit.Actions.call({ipfsId:'\(inner)'})}))()")
    }
    let all = codes
    let operations = RecordingOperations(actions: all)
    let (atLimit, beyond) = try await Stage.run { stage in
      (
        await stage.run(all[2], limits: fixed, operations: operations),
        await stage.run(all[3], limits: fixed, operations: operations)
      )
    }
    #expect(atLimit.failure == nil)
    #expect(atLimit.response == "in in innermost")
    #expect(beyond.failure == .limit(.depth))
    #expect(operations.callers.map(\.stack.count).max() == 2)
  }

  @Test(arguments: [
    "const a = []; for (;;) a.push(new Array(100000).fill(1.5));",
    "let s = 'x'; for (;;) s += s + Math.random();",
    "const a = []; for (;;) a.push(new Uint8Array(1 << 24).fill(1));",
    "const a = []; for (;;) { const m = new WebAssembly.Memory({initial: 256}); new Uint8Array(m.buffer).fill(1); a.push(m); }",
    "const a = []; for (;;) a.push(structuredClone(new Uint8Array(1 << 22).fill(1)));",
  ])
  func `J4 Memory ends, and the next run is as before`(bomb: String) async throws {
    var configuration = WorkerPool.Configuration.forTests
    configuration.memory = 64 << 20
    var limits = ActionLimits()
    limits.time = .seconds(60)
    let fixed = limits
    let (bombed, next) = try await Stage.run(configuration) { stage in
      (await stage.run(bomb, limits: fixed), await stage.run("Lit.Actions.setResponse({response:'ok'})"))
    }
    switch bombed.failure {
    case .limit(.memory): break
    // Buffers and strings have errors of their own when no more are to be had.
    case .code(let text): #expect(text.contains("RangeError") || text.contains("out of memory"))
    default: Issue.record("\(String(describing: bombed.failure))")
    }
    #expect(next.response == "ok")
    #expect(next.failure == nil)
  }

  @Test func `J4 N A bomb goes off where the kernel holds no limit`() async throws {
    let bomb = """
      const all = [];
      for (let count = 0; count < 300; count++) all.push(new Uint8Array(1 << 20).fill(1));
      Lit.Actions.setResponse({ response: "took 300 MiB" });
      """
    var configuration = WorkerPool.Configuration.forTests
    configuration.memory = 64 << 20
    let held = try await Stage.run(configuration) { stage in await stage.run(bomb) }
    #expect(held.response == nil && held.failure != nil)
    let loose = try await Stage.run(configuration, content: { $0.memory = 1 << 30 }) { stage in await stage.run(bomb) }
    #expect(loose.response == "took 300 MiB")
  }

  @Test func `J4 A stack that overflows is an error an action can catch`() async throws {
    let outcome = try await Stage.run { stage in
      await stage.run("function f() { f(); } try { f(); } catch (e) { console.log(e.name); }")
    }
    #expect(outcome.logs == "RangeError\n")
  }
}

extension RecordingOperations {
  /// Without the question who leads, which is free.
  fileprivate var costing: Int { labels.filter { !$0.hasPrefix("runOnceRole") }.count }
}

extension ActionLimits {
  fileprivate func with(_ limit: ActionLimit, _ value: Int) -> ActionLimits {
    var limits = self
    switch limit {
    case .fetches: limits.fetches = value
    case .signatures: limits.signatures = value
    case .broadcasts: limits.broadcasts = value
    case .contractCalls: limits.contractCalls = value
    case .decryptions: limits.decryptions = value
    case .calls: limits.calls = value
    case .depth: limits.depth = value
    case .operations: limits.operations = value
    case .time, .memory, .code, .parameters, .response, .logs: break
    }
    return limits
  }
}
