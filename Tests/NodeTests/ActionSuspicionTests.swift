import Aggregation
import Authorization
import Client
import Foundation
import Identifiers
import IdentityEncryption
import Membership
import NodeTestKit
import PublicKeys
import Synchronization
import Testing
import Transcripts
import Wire

@testable import Node

/// Nodes that do not do their part while an action runs, and what its user learns of them.
@Suite(.serialized) struct `Actions among nodes that lie` {
  private static let opening = Action(
    """
    (async () => {
      const { policy: accessControlConditions, ciphertext, dataToEncryptHash } = jsParams;
      try {
        await Lit.Actions.decryptToSingleNode({ accessControlConditions, ciphertext, dataToEncryptHash });
      } catch (error) {
        console.log(error.message);
      }
      Lit.Actions.setResponse({ response: "over" });
    })();
    """)

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `a node that gives a wrong share within an action is named to the user, and nobody else is`()
    async throws
  {
    let liar = Liar()
    try await withActionNetwork(replacingAt: { node, defences in
      defences.sessions = LyingRules(me: node, liar: liar)
    }) { network in
      let user = try TestUser(of: network)
      let plain = Array("a secret".utf8)
      let policy = try DecryptionPolicy(anyOf: [], orActions: [Self.opening.id])
      var encryptor = try await user.client.encryptor(for: policy)
      let start = try encryptor.header.encoded + encryptor.update(plain)
      let sealed = try start + encryptor.finish()
      let parameters = """
        {"policy":\(String(decoding: policy.bytes, as: UTF8.self)),"dataToEncryptHash":"\(Digest32.sha256(of: plain))",\
        "ciphertext":"\(Data(sealed).base64EncodedString())"}
        """
      let honest = try await Self.opening.run(by: user, parameters)
      #expect(honest.response == "over" && honest.failedOperations.isEmpty)
      #expect(honest.logs.values.allSatisfy { $0.isEmpty })

      let lying = try #require(honest.logs.keys.min())
      liar.become(lying)
      // The request's id chooses who collects the shares, and whoever lies does not lie to itself.
      for _ in 0..<16 {
        let result = try await Self.opening.run(by: user, parameters)
        #expect(result.response == "over")
        guard let (collector, failed) = result.failedOperations.first else { continue }
        #expect(result.failedOperations.count == 1 && collector != lying)
        #expect(failed.map(\.operation) == ["decryptToSingleNode#0"])
        #expect(failed.first?.outcome.code == .peerCheated)
        #expect(failed.first?.outcome.suspects == [.init(node: lying, reason: .cheated)])
        // The code learns that it failed, and not because of whom.
        #expect(result.logs[collector] == "decryption failed: \(ErrorCode.peerCheated.message)\n")
        return
      }
      Issue.record("sixteen requests all chose the liar")
    }
  }

  // MARK: A signature nobody can tell the spoiler of

  private static let signing = Action(
    """
    (async () => {
      const { digest, key } = jsParams;
      try {
        await Lit.Actions.signAndCombineEcdsa({ toSign: digest, publicKey: key, sigName: "s" });
      } catch (error) {
        console.log(error.message);
      }
      Lit.Actions.setResponse({ response: "over" });
    })();
    """)

