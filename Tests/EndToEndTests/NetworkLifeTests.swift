import ActionNames
import Actions
import Authorization
import Client
import Foundation
import Identifiers
import IdentityEncryption
import NodeTestKit
import ProtocolTestKit
import Secrets
import Signatures
import Testing
import Wire

/// Networks of real processes on loopback, used through the command line.
@Suite(.serialized) struct NetworkLifeTests {
  @Test func `five processes attest, generate keys, sign and decrypt, lose a node, go on and end cleanly`()
    async throws
  {
    try await ProcessNetwork.run(nodes: 5) { network in
      let user = network.user
      let stranger = QuorateProgram(home: network.folder.appendingPathComponent("stranger"), folder: network.folder)
      let nodes = try await network.status()
      #expect(nodes.count == 5)
      #expect(nodes.allSatisfy { $0.ready && $0.proof == "attested" && $0.links == 4 })
      #expect(network.pids.count == 5)

      try await OpenSSLClient.leaveFacts(
        registry: network.folder.appendingPathComponent("net/network.json"), in: network.folder)
      try await signWithEveryScheme(user)
      try await encryptAndDecrypt(user, stranger, name: "before")
      _ = try await stranger.run(
        "sign", "--message", "not mine", "--key", try await keyID(user), "--network", "net", expecting: 77)
      try await leaveCanaries(network)

      let victim = try #require(nodes.first)
      network.kill(victim)
      let signed = try await user.run("sign", "--message", "one node less", "--scheme", "ed25519")
      #expect(try signed.text("signature").count == 128)
      try await encryptAndDecrypt(user, stranger, name: "after")

      try await network.up()
      let again = try await network.status()
      #expect(again.allSatisfy { $0.ready && $0.proof == "attested" })
      #expect(again.first { $0.node == victim.node }.map { $0.instance != victim.instance } == true)
      _ = try await user.run("sign", "--message", "all back", "--scheme", "taproot")
    }
  }

  /// Has the network sign, encrypt and decrypt what is to be found nowhere afterwards; see ``NetworkRemains``.
  private func leaveCanaries(_ network: ProcessNetwork) async throws {
    func secret(_ name: String) -> String {
      let text = "canary-\(UUID().uuidString)"
      network.canaries.append(Canary(name, text.utf8))
      return text
    }
    let user = network.user
    _ = try await user.run("sign", "--message", secret("a message"), "--scheme", "ed25519")
    let raw = (0..<32).map { _ in UInt8.random(in: 0...255) }
    network.canaries.append(Canary("raw bytes to sign", raw))
    _ = try await user.run("sign", "--raw", hex(Data(raw)), "--scheme", "taproot")

    // A wallet that only the policy names.
    let member = (0..<20).map { _ in UInt8.random(in: 0...255) }
    network.canaries.append(Canary("a wallet in a policy", member))
    let library = try NetworkUser(of: network)
    let file = network.folder.appendingPathComponent("canary")
    try Data(secret("the content of a file").utf8).write(to: file)
    let wallet = library.wallet.address.text
    _ = try await user.run("encrypt", file.path, "--to", wallet, "--to", "0x" + hex(Data(member)))
    _ = try await user.run("decrypt", file.path + ".quorate", "--out", file.path + ".opened")
    let opened = try Data(contentsOf: URL(fileURLWithPath: file.path + ".opened"))
    #expect(try Data(contentsOf: file) == opened)
    _ = try await user.run("sign", "--file", file.path, "--scheme", "ed25519")
    let digest = try Hex.decode(sha256(file).utf8)
    network.canaries.append(Canary("the digest of a file", digest))

    try await runProgram(with: secret("a parameter of a program"), network)

    let policy = try DecryptionPolicy(anyOf: [library.wallet.address, WalletAddress(bytes: member)])
    let client = library.newClient()
    let header = try await client.encryptor(for: policy).header
    let session = try library.session([.decrypt(under: policy.hash)])
    let dataKey = try await client.dataKey(of: header, as: session)
    await client.close()
    network.canaries.append(Canary("a data key", unsafe dataKey.withUnsafeBytes { unsafe Array($0) }))
    network.canaries.append(Canary("a policy", policy.bytes))
    let seed = session.key.seed()
    network.canaries.append(Canary("the seed of a session key", unsafe seed.withUnsafeBytes { unsafe Array($0) }))
    network.canaries.append(Canary("the text of a capability", session.capability.siwe.utf8))
    network.canaries.append(Canary("the signature of a capability", session.capability.signature))
  }

