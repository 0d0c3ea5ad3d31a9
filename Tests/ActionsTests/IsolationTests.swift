import ActionNames
@testable import Actions
import Foundation
import Testing

@Suite(.needsSandbox) struct IsolationTests {
  private static let leave = """
    globalThis.left = jsParams.secret; Object.prototype.left = 1; Array.prototype.left = 1;
    Lit.Actions.constructor.left = 1; Symbol.for("left"); performance.mark?.("left");
    try { localStorage.setItem("left", "1"); } catch {}
    (async () => { try { (await caches.open("left")).put("http://left/", new Response("1")); } catch {} })();
    """
  private static let find = """
    const found = [];
    if (typeof left !== "undefined" || {}.left || [].left) found.push("global");
    try { if (localStorage.getItem("left")) found.push("storage"); } catch {}
    try { if (performance.getEntriesByName("left").length) found.push("marks"); } catch {}
    console.log(JSON.stringify(found), JSON.stringify(jsParams));
    """

  @Test func `J5 Two users' runs share no globals, no caches and no storage`() async throws {
    let (first, second, third) = try await Stage.run { stage in
      async let first = stage.run(Self.leave, parameters: #"{"secret":"of-the-first-user"}"#)
      async let second = stage.run(Self.find, parameters: #"{"mine":2}"#)
      let both = await (first, second)
      return (both.0, both.1, await stage.run(Self.find, parameters: #"{"mine":3}"#))
    }
    #expect(first.failure == nil)
    #expect(second.logs == "[] {\"mine\":2}\n")
    #expect(third.logs == "[] {\"mine\":3}\n")
  }

  @Test func `J5 N One process for both would show the second what the first left`() async throws {
    // Both in one worker, as a node that reused processes would run them.
    let outcome = try await Stage.run { stage in
      await stage.run(Self.leave + Self.find, parameters: #"{"secret":"of-the-first-user"}"#)
    }
    #expect(outcome.logs.hasPrefix("[\"global\""))
    #expect(outcome.logs.contains("of-the-first-user"))
  }

  @Test func `J6 A nested call runs what its name says, under its own name`() async throws {
    let child = "Lit.Actions.setResponse({response: JSON.stringify(Lit.Auth.actionIpfsIdStack) + (typeof left)})"
    let childID = ActionID(of: Array(child.utf8))
    let parent = """
      globalThis.left = 1;
      (async () => {
        const answer = await Lit.Actions.call({ ipfsId: "\(childID)", params: { a: 1 } });
        console.log(answer);
        await Lit.Actions.signEcdsa({ toSign: [1], publicKey: "04", sigName: "s" });
      })();
      """
    let operations = RecordingOperations(actions: [child])
    let outcome = try await Stage.run { stage in await stage.run(parent, operations: operations) }
    #expect(outcome.failure == nil)
    #expect(outcome.logs == "[\"\(outcome.action)\",\"\(childID)\"]undefined\n")
    #expect(outcome.response == "[\"\(outcome.action)\",\"\(childID)\"]undefined")
    #expect(operations.callers.last?.action == outcome.action)
    #expect(operations.labels == ["call#0", "sign#0"])
  }

  @Test func `A13 What a nested action asks for counts as its own`() async throws {
    let child = "Lit.Actions.signEcdsa({ toSign: [1], publicKey: '04', sigName: jsParams.n })"
    let childID = ActionID(of: Array(child.utf8))
    let operations = RecordingOperations(actions: [child])
    let outcome = try await Stage.run { stage in
      await stage.run(
        "(async () => { for (const n of ['a', 'b']) await Lit.Actions.call({ipfsId:'\(childID)',params:{n}}) })()",
        operations: operations)
    }
    #expect(outcome.failure == nil)
    #expect(operations.labels == ["call#0", "call#0/sign#0", "call#1", "call#1/sign#0"])
    #expect(operations.callers.map(\.action) == [outcome.action, childID, outcome.action, childID])
    #expect(outcome.usage.signatures == 2)
  }

  @Test func `J6 Other bytes than those of the name do not run`() async throws {
    struct Liar: ActionOperations {
      func code(of action: ActionID, by caller: ActionCaller) async throws(OperationRefusal) -> [UInt8] {
        Array("Lit.Actions.setResponse({response:'swapped'})".utf8)
      }
    }
    let name = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o"
    let outcome = try await Stage.run { stage in
      await stage.run(
        "Lit.Actions.call({ipfsId:'\(name)'}).catch((e) => console.log(e.message))", operations: Liar())
    }
    #expect(outcome.logs == "the code found is not that of \(name)\n")
    #expect(outcome.response == nil)
  }

  @Test func `A failure inside a call can be caught; a limit cannot`() async throws {
    let failing = "throw new Error('inner')"
    let looping = "for (;;) {}"
    let names = [failing, looping].map { ActionID(of: Array($0.utf8)).text }
    let operations = RecordingOperations(actions: [failing, looping])
    var short = ActionLimits.forTests
    short.time = .seconds(2)
    let limits = [ActionLimits.forTests, short]
    let outcomes = try await Stage.run { stage in
      var outcomes: [ActionOutcome] = []
      for (name, fixed) in zip(names, limits) {
        outcomes.append(
          await stage.run(
            "Lit.Actions.call({ipfsId:'\(name)'}).catch((e) => console.log(e.message)).then(() => console.log('on'))",
            limits: fixed, operations: operations))
      }
      return outcomes
    }
    #expect(outcomes[0].failure == nil)
    #expect(outcomes[0].logs.hasPrefix("Uncaught Error: inner\n"))
    #expect(outcomes[0].logs.hasSuffix("on\n"))
    #expect(outcomes[1].failure == .limit(.time))
    #expect(outcomes[1].logs.isEmpty)
  }

  @Test func `Operations of one action run side by side, at most as many as the width`() async throws {
    let operations = RecordingOperations(pause: .milliseconds(50))
    let outcome = try await Stage.run { stage in
      await stage.run(
        "Promise.all(Array.from({length: 40}, (_, i) => fetch(`https://example.com/${i}`)))"
          + ".then((all) => console.log(all.length))", operations: operations)
    }
    #expect(outcome.logs == "40\n")
    #expect(operations.labels == (0..<40).map { "fetch#\($0)" } || Set(operations.labels).count == 40)
  }

  @Test func `A library's globals are there before the action, and only where it names them`() async throws {
    var configuration = WorkerPool.Configuration.forTests
    configuration.withLibraries = 1
    let library = ActionLibrary(name: "ethers.js", source: "globalThis.ethers = { version: '5.7.2' };")
    let (with, without) = try await Stage.run(configuration, libraries: [library]) { stage in
      (
        await stage.run("console.log(ethers.version)"),
        await stage.run("console.log(typeof globalThis['eth' + 'ers'])")
      )
    }
    #expect(with.logs == "5.7.2\n")
    #expect(without.logs == "undefined\n")
  }
}
