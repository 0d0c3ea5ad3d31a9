import ActionFetch
import ActionNames
import Actions
import Authorization
import Client
import Foundation
import Identifiers
import IdentityEncryption
import Membership
import NodeTestKit
import PublicKeys
import Signatures
import Testing
import Transcripts
import Wire

@testable import Node

/// What actions encrypt and have opened, say to each other, and ask about.
@Suite(.serialized) struct `Actions with data` {
  private static let opening = Action(
    """
    (async () => {
      const { how, ...sealed } = jsParams;
      let said;
      try {
        said = await Lit.Actions[how]({ ...sealed, authSig: null });
      } catch (error) {
        said = "refused: " + error.message;
      }
      const heard = await Lit.Actions.broadcastAndCollect({ name: "said", value: said });
      Lit.Actions.setResponse({ response: JSON.stringify(heard) });
    })();
    """)

  private static func quoted(_ text: String) -> String {
    String(decoding: JSONValue.string(text).serialized, as: UTF8.self)
  }

  private static func parameters(
    _ how: String, _ policy: DecryptionPolicy, _ sealed: [UInt8], _ plain: [UInt8]
  ) -> String {
    """
    {"how":"\(how)","accessControlConditions":\(String(decoding: policy.bytes, as: UTF8.self)),\
    "ciphertext":"\(Data(sealed).base64EncodedString())","dataToEncryptHash":"\(Digest32.sha256(of: plain))"}
    """
  }