  /// Five nodes, of which the first one of the client's quorum spoils each signature from the second run on.
  private func withSpoiler(
    _ body: (TestNetwork, NodeID, () async throws -> ActionResult, TestUser) async throws -> Void
  ) async throws {
    let liar = Liar()
    try await withActionNetwork(replacingAt: { node, defences in
      defences.sessions = SpoilingRules(me: node, liar: liar)
    }) { network in
      try await network.waitUntil(within: .seconds(60)) { await $0.status?.pairSetups.ready == 4 }
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.secp256k1ECDSA, kinds: [.raw])
      let parameters = #"{"digest":\#(Digest32.sha256(of: [7]).bytes),"key":"\#(record.key)"}"#
      let run = {
        let result = try await Self.signing.run(by: user, parameters, granting: [.sign(with: record.key)])
        #expect(result.response == "over")
        return result
      }
      let honest = try await run()
      #expect(honest.failedOperations.isEmpty && honest.logs.values.allSatisfy { $0.isEmpty })
      let spoiler = try #require(honest.logs.keys.min())
      liar.become(spoiler)
      try await body(network, spoiler, run, user)
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `P40 who spoils signatures of actions is left out in the end, although every run has a result`() async throws {
    try await withSpoiler { _, spoiler, run, _ in
      for _ in 0..<5 {
        let result = try await run()
        guard result.usage.keys.contains(spoiler) else {
          #expect(result.failedOperations.isEmpty && result.logs.values.allSatisfy { $0.isEmpty })
          return
        }
        // No node can tell whose part it was, and none says so.
        for (_, failed) in result.failedOperations {
          #expect(failed.map(\.operation) == ["signAndCombine#0"] && failed.first?.outcome.code == .disagreement)
          #expect(failed.first?.outcome.suspects.isEmpty == true)
        }
        #expect(Set(result.failedOperations.keys) == Set(result.usage.keys).subtracting([spoiler]))
      }
      Issue.record("every quorum had the spoiler in it")
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `P40 N clients that remember nothing meet the spoiler in every run`() async throws {
    try await withSpoiler { network, spoiler, _, user in
      let key = try await user.makeKey(.secp256k1ECDSA, kinds: [.raw]).key
      let parameters = Array(#"{"digest":\#(Digest32.sha256(of: [7]).bytes),"key":"\#(key)"}"#.utf8)
      let session = try user.session([.execute(Self.signing.id), .sign(with: key)])
      for _ in 0..<3 {
        let forgetful = try TestUser(of: network)
        forgetful.registry.refresh()
        let result = try await forgetful.client.run(Self.signing.code, parameters: parameters, as: session)
        #expect(result.usage.keys.contains(spoiler) && result.failedOperations.count == 3)
      }
    }
  }
}

private final class Liar: Sendable {
  private let node = Mutex<NodeID?>(nil)

  func become(_ node: NodeID) { self.node.withLock { $0 = node } }
  func isMe(_ node: NodeID) -> Bool { self.node.withLock { $0 == node } }
}

/// Sends something else than what the protocol makes for one peer alone.
private struct LyingRules: AlteredRules {
  let me: NodeID
  let liar: Liar
  var real = RequestSessionTable()

  init(me: NodeID, liar: Liar) {
    self.me = me
    self.liar = liar
  }

  mutating func send(_ frame: SessionFrame, to node: NodeID) -> RequestSessionTable.Action {
    var sent = frame
    if liar.isMe(me), frame.channel == .direct, let last = frame.payload.indices.last { sent.payload[last] ^= 1 }
    return real.send(sent, to: node)
  }

  mutating func receive(
    _ frame: SessionFrame, from peer: RequestSessionTable.Peer, at now: Duration
  ) -> RequestSessionTable.Action {
    real.receive(frame, from: peer, at: now)
  }
}

/// Tells all others the same wrong part of an ECDSA signature, so that they agree on it.
private struct SpoilingRules: AlteredRules {
  let me: NodeID
  let liar: Liar
  var real = RequestSessionTable()
  private var told: [SessionID: (honest: [UInt8], wrong: [UInt8])] = [:]

  init(me: NodeID, liar: Liar) {
    self.me = me
    self.liar = liar
  }

  mutating func send(_ frame: SessionFrame, to node: NodeID) -> RequestSessionTable.Action {
    real.send(spoiled(frame), to: node)
  }

  mutating func sendLast(
    _ frame: SessionFrame, to peer: RequestSessionTable.Peer
  ) -> RequestSessionTable.Action {
    real.sendLast(spoiled(frame), to: peer)
  }

  mutating func receive(
    _ frame: SessionFrame, from peer: RequestSessionTable.Peer, at now: Duration
  ) -> RequestSessionTable.Action {
    guard frame.channel == .echo, let told = told[frame.session] else {
      return real.receive(frame, from: peer, at: now)
    }
    // Its own run is to go on as if they had said they have what it has.
    return real.receive(echo(frame, saying: told.honest, insteadOf: told.wrong), from: peer, at: now)
  }

  private mutating func spoiled(_ frame: SessionFrame) -> SessionFrame {
    guard liar.isMe(me) else { return frame }
    var spoiled = frame
    switch frame.channel {
    case .broadcast where frame.payload.count == ECDSAContribution.byteCount:
      spoiled.payload[frame.payload.count - 1] ^= 1
      told[frame.session] = (frame.payload, spoiled.payload)
    case .echo:
      // What it says it holds of itself has to be what it told.
      if let told = told[frame.session] { return echo(frame, saying: told.wrong, insteadOf: told.honest) }
    default: break
    }
    return spoiled
  }

  private func echo(_ frame: SessionFrame, saying payload: [UInt8], insteadOf other: [UInt8]) -> SessionFrame {
    var changed = frame
    for party in 1...UInt64(5) {
      let (old, new) = (digest(other, of: party, frame), digest(payload, of: party, frame))
      for start in stride(from: 0, to: frame.payload.count, by: old.count)
      where Array(frame.payload[start..<start + old.count]) == old {
        changed.payload.replaceSubrange(start..<start + old.count, with: new)
      }
    }
    return changed
  }

  private func digest(_ payload: [UInt8], of party: UInt64, _ frame: SessionFrame) -> [UInt8] {
    TaggedHash.sha256(
      .broadcastEcho,
      [frame.session.bytes, UInt64(frame.round).bigEndianBytes, party.bigEndianBytes, payload]
    ).bytes
  }
}
