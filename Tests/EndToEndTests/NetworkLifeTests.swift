import Foundation
import ProtocolTestKit
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Five real processes on loopback, used through the command line alone.
@Suite(.serialized) struct NetworkLifeTests {
  @Test func `five processes attest, generate keys, sign and decrypt, lose a node, go on and end cleanly`()
    async throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("quorate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let user = QuorateProgram(home: folder.appendingPathComponent("user"), folder: folder)
    let stranger = QuorateProgram(home: folder.appendingPathComponent("stranger"), folder: folder)

    _ = try await user.run("devnet", "init", "net", "--nodes", "5")
    _ = try await user.run("devnet", "up", "net")
    var pids: Set<pid_t> = []
    do {
      let nodes = try await status(user)
      #expect(nodes.count == 5)
      #expect(nodes.allSatisfy { $0.ready && $0.proof == "attested" && $0.links == 4 })
      pids = Set(nodes.map(\.pid))
      #expect(pids.count == 5)

      try await signWithEveryScheme(user)
      try await encryptAndDecrypt(user, stranger, name: "before")
      _ = try await stranger.run(
        "sign", "--message", "not mine", "--key", try await keyID(user), "--network", "net", expecting: 77)

      let victim = try #require(nodes.first)
      kill(victim.pid, SIGKILL)
      let signed = try await user.run("sign", "--message", "one node less", "--scheme", "ed25519")
      #expect(try signed.text("signature").count == 128)
      try await encryptAndDecrypt(user, stranger, name: "after")

      _ = try await user.run("devnet", "up", "net")
      let again = try await status(user)
      pids.formUnion(again.map(\.pid))
      #expect(again.allSatisfy { $0.ready && $0.proof == "attested" })
      #expect(again.first { $0.node == victim.node }.map { $0.instance != victim.instance } == true)
      _ = try await user.run("sign", "--message", "all back", "--scheme", "taproot")
    } catch {
      _ = try? await user.run("devnet", "down", "net")
      throw error
    }
    _ = try await user.run("devnet", "down", "net")
    #expect(!pids.contains(where: isRunning), "a node outlived its network")
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
    #expect(!numbers.contains { isRunning(pid_t($0)) }, "a node outlived the demo")
  }

  private struct NodeRow {
    let node: String
    let pid: pid_t
    let instance: String
    let links: Int
    let ready: Bool
    let proof: String
  }

  /// A process that ended and was not collected by whoever adopted it does not run.
  private func isRunning(_ pid: pid_t) -> Bool {
    guard kill(pid, 0) == 0 else { return false }
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
    return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
  }

  private func status(_ program: QuorateProgram) async throws -> [NodeRow] {
    let outcome = try await program.run("devnet", "status", "net")
    return (outcome.result["nodes"] as? [[String: Any]] ?? []).map { row in
      NodeRow(
        node: row["node"] as? String ?? "", pid: pid_t(row["pid"] as? Int ?? 0),
        instance: row["instance"] as? String ?? "", links: row["links"] as? Int ?? 0,
        ready: row["ready"] as? Bool ?? false, proof: row["proof"] as? String ?? "")
    }
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
    for scheme in ["ed25519", "ristretto255", "secp256k1", "taproot"] {
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