  private static func encrypted(
    _ plain: [UInt8], for policy: DecryptionPolicy, by user: TestUser
  ) async throws -> [UInt8] {
    var encryptor = try await user.client.encryptor(for: policy)
    let start = try encryptor.header.encoded + encryptor.update(plain)
    return try start + encryptor.finish()
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `A6 J6 an action opens what names it or what its user may and granted, and nothing else`() async throws {
    try await withActionNetwork { network in
      let user = try TestUser(of: network)
      let other = try TestUser(of: network)
      let plain = Array("attack at dawn".utf8)
      let forAction = try DecryptionPolicy(anyOf: [], orActions: [Self.opening.id])
      let forUser = try DecryptionPolicy(anyOf: [user.wallet.address])
      let forOther = try DecryptionPolicy(anyOf: [other.wallet.address], orActions: [ActionID(of: [1])])
      let refused =
        "[\(Array(repeating: "\"refused: \(ErrorCode.notPermitted.message)\"", count: 4).joined(separator: ","))]"
      let opened = "[\(Array(repeating: "\"attack at dawn\"", count: 4).joined(separator: ","))]"
      let wanted: [(DecryptionPolicy, Set<Grant>, String)] = [
        (forAction, [], opened), (forUser, [.decrypt(under: forUser.hash)], opened),
        (forUser, [], refused), (forUser, [.everything(.decrypt)], refused),
        (forOther, [.decrypt(under: forOther.hash)], refused),
      ]
      for (policy, grants, response) in wanted {
        let sealed = try await Self.encrypted(plain, for: policy, by: user)
        let result = try await Self.opening.run(
          by: user, Self.parameters("decryptAndCombine", policy, sealed, plain), granting: grants)
        #expect(result.response == response, "\(String(describing: result.failure))")
      }

      // Exactly one node learns it, and another policy's words open nothing.
      let sealed = try await Self.encrypted(plain, for: forAction, by: user)
      let single = try await Self.opening.run(
        by: user, Self.parameters("decryptToSingleNode", forAction, sealed, plain))
      #expect(single.response == #"["","","","attack at dawn"]"#)
      let misnamed = try await Self.opening.run(
        by: user, Self.parameters("decryptAndCombine", forUser, sealed, plain),
        granting: [
          .decrypt(under: forUser.hash)
        ])
      #expect(misnamed.response?.contains("under other conditions") == true)
      let misdescribed = try await Self.opening.run(
        by: user, Self.parameters("decryptAndCombine", forAction, sealed, plain + [1]))
      #expect(misdescribed.response?.contains("dataToEncryptHash") == true)
      var damaged = sealed
      damaged[damaged.count - 1] ^= 1
      let broken = try await Self.opening.run(
        by: user, Self.parameters("decryptAndCombine", forAction, damaged, plain))
      #expect(broken.response?.contains("decryption failed") == true)
      for node in await network.nodes { #expect(await node.status?.sessions == 0) }
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `A6 N nodes that overlook the policy open what is another's`() async throws {
    let overlooked = OverlookedReason()
    try await withActionNetwork(replacing: {
      $0.judge = LenientJudge(real: $0.judge, overlooked: overlooked)
    }) { network in
      let user = try TestUser(of: network)
      let other = try TestUser(of: network)
      let policy = try DecryptionPolicy(anyOf: [other.wallet.address])
      let plain = Array("attack at dawn".utf8)
      let sealed = try await Self.encrypted(plain, for: policy, by: other)
      overlooked.set(.notPermitted)
      let result = try await Self.opening.run(
        by: user, Self.parameters("decryptAndCombine", policy, sealed, plain))
      #expect(result.response?.hasPrefix(#"["attack at dawn""#) == true)
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `one node encrypts for all, and whom the policy names opens it without the action`() async throws {
    let sealing = Action(
      """
      (async () => {
        const { policy, text } = jsParams;
        const to_encrypt = new TextEncoder().encode(text);
        const once = await Lit.Actions.runOnce({ waitForResponse: true, name: "seal" }, async () =>
          JSON.stringify(await Lit.Actions.encrypt({ accessControlConditions: policy, to_encrypt })));
        Lit.Actions.setResponse({ response: once });
      })();
      """)
    try await withActionNetwork { network in
      let user = try TestUser(of: network)
      let policy = try DecryptionPolicy(anyOf: [user.wallet.address])
      let exact = Self.quoted(String(decoding: policy.bytes, as: UTF8.self))
      // A policy is an object or its exact bytes.
      for written in [String(decoding: policy.bytes, as: UTF8.self), exact] {
        let result = try await sealing.run(by: user, #"{"policy":\#(written),"text":"the word"}"#)
        let response = try #require(result.response, "\(String(describing: result.failure))")
        guard case .object(let members) = try JSONValue(parsing: Array(response.utf8), limit: 1 << 16),
          case .string(let text)? = members.first(where: { $0.name == "ciphertext" })?.value,
          case .string(let hash)? = members.first(where: { $0.name == "dataToEncryptHash" })?.value
        else {
          Issue.record("\(response)")
          return
        }
        #expect(hash == Digest32.sha256(of: Array("the word".utf8)).text)
        var file = try #require(Data(base64Encoded: text)).map(\.self)[...]
        let stream = try EncryptedStream {
          defer { file = [] }
          return Array(file)
        }
        let dataKey = try await user.client.dataKey(
          of: stream.header, as: user.session([.decrypt(under: policy.hash)]))
        var opened: [UInt8] = []
        try stream.decrypt(with: dataKey) { opened += $0 }
        #expect(opened == Array("the word".utf8))
      }
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `runOnce runs at one node, which the request's id chooses, and all hear the same`() async throws {
    let once = Action(
      """
      (async () => {
        const draw = (name) => Lit.Actions.runOnce({ waitForResponse: true, name }, async () => crypto.randomUUID());
        let ran = 0;
        const [first, second] = await Promise.all([draw("a"), draw("b")]);
        const third = await draw("a");
        const thrown = await Lit.Actions.runOnce({ name: "c" }, async () => { ran += 1; throw new Error("no"); });
        const long = await Lit.Actions.runOnce({ name: "d" }, async () => "x".repeat(16385));
        const all = await Lit.Actions.broadcastAndCollect({ name: "ran", value: String(ran) });
        Lit.Actions.setResponse({ response: JSON.stringify({ first, second, third, thrown, long, all }) });
      })();
      """)
    try await withActionNetwork { network in
      let user = try TestUser(of: network)
      let result = try await once.run(by: user, "{}")
      let response = try #require(result.response, "\(String(describing: result.failure))")
      #expect(response.hasSuffix(#""thrown":"[ERROR]","long":"[ERROR]","all":["0","0","0","1"]}"#), "\(response)")
      guard case .object(let members) = try JSONValue(parsing: Array(response.utf8), limit: 1 << 16) else { return }
      #expect(Set(members.prefix(3).map { "\($0.value)" }).count == 3)
    }
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `conditions, permissions and URLs of chains are what policies, records and the operator say`() async throws {
    let asking = Action(
      """
      (async () => {
        const { policies, publicKey, keyId, action, address } = jsParams;
        const own = Lit.Auth.actionIpfsIdStack[0];
        const said = [];
        for (const conditions of policies) said.push(await Lit.Actions.checkConditions({ conditions }));
        said.push(await Lit.Actions.checkConditions({ conditions: { version: 1, anyOf: [{ action: own }] } }));
        for (const tokenId of [Lit.Actions.pubkeyToTokenId({ publicKey }), keyId]) {
          said.push(
            await Lit.Actions.isPermittedAction({ tokenId, ipfsId: action }),
            await Lit.Actions.isPermittedAction({ tokenId, ipfsId: own }),
            await Lit.Actions.isPermittedAddress({ tokenId, address }),
            await Lit.Actions.isPermittedAddress({ tokenId, address: "0x" + "11".repeat(20) }),
            (await Lit.Actions.getPermittedActions({ tokenId })).join() === action,
            (await Lit.Actions.getPermittedAddresses({ tokenId })).join() === address.toLowerCase());
        }
        said.push(await Lit.Actions.getRpcUrl({ chain: "ethereum" }));
        const attempts = [
          () => Lit.Actions.checkConditions({ conditions: [{ conditionType: "evmBasic" }] }),
          () => Lit.Actions.checkConditions({ conditions: policies[0], authSig: { sig: "0x" } }),
          () => Lit.Actions.getPermittedActions({ tokenId: "1" }),
          () => Lit.Actions.getRpcUrl({ chain: "none" }),
          () => Lit.Actions.getRpcUrl({ chain: "private" }),
          () => Lit.Actions.callContract({ chain: "none", txn: txn }),
          () => Lit.Actions.callContract({ chain: "ethereum", txn: "0x00" }),
          () => Lit.Actions.getLatestNonce({ chain: "https://rpc.example/1", address }),
          () => Lit.Actions.getLatestNonce({ chain: "ethereum", address: "0x" }),
          () => Lit.Actions.isPermittedAuthMethod({ tokenId: keyId, authMethodType: 1, userId: [1] }),
          () => Lit.Actions.getPermittedAuthMethods({ tokenId: keyId }),
          () => Lit.Actions.getPermittedAuthMethodScopes({ tokenId: keyId, authMethodType: 1, userId: [1] }),
          () => Lit.Actions.claimKey({ keyId: "k" }),
          () => Lit.Actions.call({ ipfsId: action }),
          () => Lit.Actions.sign({
            toSign: [1], publicKey, sigName: "s", signingScheme: "SchnorrEd448Shake256" }),
        ];
        for (const attempt of attempts) {
          try {
            said.push(await attempt());
          } catch (error) {
            said.push(error.message);
          }
        }
        Lit.Actions.setResponse({ response: JSON.stringify(said) });
      })();
      """)
    var outside = ActionSurroundings()
    let keyed = "https://rpc.example/key"
    outside.chains = try ChainEndpoints(urls: ["ethereum": keyed, "private": keyed])
    outside.publicChainURLs = ["ethereum": "https://rpc.example/1"]
    try await withActionNetwork(outside: outside) { network in
      let user = try TestUser(of: network)
      let named = ActionID(of: [5])
      let record = try await user.makeKey(.secp256k1ECDSA, kinds: [.raw], actions: [named])
      let publicKey = try await user.client.publicKey(of: record.key)
      let policies = [
        try DecryptionPolicy(anyOf: [user.wallet.address]), try DecryptionPolicy(anyOf: [.zero], orActions: [named]),
      ].map { String(decoding: $0.bytes, as: UTF8.self) }
      let result = try await asking.run(
        by: user,
        """
        {"policies":[\(policies.joined(separator: ","))],"publicKey":"0x\(Hex.encode(publicKey.bytes))",\
        "keyId":"0x\(record.key)","action":"\(named)","address":"\(user.wallet.address)",\
        "txn":"0x\(Hex.encode(try ContractCallTests.transaction()))"}
        """)
      let notProvided = [
        "isPermittedAuthMethod", "getPermittedAuthMethods", "getPermittedAuthMethodScopes", "claimKey",
      ].map {
        "\"Lit.Actions.\($0) is not provided by this network\""
      }
      let answers = "true,false,true,false,true,true"
      #expect(
        result.response == """
          [true,false,true,\(answers),\(answers),"https://rpc.example/1",\
          "conditions are a policy of this network: \
          {\\"version\\":1,\\"anyOf\\":[{\\"wallet\\":\\"0x…\\"},{\\"action\\":\\"Qm…\\"}]}",\
          "authSig is not provided by this network: whose request runs the action is who asks",\
          "there is no such key","Lit.Actions.getRpcUrl: this node has no public URL for the chain none",\
          "Lit.Actions.getRpcUrl: this node has no public URL for the chain private",\
          "Lit.Actions.callContract: this node has no URL for the chain none",\
          "txn is no unsigned legacy transaction that calls a contract",\
          "Lit.Actions.getLatestNonce: this node has no URL for the chain https://rpc.example/1",\
          "address is no address: 0x and 40 hexadecimal digits",\
          \(notProvided.joined(separator: ",")),\
          "this node has no gateway to get the code of other actions from",\
          "signatures of SchnorrEd448Shake256 are not provided by this network"]
          """, "\(String(describing: result.failure))")
    }
  }
}
