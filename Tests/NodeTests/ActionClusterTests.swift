import ActionNames
import Actions
import Authorization
import Client
import Curves
import Foundation
import Identifiers
import Logging
import Membership
import NodeHTTP
import NodeTestKit
import ProtocolTestKit
import PublicKeys
import Secrets
import Signatures
import Testing
import Transcripts
import Wire

@testable import Node

/// Nodes over real sockets that run actions, each in sandboxed workers of its own.
@Suite(.serialized) struct `Actions on nodes` {
  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `A13 an action signs with a key granted to it and one that names it, and with no other`() async throws {
    let signing = """
      (async () => {
        const { scheme, message } = jsParams;
        const said = [];
        for (const [sigName, publicKey] of Object.entries(jsParams.keys)) {
          try {
            await Lit.Actions.sign({ toSign: message, publicKey, sigName, signingScheme: scheme });
            said.push(`${sigName}: signed`);
          } catch (error) {
            said.push(`${sigName}: ${error.message}`);
          }
        }
        Lit.Actions.setResponse({ response: said.join("; ") });
      })();
      """
    try await withActionNetwork { network in
      let user = try TestUser(of: network)
      let other = try TestUser(of: network)
      let action = Action(signing)
      let granted = try await user.makeKey(.ed25519Sign)
      let ungranted = try await user.makeKey(.ed25519Sign)
      let named = try await other.makeKey(.ed25519Sign, kinds: [.raw], actions: [action.id])
      let foreign = try await other.makeKey(.ed25519Sign)
      user.registry.refresh()
      let namedPublic = try await user.client.publicKey(of: named.key)
      let refused = ErrorCode.notPermitted.message

      // Keys are named by their ids or by what they sign under.
      let parameters = """
        {"scheme":"SchnorrEd25519Sha512","message":[1,2,3],"keys":{"granted":"\(granted.key)",\
        "named":"0x\(Hex.encode(namedPublic.bytes))","foreign":"\(foreign.key)","ungranted":"\(ungranted.key)",\
        "unknown":"\(KeyID.zero)"}}
        """
      let result = try await action.run(
        by: user, parameters, granting: [.sign(with: granted.key), .sign(with: foreign.key)])
      #expect(
        result.response
          == "granted: signed; named: signed; foreign: \(refused); ungranted: \(refused); unknown: \(refused)")
      #expect(result.failure == nil, "\(result.logs)")
      #expect(Set(result.signatures.keys) == ["granted", "named"])
      for (name, record) in [("granted", granted), ("named", named)] {
        let signature = try #require(result.signatures[name])
        #expect(signature.key == record.key)
        #expect(
          Ed25519.isValid(signature: signature.signature, message: [1, 2, 3], publicKey: signature.publicKey.bytes))
      }

      // Every key of the user's is none of them, inside an action.
      let everything = try await action.run(by: user, parameters, granting: [.everything(.sign)])
      #expect(everything.response?.contains("granted: \(refused)") == true)
      #expect(Set(everything.signatures.keys) == ["named"])

