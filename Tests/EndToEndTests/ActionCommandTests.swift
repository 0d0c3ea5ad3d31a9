import ActionNames
import Actions
import Authorization
import Foundation
import Identifiers
import NodeTestKit
import Signatures
import Testing
import Transcripts

@testable import QuorateCommands

/// What the commands offer of actions: real nodes, code they look up, keys and files of actions.
extension NetworkLifeTests {
  @Test func `actions are run by file and by name, open files that are for them, and have keys, by the command line`()
    async throws
  {
    guard (try? await SandboxProbe.examine()) != nil else { return print("no actions on this machine") }
    let published = ActionScript("Lit.Actions.setResponse({ response: `published, ${jsParams.a}` });")
    let swapped = ActionScript("Lit.Actions.setResponse({ response: 'the code of this name' });")
    let gateway = try LoopbackPages { request in
      switch request.path {
      case "/ipfs/\(published.id)": LoopbackPages.Answer(body: Array(published.text.utf8))
      case "/ipfs/\(swapped.id)": LoopbackPages.Answer(body: Array("Lit.Actions.setResponse({})".utf8))
      default: LoopbackPages.Answer(status: 404, body: [])
      }
    }
    defer { gateway.stop() }
    let configured = #""gateways":["http://127.0.0.1:\#(gateway.port)/ipfs/{}"]"#
    try await ProcessNetwork.run(nodes: 4, configuring: configured) { network in
      let stranger = QuorateProgram(home: network.folder.appendingPathComponent("stranger"), folder: network.folder)
      for program in [network.user, stranger] { _ = try await program.run("wallet", "create") }
      try await runByName(published, swapped, network, asked: { gateway.count })
      try await openFilesOfActions(network, stranger)
      try await openFilesOfUsers(network, stranger)
      try await signAsAction(network)
    }
  }

