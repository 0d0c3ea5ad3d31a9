import Authorization
import Client
import Identifiers
import Membership
import NodeTestKit
import PublicKeys
import Signatures
import Testing
import Wire

@testable import Node

/// Actions that do something else on every node.
@Suite(.serialized) struct `Actions that differ` {
  /// Each node draws what it has signed.
  private static let torn = Action(
    """
    (async () => {
      const toSign = crypto.getRandomValues(new Uint8Array(32));
      let said = "signed";
      try {
        await Lit.Actions.sign({
          toSign, publicKey: jsParams.key, sigName: "s", signingScheme: "SchnorrEd25519Sha512" });
      } catch (error) {
        said = "refused";
      }
      Lit.Actions.setResponse({ response: said });
    })();
    """)

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `J7 what nodes do not agree on is no response, and what they disagree about is not signed`() async throws {
    try await withActionNetwork { network in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let agreed = try await Action("Lit.Actions.setResponse({ response: jsParams.a + Lit.Auth.authSigAddress });")
        .run(by: user, #"{"a":"é"}"#)
      #expect(agreed.response == "é\(user.wallet.address)")
      #expect(agreed.usage.count == 4)

      let alone = Action("Lit.Actions.setResponse({ response: crypto.randomUUID() });")
      let nodes = await network.nodes.map(\.id)
      do {
        _ = try await alone.run(by: user, "{}")
        Issue.record("four nodes drew the same number")
      } catch ClientError.nodesDiffer(let groups) {
        #expect(groups.map(\.count) == [1, 1, 1, 1])
        #expect(Set(groups.joined()).isSubset(of: nodes))
      }

      let result = try await Self.torn.run(
        by: user, #"{"key":"\#(record.key)"}"#, granting: [.sign(with: record.key)])
      #expect(result.response == "refused")
      #expect(result.signatures.isEmpty)
      // They ended because they disagree, and nobody is called a liar.
      let reasons = result.failedOperations.values.joined().flatMap(\.outcome.suspects).map(\.reason)
      #expect(!result.failedOperations.isEmpty && !reasons.contains(.cheated))
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `J7 N nodes that do not compare what they are asked sign whatever each of them drew`() async throws {
    try await withActionNetwork(replacing: { $0.sessions = IncuriousRules() }) { network in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let nodes = try await `Five nodes in one process`.running(network.nodes.prefix(4))
      let request = try ManualRequest(
        .execute(code: Self.torn.code, parameters: Array(#"{"key":"\#(record.key)"}"#.utf8)), to: nodes,
        as: user.session([.execute(Self.torn.id), .sign(with: record.key)]), issuedAt: network.clock.wall)
      let outcomes = try await `Five nodes in one process`.outcomes(of: request, at: nodes)
      var signed: Set<ContentToSign> = []
      for outcome in outcomes {
        guard case .execution(let execution) = outcome else {
          Issue.record("\(outcome)")
          continue
        }
        #expect(execution.response == "signed")
        signed.formUnion(execution.signatures.map(\.content))
      }
      #expect(signed.count == 4, "every node gave a share of something else")
    }
  }
}
