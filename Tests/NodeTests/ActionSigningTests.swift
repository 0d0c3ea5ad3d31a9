import ActionNames
import Actions
import Authorization
import Client
import Curves
import Identifiers
import Membership
import NodeTestKit
import PublicKeys
import Signatures
import Testing
import Transcripts
import Wire

@testable import Node

/// Signatures that nodes finish within a run, with keys of users and of actions.
@Suite(.serialized) struct `Actions combine signatures` {
  /// What the interface returns for a signature, as JSON.
  private struct Parts {
    var r: [UInt8]
    var s: [UInt8]
    var v: Int64?

    init(_ text: String) throws {
      guard case .object(let members) = try JSONValue(parsing: Array(text.utf8), limit: 4096) else {
        throw FormatError.notAnObject
      }
      func bytes(_ name: String) throws -> [UInt8] {
        guard case .string(let hex)? = members.first(where: { $0.name == name })?.value else {
          throw FormatError.missing(name)
        }
        return try Hex.decode(hex)
      }
      r = try bytes("r")
      s = try bytes("s")
      if case .integer(let number)? = members.first(where: { $0.name == "v" })?.value { v = number }
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `P1 every scheme's signature is combined by the nodes, verifies, and leaves no share`() async throws {
    let combining = Action(
      """
      (async () => {
        const { keys, digest } = jsParams;
        const made = {};
        for (const [signingScheme, publicKey] of Object.entries(keys)) {
          made[signingScheme] = await Lit.Actions.signAndCombine({
            toSign: digest, publicKey, sigName: signingScheme, signingScheme });
        }
        made.again = await Lit.Actions.signAndCombineEcdsa({
          toSign: digest, publicKey: keys.EcdsaK256Sha256, sigName: "again" });
        Lit.Actions.setResponse({ response: JSON.stringify(made) });
      })();
      """)
    let purposes: [(String, KeyPurpose)] = [
      ("SchnorrEd25519Sha512", .ed25519Sign), ("SchnorrRistretto25519Sha512", .ristretto255Sign),
      ("SchnorrK256Sha256", .secp256k1FROST), ("SchnorrK256Taproot", .secp256k1Taproot),
      ("EcdsaK256Sha256", .secp256k1ECDSA),
    ]
    try await withActionNetwork { network in
      try await network.waitUntil(within: .seconds(60)) { await $0.status?.pairSetups.ready == 4 }
      let user = try TestUser(of: network)
      let digest = Digest32.sha256(of: [7])
      var records: [String: KeyRecord] = [:]
      for (scheme, purpose) in purposes { records[scheme] = try await user.makeKey(purpose, kinds: [.raw]) }
      let keys = records.map { "\"\($0)\":\"\($1.key)\"" }.joined(separator: ",")
      let result = try await combining.run(
        by: user, #"{"digest":\#(digest.bytes),"keys":{\#(keys)}}"#,
        granting: Set(records.values.map { .sign(with: $0.key) }))
      #expect(result.failure == nil, "\(String(describing: result.failure))")
      #expect(result.signatures.isEmpty)
      guard
        case .object(let made) = try JSONValue(
          parsing: Array(try #require(result.response).utf8), limit: 1 << 16)
      else {
        Issue.record("\(String(describing: result.response))")
        return
      }
      #expect(made.count == 6)
      for member in made {
        let scheme = member.name == "again" ? "EcdsaK256Sha256" : member.name
        guard case .string(let text) = member.value, let record = records[scheme] else {
          Issue.record("\(member.name)")
          continue
        }
        let parts = try Parts(text)
        let publicKey = try await user.client.publicKey(of: record.key)
        #expect(
          SignatureVerification.isValid(parts.r + parts.s, message: digest.bytes, under: publicKey), "\(member.name)")
        guard record.purpose == .secp256k1ECDSA else { continue }
        let recovery = UInt8(try #require(parts.v))
        let recovered = try EthereumSignature.recover(
          digest: digest, signature: parts.r + parts.s + [27 + recovery])
        #expect(try recovered == WalletAddress(publicKey: Secp256k1.Element(canonicalBytes: publicKey.bytes)))
      }
      #expect(result.usage.values.allSatisfy { $0.signatures == 6 && $0.broadcasts == 6 })
      for node in await network.nodes { #expect(await node.status?.sessions == 0) }
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `A13 J6 nodes combine nothing under a key that is not the action's to use`() async throws {
    try await withActionNetwork { network in
      let user = try TestUser(of: network)
      let other = try TestUser(of: network)
      let foreign = try await other.makeKey(.ed25519Sign)
      user.registry.refresh()
      let said = try await Self.stealing.run(
        by: user, #"{"key":"\#(foreign.key)"}"#, granting: [.sign(with: foreign.key)])
      #expect(said.response == "\(ErrorCode.notPermitted.message); there is no more than that")
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `A13 J6 N nodes that overlook whose key it is combine a signature with it`() async throws {
    let overlooked = OverlookedReason()
    try await withActionNetwork(replacing: {
      $0.judge = LenientJudge(real: $0.judge, overlooked: overlooked)
    }) { network in
      let user = try TestUser(of: network)
      let other = try TestUser(of: network)
      let foreign = try await other.makeKey(.ed25519Sign)
      user.registry.refresh()
      overlooked.set(.notPermitted)
      let said = try await Self.stealing.run(
        by: user, #"{"key":"\#(foreign.key)"}"#, granting: [.sign(with: foreign.key)])
      let parts = try Parts(String(try #require(said.response).split(separator: ";").first ?? ""))
      let publicKey = try await user.client.publicKey(of: foreign.key)
      #expect(SignatureVerification.isValid(parts.r + parts.s, message: [1], under: publicKey))
    }
  }

  private static let stealing = Action(
    """
    (async () => {
      let said;
      try {
        said = await Lit.Actions.signAndCombine({
          toSign: [1], publicKey: jsParams.key, sigName: "s", signingScheme: "SchnorrEd25519Sha512" });
      } catch (error) {
        said = error.message;
      }
      Lit.Actions.setResponse({ response: said + "; there is no more than that" });
    })();
    """)

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `J6 an action's own key signs for that action alone, and what was signed is compared`() async throws {
    let signing = Action(
      """
      (async () => {
        const { signingScheme, toSign } = jsParams;
        Lit.Actions.setResponse({
          response: await Lit.Actions.signAsAction({ toSign, sigName: "s", signingScheme }) });
      })();
      """)
    let judging = Action(
      """
      (async () => {
        const { signingScheme, actionIpfsCid, toSign, signOutput, key } = jsParams;
        const check = { signingScheme, actionIpfsCid, toSign, signOutput };
        const verify = (change) => Lit.Actions.verifyActionSignature({ ...check, ...change });
        const own = Lit.Auth.actionIpfsIdStack[0];
        const said = [
          await verify({}), await verify({ signOutput: JSON.parse(signOutput) }),
          await verify({ toSign: toSign.map((byte) => byte ^ 1) }), await verify({ actionIpfsCid: own }),
          await verify({ signOutput: { ...JSON.parse(signOutput), signed_data: "00" } }),
          await verify({ signOutput: { ...JSON.parse(signOutput), signature: "00".repeat(64) } }),
          await Lit.Actions.getActionPublicKey({ signingScheme, actionIpfsCid }),
        ];
        try {
          await verify({ signOutput: "{}" });
        } catch (error) {
          said.push(error.message);
        }
        try {
          await Lit.Actions.sign({ toSign, publicKey: key, sigName: "s", signingScheme });
          said.push("signed");
        } catch (error) {
          said.push(error.message);
        }
        Lit.Actions.setResponse({ response: JSON.stringify(said) });
      })();
      """)
    try await withActionNetwork { network in
      try await network.waitUntil(within: .seconds(60)) { await $0.status?.pairSetups.ready == 4 }
      let user = try TestUser(of: network)
      let digest = Digest32.sha256(of: [8])
      for (scheme, purpose) in [
        ("SchnorrEd25519Sha512", KeyPurpose.ed25519Sign), ("EcdsaK256Sha256", .secp256k1ECDSA),
      ] {
        let publicKey = try await user.client.publicKey(of: signing.id, purpose: purpose)
        let signed = try await signing.run(
          by: user, #"{"signingScheme":"\#(scheme)","toSign":\#(digest.bytes)}"#)
        let output = try #require(signed.response, "\(String(describing: signed.failure))")
        #expect(output.contains(Hex.encode(publicKey.bytes)))

        let id = KeyID.derive(network: network.network, purpose: purpose, action: signing.id)
        let quoted = String(decoding: JSONValue.string(output).serialized, as: UTF8.self)
        let parameters = """
          {"signingScheme":"\(scheme)","actionIpfsCid":"\(signing.id)","toSign":\(digest.bytes),"signOutput":\(quoted),\
          "key":"\(id)"}
          """
        let judged = try await judging.run(by: user, parameters, granting: [.sign(with: id)])
        let refusals = #""signOutput is not what signAsAction returned","\#(ErrorCode.notPermitted.message)""#
        #expect(
          judged.response
            == #"[true,true,false,false,false,false,"\#(Hex.encode(publicKey.bytes))",\#(refusals)]"#,
          "\(String(describing: judged.failure))")

        // The user cannot have it sign outside of the action either: no record is about it.
        let nodes = try await `Five nodes in one process`.running(network.nodes.prefix(4))
        let request = try ManualRequest(
          .sign(key: id, content: .raw(digest.bytes)), to: nodes, as: user.session([.sign(with: id)]),
          issuedAt: network.clock.wall)
        for node in nodes { #expect(await request.refusal(at: node) == .notPermitted) }
      }
    }
  }
}