      // Other code is another action.
      let changed = try await Action(signing + "\n").run(by: user, parameters)
      #expect(changed.response?.contains("named: \(refused)") == true)
      #expect(changed.signatures.isEmpty)
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `P1 an action signs by ECDSA and as a wallet, several times at once`() async throws {
    try await withActionNetwork { network in
      try await network.waitUntil(within: .seconds(60)) { await $0.status?.pairSetups.ready == 4 }
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.secp256k1ECDSA, kinds: [.raw, .eip191])
      let publicKey = try await user.client.publicKey(of: record.key)
      let point = try Secp256k1.Element(canonicalBytes: publicKey.bytes)
      let action = Action(
        """
        (async () => {
          const { digest, publicKey } = jsParams;
          await Promise.all([
            Lit.Actions.signEcdsa({ toSign: digest, publicKey, sigName: "digest" }),
            Lit.Actions.ethPersonalSignMessageEcdsa({ message: "log in", publicKey, sigName: "login" }),
          ]);
          Lit.Actions.setResponse({ response: "signed" });
        })();
        """)
      let digest = Digest32.sha256(of: [9])
      let result = try await action.run(
        by: user, #"{"digest":\#(digest.bytes),"publicKey":"0x\#(Hex.encode(publicKey.bytes))"}"#,
        granting: [.sign(with: record.key)])
      #expect(result.response == "signed", "\(result.logs) \(String(describing: result.failure))")
      let raw = try #require(result.signatures["digest"])
      #expect(raw.message == digest.bytes)
      #expect(ECDSASecp256k1.isValid(signature: raw.signature, digest: digest, publicKey: point))
      let login = try #require(result.signatures["login"]?.ecdsa)
      let message = try #require(result.signatures["login"]?.message)
      let recovered = try EthereumSignature.recover(
        digest: Digest32(bytes: message), signature: login.compact + [27 + login.recoveryID])
      #expect(try recovered == WalletAddress(publicKey: point))
      #expect(message == EIP191.digest(Array("log in".utf8)).bytes)
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `J2 an action reaches no node's own machine, whatever it asks for`() async throws {
    try await withActionNetwork { network in
      let user = try TestUser(of: network)
      let ports = await network.nodes.asyncCompactMap { await $0.addresses?.admin.port }
      let result = try await Action(
        """
        (async () => {
          const said = [];
          for (const host of ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "0x7f.1"]) {
            try {
              await fetch(`http://${host}:${jsParams.port}/status`);
              said.push("reached");
            } catch (error) {
              said.push(error.message);
            }
          }
          Lit.Actions.setResponse({ response: JSON.stringify([...new Set(said)]) });
        })();
        """
      ).run(by: user, #"{"port":\#(try #require(ports.first))}"#)
      #expect(result.response == #"["there is no such host that actions may reach"]"#)
      #expect(result.usage.values.allSatisfy { $0.fetches == 5 })
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `J5 nodes exchange values under one name, all see the same, and other names do not meet`() async throws {
    try await withActionNetwork { network in
      let user = try TestUser(of: network)
      let exchange = Action(
        """
        (async () => {
          const drawn = crypto.randomUUID();
          const all = await Lit.Actions.broadcastAndCollect({ name: "number", value: drawn });
          const first = await Lit.Actions.broadcastAndCollect({ name: "first", value: all[0] });
          Lit.Actions.setResponse({
            response: JSON.stringify({ count: all.length, mine: all.includes(drawn), all, first: [...new Set(first)] }) });
        })();
        """)
      let response = try #require(try await exchange.run(by: user, "{}").response)
      #expect(response.hasPrefix(#"{"count":4,"mine":true,"all":["#))
      let again = try #require(try await exchange.run(by: user, "{}").response)
      #expect(again != response)

      let apart = try await Action(
        """
        (async () => {
          let said = "met";
          try {
            await Lit.Actions.broadcastAndCollect({ name: crypto.randomUUID(), value: "1" });
          } catch (error) {
            said = "apart";
          }
          let long = "sent";
          try {
            await Lit.Actions.broadcastAndCollect({ name: "long", value: "x".repeat(16385) });
          } catch (error) {
            long = error.message;
          }
          Lit.Actions.setResponse({ response: said + ", " + long });
        })();
        """
      ).run(by: user, "{}")
      #expect(apart.response == "apart, a value has at most 16384 bytes")
      for node in await network.nodes { #expect(await node.status?.sessions == 0) }
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `A4 an action that is not granted does not run, nor does other code than was granted`() async throws {
    try await withActionNetwork { network in
      let user = try TestUser(of: network)
      let action = Action("Lit.Actions.setResponse({ response: '1' });")
      let other = Action("Lit.Actions.setResponse({ response: '2' });")
      let wrong: [Set<Grant>] = [[.execute(other.id)], [.everything(.sign), .everything(.decrypt)]]
      for grants in wrong {
        await #expect(throws: ClientError.refused(.notPermitted)) {
          try await user.client.run(action.code, as: user.session(grants))
        }
      }
      #expect(try await user.client.run(action.code, as: user.session([.everything(.execute)])).response == "1")
      // Nothing ran that was refused.
      for node in await network.nodes {
        let runs = await node.metrics.render().split(separator: "\n")
          .filter { $0.hasPrefix("quorate_requests_total") && $0.contains("execute") }
        #expect(runs.allSatisfy { $0.hasSuffix(" 1") }, "\(runs)")
      }
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `J3 an endless loop ends at its time, and requests beside and after it are served`() async throws {
    var limits = NodeLimits()
    limits.actionTime = .seconds(4)
    limits.actionRunsPerWallet = 1
    try await withActionNetwork(limits: limits) { network in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      async let looping = Action("console.log('on'); for (;;) {}").run(by: user, "{}")
      let session = try user.session([.sign(with: record.key)])
      // Its place is taken meanwhile, other wallets' are not.
      let nodes = try await `Five nodes in one process`.running(network.nodes.prefix(4))
      let small = Action("Lit.Actions.setResponse({ response: '1' });")
      try await network.waitUntil(within: .seconds(3), of: Array(network.nodes.prefix(4))) {
        await $0.status?.pendingRequests == 1
      }
      let second = try ManualRequest(
        .execute(code: small.code, parameters: []), to: nodes, as: user.session([.execute(small.id)]),
        issuedAt: network.clock.wall)
      #expect(try await second.outcome(at: nodes[0]) == .failed(FailedOutcome(code: .tooManyRequests)))
      #expect(try await small.run(by: TestUser(of: network), "{}").response == "1")
      for byte: UInt8 in 1...3 { _ = try await user.client.sign(.message([byte]), with: record.key, as: session) }
      let looped = try await looping
      #expect(looped.failure == .limit(.time))
      #expect(looped.response == nil)
      #expect(Set(looped.logs.values) == ["on\n"])

      let bomb = try await Action("const all = []; for (;;) all.push(new Array(1e6).fill(all.length));")
        .run(by: user, "{}")
      #expect([.limit(.memory), .limit(.time)].contains(bomb.failure), "\(String(describing: bomb.failure))")
      let thrown = try await Action("console.log('before'); nothing.here();").run(by: user, "{}")
      guard case .code(let text) = thrown.failure else {
        Issue.record("\(String(describing: thrown.failure))")
        return
      }
      #expect(text.contains("nothing is not defined"))
      #expect(try await small.run(by: user, "{}").response == "1")
      for node in await network.nodes {
        let status = await node.status
        #expect(status?.pendingRequests == 0 && status?.sessions == 0)
        guard case .running = status?.actions else {
          Issue.record("\(String(describing: status?.actions))")
          continue
        }
      }
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `O9 parameters, prints and answers are in no log, metric, status or file of a node`() async throws {
    let logs = LogCapture()
    try await withActionNetwork(logger: logs.logger(label: "test")) { network in
      let user = try TestUser(of: network)
      let canary = "canary-\(UUID().uuidString)"
      let action = Action(
        """
        console.log(jsParams.secret.split("").reverse().join(""));
        Lit.Actions.setResponse({ response: jsParams.secret + "!" });
        throw new Error(jsParams.secret.slice(7).toLowerCase());
        """)
      let result = try await action.run(by: user, #"{"secret":"\#(canary)"}"#)
      #expect(result.response == canary + "!")
      guard case .code(let thrown) = result.failure else {
        Issue.record("\(String(describing: result.failure))")
        return
      }
      #expect(thrown.contains(canary.dropFirst(7).lowercased()))
      let scanner = CanaryScanner([
        Canary("the secret", canary.utf8), Canary("the print", String(canary.reversed()).utf8),
        Canary("the error", canary.dropFirst(7).lowercased().utf8), Canary("the code", action.code.prefix(40)),
      ])
      var places = [(name: "the log", bytes: Array(logs.lines.joined(separator: "\n").utf8))]
      for node in await network.nodes {
        places.append(("the metrics", Array(await node.metrics.render().utf8)))
        places.append(("the status", Array("\(String(describing: await node.status))".utf8)))
      }
      let files = FileManager.default.enumerator(at: network.directory, includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        if let content = try? Data(contentsOf: file) { places.append((file.lastPathComponent, Array(content))) }
      }
      #expect(places.count > 20)
      #expect(logs.lines.contains { $0.contains("execute") })
      for (place, bytes) in places {
        for finding in scanner.findings(in: bytes) {
          Issue.record("\(finding.canary) is in \(place) as \(finding.spelling)")
        }
        #expect(!scanner.findings(in: bytes + Array(canary.utf8)).isEmpty, "\(place) is not searched")
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `J8 a node without the sandbox runs nothing, says which part is missing, and signs as ever`() async throws {
    let action = Action("Lit.Actions.setResponse({ response: '1' });")
    try await withTestNetwork(
      examineSandbox: { () async throws(SandboxProblem) in
        try await SandboxProbe.examine(WorkerSandbox(launcher: "/nowhere/bwrap"))
      }
    ) { network in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      try await network.waitUntil(within: .seconds(20)) { node in
        guard case .missing(let part, _) = await node.status?.actions else { return false }
        return part == SandboxProblem.Part.launcher.rawValue
      }
      let session = try user.session([.execute(action.id)])
      let nodes = try await `Five nodes in one process`.running(network.nodes.prefix(4))
      let request = try ManualRequest(
        .execute(code: action.code, parameters: []), to: nodes, as: session, issuedAt: network.clock.wall)
      for node in nodes { #expect(await request.refusal(at: node) == .cannotExecute) }
      _ = try await user.client.sign(.message([1]), with: record.key, as: user.session([.sign(with: record.key)]))
    }
  }
}

extension Array {
  fileprivate func asyncCompactMap<Value>(_ transform: (Element) async throws -> Value?) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self {
      if let value = try await transform(element) { values.append(value) }
    }
    return values
  }
}