  /// What a program was given and what it printed goes to its user alone.
  private func runProgram(with secret: String, _ network: ProcessNetwork) async throws {
    guard (try? await SandboxProbe.examine()) != nil else { return print("no actions on this machine") }
    let code = "console.log(jsParams.secret + '.'); Lit.Actions.setResponse({ response: jsParams.secret + '!' });"
    let program = network.folder.appendingPathComponent("program.js")
    try Data(code.utf8).write(to: program)
    let parameters = network.folder.appendingPathComponent("parameters.json")
    try Data(#"{"secret":"\#(secret)"}"#.utf8).write(to: parameters)
    let named = try await network.user.run("action", "id", program.path)
    #expect(try named.text("action") == ActionID(of: Array(code.utf8)).text)
    let ran = try await network.user.run("run", program.path, "--params", parameters.path)
    #expect(try ran.text("response") == secret + "!")
    #expect(try ran.text("action") == named.text("action"))
    try Data("throw 1;".utf8).write(to: program)
    _ = try await network.user.run("run", program.path, expecting: 1)
  }

  @Test func `the demo runs to its end and leaves nothing running`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("quorate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = QuorateProgram(home: folder.appendingPathComponent("user"), folder: folder)
    let outcome = try await program.run("demo")
    let numbers = outcome.output.split(separator: "\n").flatMap { line -> [Int] in
      let event = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return (event?["facts"] as? [String: Any])?["pids"] as? [Int] ?? []
    }
    #expect(numbers.count == 5)
    #expect(!numbers.contains { ProcessNetwork.isRunning(pid_t($0)) }, "a node outlived the demo")
  }

  private func keyID(_ user: QuorateProgram) async throws -> String {
    let keys = try await user.run("key", "list").result["keys"] as? [[String: Any]]
    return try #require(keys?.first?["key"] as? String)
  }

  /// Signs a message, a file and raw bytes under every scheme, and leaves the signatures for other judges.
  private func signWithEveryScheme(_ user: QuorateProgram) async throws {
    let content = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let file = user.folder.appendingPathComponent("content")
    try content.write(to: file)
    var records: [[String: any Sendable]] = []
    for scheme in ["ed25519", "ristretto255", "secp256k1", "taproot", "ecdsa"] {
      _ = try await user.run("key", "create", "--scheme", scheme, "--allow", "message,file,raw")
      let message = "signed with \(scheme)"
      let raw = String(repeating: "5a", count: 32)
      let fileHash = try sha256(file)
      let signatures: [([String], [String: any Sendable])] = [
        (["--message", message], ["kind": "message", "message": hex(Data(message.utf8))]),
        (["--file", file.path], ["kind": "file", "sha256": fileHash, "size": content.count]),
        (["--raw", raw], ["kind": "raw", "message": raw]),
      ]
      for (options, record) in signatures {
        let document = user.folder.appendingPathComponent("\(scheme)\(options[0]).json").path
        let signed = try await user.run("sign", options[0], options[1], "--scheme", scheme, "--out", document)
        _ = try await user.run("verify", options[0], options[1], document)
        _ = try await user.run("verify", "--message", "something else", document, expecting: 1)
        var complete = record
        complete["check"] = "sign"
        complete["scheme"] = scheme
        complete["publicKey"] = try signed.text("publicKey")
        complete["signature"] = try signed.text("signature")
        if scheme == "ecdsa" {
          complete["der"] = try signed.text("der")
          complete["recoveryID"] = try #require(signed.result["recoveryID"] as? Int)
        }
        records.append(complete)
      }
    }
    try IndependentOutput.leave(records, as: "end-to-end")
  }

  private func encryptAndDecrypt(_ user: QuorateProgram, _ stranger: QuorateProgram, name: String) async throws {
    let secret = user.folder.appendingPathComponent(name)
    let content = Data((0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    try content.write(to: secret)
    _ = try await user.run("encrypt", secret.path)
    let sealed = secret.path + ".quorate"
    let opened = secret.path + ".opened"
    _ = try await user.run("decrypt", sealed, "--out", opened)
    #expect(try Data(contentsOf: URL(fileURLWithPath: opened)) == content)

    if !FileManager.default.fileExists(atPath: stranger.home.path) { _ = try await stranger.run("wallet", "create") }
    let stolen = secret.path + ".stolen"
    _ = try await stranger.run("decrypt", sealed, "--out", stolen, "--network", "net", expecting: 77)
    #expect(!FileManager.default.fileExists(atPath: stolen))

    var cut = try Data(contentsOf: URL(fileURLWithPath: sealed))
    cut.removeLast(1000)
    try cut.write(to: URL(fileURLWithPath: sealed + ".cut"))
    await #expect(throws: ProgramFailure.self) {
      _ = try await user.run("decrypt", sealed + ".cut", "--out", stolen)
    }
    #expect(!FileManager.default.fileExists(atPath: stolen))
  }

  private func sha256(_ file: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl", "dgst", "-sha256", "-r", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(String(decoding: output, as: UTF8.self).prefix(64))
  }

  private func hex(_ data: Data) -> String { data.map { String(format: "%02x", $0) }.joined() }
}
