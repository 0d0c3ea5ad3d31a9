import Authorization
import Client
import Foundation
import Identifiers
import IdentityEncryption
import NodeTestKit
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
