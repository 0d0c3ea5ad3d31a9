import ActionFetch
import ActionNames
import Actions
import Authorization
import Client
import Identifiers
import Membership
import NodeTestKit
import PublicKeys
import Signatures
import Synchronization
import Testing
import Wire

@testable import Node
@testable import QuorateCommands

/// Actions that come by their names, and actions that call others.
@Suite(.serialized) struct `Actions by name` {
  private static let child = Action(
    """
    (async () => {
      const said = [];
      for (const [sigName, publicKey] of Object.entries(keys)) {
        try {
          await Lit.Actions.sign({ toSign: [7], publicKey, sigName, signingScheme: "SchnorrEd25519Sha512" });
          said.push(`${sigName}: signed`);
        } catch (error) {
          said.push(`${sigName}: ${error.message}`);
        }
      }
      console.log("child of", Lit.Auth.actionIpfsIdStack.length - 1);
      Lit.Actions.setResponse({ response: JSON.stringify({ said, word, jsParams: typeof jsParams.word }) });
    })();
    """)

  private static func calling(_ child: ActionID) -> Action {
    Action(
      """
      (async () => {
        const { keys } = jsParams;
        const own = await Lit.Actions.call({ ipfsId: "\(child)", params: { keys, word: "from the parent" } });
        let said = "none";
        try {
          await Lit.Actions.sign({
            toSign: [8], publicKey: keys.childs, sigName: "mine", signingScheme: "SchnorrEd25519Sha512" });
        } catch (error) {
          said = error.message;
        }
        const unknown = await Lit.Actions.call({ ipfsId: "\(ActionID(of: [1]))" }).catch((error) => error.message);
        console.log("parent");
        Lit.Actions.setResponse({ response: JSON.stringify({ own: JSON.parse(own), said, unknown }) });
      })();
      """)
  }

  /// A gateway that has these, and what it was asked for.
  private final class Gateway: Sendable {
    let pages: LoopbackPages
    private let asked: Asked

    private final class Asked: Sendable {
      private let all = Mutex<[String]>([])
      func add(_ path: String) { all.withLock { $0.append(path) } }
      var paths: [String] { all.withLock(\.self) }
    }

    init(_ actions: [Action]) throws {
      let asked = Asked()
      let codes = Dictionary(actions.map { ("/ipfs/\($0.id)", $0.code) }) { first, _ in first }
      pages = try LoopbackPages { request in
        asked.add(request.path)
        return codes[request.path].map { LoopbackPages.Answer(body: $0) } ?? LoopbackPages.Answer(status: 404, body: [])
      }
      self.asked = asked
    }

    var paths: [String] { asked.paths }

    func surroundings() throws -> ActionSurroundings {
      var outside = ActionSurroundings()
      outside.code = try ActionGateways(
        templates: ["http://127.0.0.1:\(pages.port)/ipfs/{}"], mostCode: NodeLimits().ofActions.code)
      return outside
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `A13 J6 what an action calls signs with its own keys, and the caller not with those`() async throws {
    let parent = Self.calling(Self.child.id)
    let gateway = try Gateway([Self.child, parent])
    defer { gateway.pages.stop() }
    try await withActionNetwork(outside: try gateway.surroundings()) { network in
      let user = try TestUser(of: network)
      let other = try TestUser(of: network)
      let childs = try await other.makeKey(.ed25519Sign, kinds: [.raw], actions: [Self.child.id])
      let parents = try await other.makeKey(.ed25519Sign, kinds: [.raw], actions: [parent.id])
      let granted = try await user.makeKey(.ed25519Sign, kinds: [.raw])
      user.registry.refresh()
      let parameters = """
        {"keys":{"childs":"\(childs.key)","parents":"\(parents.key)","granted":"\(granted.key)"}}
        """
      let refused = ErrorCode.notPermitted.message
      let expected = """
        {"own":{"said":["childs: signed","parents: \(refused)","granted: signed"],"word":"from the parent",\
        "jsParams":"string"},"said":"\(refused)","unknown":"no gateway has the code of \(ActionID(of: [1]))"}
        """
      // With its code, and then by its name alone.
      let sent = try await parent.run(by: user, parameters, granting: [.sign(with: granted.key)])
      #expect(sent.response == expected, "\(String(describing: sent.failure))")
      let session = try user.session([.execute(parent.id), .sign(with: granted.key)])
      let named = try await user.client.run(parent.id, parameters: Array(parameters.utf8), as: session)
      #expect(named.response == expected && named.action == parent.id)
      for result in [sent, named] {
        #expect(Set(result.signatures.keys) == ["childs", "granted"])
        #expect(result.logs.values.allSatisfy { $0 == "child of 1\nparent\n" })
        #expect(result.usage.values.allSatisfy { $0.calls == 2 && $0.signatures == 4 })
        for (name, record) in [("childs", childs), ("granted", granted)] {
          let signature = try #require(result.signatures[name])
          #expect(signature.key == record.key)
          #expect(
            Ed25519.isValid(signature: signature.signature, message: [7], publicKey: signature.publicKey.bytes))
        }
      }
      #expect(Set(gateway.paths) == ["/ipfs/\(Self.child.id)", "/ipfs/\(parent.id)", "/ipfs/\(ActionID(of: [1]))"])
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `A4 a name that is not granted runs nothing, and one nobody has is said to be missing`() async throws {
    let small = Action("Lit.Actions.setResponse({ response: '1' });")
    let gateway = try Gateway([small])
    defer { gateway.pages.stop() }
    try await withActionNetwork(outside: try gateway.surroundings()) { network in
      let user = try TestUser(of: network)
      await #expect(throws: ClientError.refused(.notPermitted)) {
        try await user.client.run(small.id, as: user.session([.execute(ActionID(of: [1]))]))
      }
      #expect(gateway.paths.isEmpty)
      #expect(try await user.client.run(small.id, as: user.session([.execute(small.id)])).response == "1")

      let nodes = try await `Five nodes in one process`.running(network.nodes.prefix(4))
      let missing = try ManualRequest(
        .executeNamed(ActionID(of: [1]), parameters: []), to: nodes, as: user.session([.everything(.execute)]),
        issuedAt: network.clock.wall)
      for node in nodes {
        #expect(try await missing.outcome(at: node) == .failed(FailedOutcome(code: .codeNotFound)))
      }
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `J3 an action whose calls never end is stopped at its depth, and the next one runs`() async throws {
    // Each calls the one before it; the last of the row calls nothing.
    var row = [Action("Lit.Actions.setResponse({ response: 'deep' });")]
    for _ in 1...7 {
      row.append(
        Action(
          """
          (async () => {
            const said = await Lit.Actions.call({ ipfsId: "\(row[row.count - 1].id)" });
            Lit.Actions.setResponse({ response: said + "+" });
          })();
          """))
    }
    let gateway = try Gateway(row)
    defer { gateway.pages.stop() }
    try await withActionNetwork(outside: try gateway.surroundings()) { network in
      let user = try TestUser(of: network)
      let deepest = ActionLimits().depth
      #expect(try await row[deepest].run(by: user, "{}").response == "deep" + String(repeating: "+", count: deepest))
      let beyond = try await row[deepest + 1].run(by: user, "{}")
      #expect(beyond.failure == .limit(.depth))
      #expect(try await row[0].run(by: user, "{}").response == "deep")
    }
  }
}