  /// `quorate run ipfs://…`.
  private func runByName(
    _ published: ActionScript, _ swapped: ActionScript, _ network: ProcessNetwork, asked: () -> Int
  ) async throws {
    let parameters = try network.write(#"{"a":"by name"}"#, to: "named.json")
    let ran = try await network.user.run("run", "ipfs://\(published.id)", "--params", parameters)
    #expect(try ran.text("response") == "published, by name")
    #expect(try ran.text("action") == published.id.text)
    // Every node of the quorum asked by itself.
    #expect(asked() >= 3)
    let unknown = ActionScript("nobody has this").id
    for name in [unknown, swapped.id] {
      let failed = try await network.user.run("run", "ipfs://\(name)", expecting: 69)
      #expect(failed.output.contains("does not find the code"), "\(failed.output)")
    }
    _ = try await network.user.run("run", "ipfs://Qm", expecting: 64)
  }

  /// `quorate encrypt --action`: whoever runs the action has it opened, and nothing else does.
  private func openFilesOfActions(_ network: ProcessNetwork, _ stranger: QuorateProgram) async throws {
    let user = network.user
    let opener = try network.write(ActionScript.opener.text, to: "opener.js")
    let content = "for \(ActionScript.opener.id) alone"
    let file = try network.write(content, to: "for-action")
    let sealed = try await user.run("encrypt", file, "--action", ActionScript.opener.id.text)
    #expect(sealed.result["actions"] as? [String] == [ActionScript.opener.id.text])
    #expect(sealed.result["wallets"] as? [String] == [])
    let policy = try DecryptionPolicy(anyOf: [], orActions: [ActionScript.opener.id])
    #expect(try sealed.text("policy") == policy.hash.text)
    let parameters = try network.parameters(opening: file, content, under: policy)

    #expect(try await user.run("run", opener, "--params", parameters).text("response") == content)
    let others = try await stranger.run("run", opener, "--params", parameters, "--network", "net")
    #expect(try others.text("response") == content)
    // Its owner is not named, and other code is another action.
    _ = try await user.run("decrypt", file + ".quorate", "--out", file + ".opened", expecting: 77)
    let other = try network.write(ActionScript.opener.text + "\n", to: "other.js")
    let refused = try await user.run("run", other, "--params", parameters, expecting: 1)
    #expect(refused.output.contains("not permitted"), "\(refused.output)")
    _ = try await user.run("encrypt", file, "--action", "Qm", "--out", file + ".none", expecting: 64)
  }

  /// `quorate run --policy`: an action opens a user's file in the user's name, for as long as the user says so.
  private func openFilesOfUsers(_ network: ProcessNetwork, _ stranger: QuorateProgram) async throws {
    let user = network.user
    let opener = try network.write(ActionScript.opener.text, to: "opener.js")
    let content = "for its owner"
    let file = try network.write(content, to: "for-owner")
    let sealed = try await user.run("encrypt", file)
    let wallets = try #require(sealed.result["wallets"] as? [String])
    let policy = try DecryptionPolicy(anyOf: Set(wallets.map { try WalletAddress(text: $0) }))
    let hash = try sealed.text("policy")
    #expect(hash == policy.hash.text)
    let parameters = try network.parameters(opening: file, content, under: policy)

    let refused = try await user.run("run", opener, "--params", parameters, expecting: 1)
    #expect(refused.output.contains("not permitted"), "\(refused.output)")
    let opened = try await user.run("run", opener, "--params", parameters, "--policy", hash)
    #expect(try opened.text("response") == content)
    // Somebody else may say so as often as they like.
    let stolen = try await stranger.run(
      "run", opener, "--params", parameters, "--policy", hash, "--network", "net", expecting: 1)
    #expect(stolen.output.contains("not permitted"), "\(stolen.output)")
    _ = try await user.run("run", opener, "--params", parameters, "--policy", "mine", expecting: 64)
  }

  /// `quorate action key`.
  private func signAsAction(_ network: ProcessNetwork) async throws {
    let user = network.user
    let signer = ActionScript(
      """
      (async () => {
        const toSign = new TextEncoder().encode("signed by code");
        const signingScheme = "SchnorrEd25519Sha512";
        Lit.Actions.setResponse({
          response: await Lit.Actions.signAsAction({ toSign, sigName: "s", signingScheme }) });
      })();
      """)
    let shown = try await user.run("action", "key", signer.id.text, "--scheme", "ed25519")
    let publicKey = try shown.text("publicKey")
    let ran = try await user.run("run", try network.write(signer.text, to: "signer.js"))
    let signed = try #require(
      try JSONSerialization.jsonObject(with: Data(try ran.text("response").utf8)) as? [String: Any])
    #expect(signed["verifying_key"] as? String == publicKey)
    let signature = try Hex.decode(try #require(signed["signature"] as? String).utf8)
    #expect(
      Ed25519.isValid(
        signature: signature, message: Array("signed by code".utf8), publicKey: try Hex.decode(publicKey.utf8)))

    let ecdsa = try await user.run("action", "key", signer.id.text, "--scheme", "ecdsa").text("publicKey")
    #expect(ecdsa.count == 66 && ecdsa != publicKey)
    let other = try await user.run("action", "key", ActionScript.opener.id.text)
    #expect(try other.text("publicKey") != publicKey)
    _ = try await user.run("action", "key", "Qm", expecting: 64)
  }
}

/// JavaScript and its name.
private struct ActionScript {
  let text: String

  init(_ text: String) { self.text = text }

  var id: ActionID { ActionID(of: Array(text.utf8)) }

  /// Answers what is in the file of its parameters.
  static let opener = ActionScript(
    """
    (async () => {
      const { policy: accessControlConditions, ciphertext, dataToEncryptHash } = jsParams;
      Lit.Actions.setResponse({
        response: await Lit.Actions.decryptAndCombine({ accessControlConditions, ciphertext, dataToEncryptHash }) });
    })();
    """)
}

extension ProcessNetwork {
  fileprivate func write(_ text: String, to name: String) throws -> String {
    let file = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// What ``ActionScript/opener`` needs for the file that `file` became.
  fileprivate func parameters(
    opening file: String, _ content: String, under policy: DecryptionPolicy
  ) throws -> String {
    let sealed = try Data(contentsOf: URL(fileURLWithPath: file + ".quorate")).base64EncodedString()
    let members = [
      JSONMember("policy", .string(String(decoding: policy.bytes, as: UTF8.self))),
      JSONMember("ciphertext", .string(sealed)),
      JSONMember("dataToEncryptHash", .string(Digest32.sha256(of: Array(content.utf8)).text)),
    ]
    return try write(
      String(decoding: JSONValue.object(members).serialized, as: UTF8.self), to: UUID().uuidString + ".json")
  }
}
