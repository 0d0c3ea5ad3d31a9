import Foundation
import Testing

/// A network founded for hardware, on a machine that has none, with the program as operators run it.
@Suite struct HardwareNetworkTests {
  private let program: QuorateProgram
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "hardware-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    program = QuorateProgram(home: folder.appending(path: "home"), folder: folder)
  }

  private var hasHardware: Bool {
    ["/sys/kernel/config/tsm/report", "/dev/sev-guest", "/dev/nsm"].contains(where: FileManager.default.fileExists)
  }

  private func write(_ text: String, _ name: String) throws -> String {
    let path = folder.appending(path: name).path
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  private func found(kinds: String, roots: String) async throws -> String {
    let stakers = (1...2).map { #"{"address":"0x\#(String(repeating: "0\($0)", count: 20))","stake":1}"# }
    let document = """
      {"version":1,"registry":"file","name":"hardware","evidenceKinds":[\(kinds)],"developmentRoots":[\(roots)],\
      "threshold":"two-thirds","minimumMembers":2,"minimumStake":1,"domain":"quorate.example","chainID":1,\
      "maximumSnapshotAge":60,"stakers":[\(stakers.joined(separator: ","))],\
      "signers":{"members":"stakers","epoch":"stakers","policy":"stakers","measurements":"stakers",\
      "keyCertificate":"stakers","keyRecord":"owner","notBefore":"wallet"}}
      """
    return try await program.run(
      "network", "found", try write(document, "founding.json"), "--out", folder.appending(path: "network.json").path
    ).text("network")
  }

  private func configuration(_ network: String, _ attestation: String) throws -> String {
    let node = "0x" + String(repeating: "01", count: 20)
    return try write(
      """
      {"network":"\(network)","node":"\(node)","registry":"\(folder.path)/network.json","data":"\(folder.path)",\
      "attestation":\(attestation),"listen":{"client":"127.0.0.1:0","peer":"127.0.0.1:0","admin":"127.0.0.1:0"}}
      """, "node.json")
  }

  private func refusal(_ configuration: String) async throws -> String {
    let outcome = try await program.run("node", "run", "--config", configuration, expecting: 71)
    let error = outcome.result["error"] as? [String: Any]
    #expect(error?["code"] as? String == "not_attested")
    return error?["message"] as? String ?? ""
  }

  @Test func `T4 a node of a network of hardware does not start without it, and says what it looked for`() async throws
  {
    guard !hasHardware else { return print("NOTICE: this machine has a trusted execution environment; not tried.") }
    defer { try? FileManager.default.removeItem(at: folder) }
    let network = try await found(kinds: #""sev-snp","tdx""#, roots: "")
    let reason = try await refusal(configuration(network, #"{"hardware":{}}"#))
    #expect(
      reason == """
        the node cannot prove what it runs: this network takes evidence of sev-snp, tdx; \
        no trusted execution environment: /sys/kernel/config/tsm/report is not there; \
        /dev/sev-guest is not there; /dev/nsm is not there
        """)
    let software = try await refusal(configuration(network, #"{"software":"attester.pem"}"#))
    #expect(software.hasSuffix("this network takes evidence of sev-snp, tdx only, and none of software"))
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "vault.sqlite").path))
  }

  @Test func `T4 N a development network is started with software on the same machine`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await program.run("devnet", "init", folder.appending(path: "net").path, "--nodes", "3")
    let path = folder.appending(path: "net/nodes/1/node.json").path
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    let hardware = text.replacing(try Regex(#"\{"software":"[^"]*"\}"#), with: #"{"hardware":{}}"#)
    #expect(hardware != text)
    // No environment variable and no other member of the configuration makes up for what the machine has not.
    if !hasHardware { #expect(try await refusal(write(hardware, "hardware.json")).contains("is not there")) }
    let node = Process()
    node.executableURL = Bundle.main.bundleURL.appendingPathComponent("quorate")
    node.arguments = ["node", "run", "--config", path, "--lifeline"]
    let (input, output) = (Pipe(), Pipe())
    (node.standardInput, node.standardError, node.standardOutput) = (input, output, FileHandle.nullDevice)
    try node.run()
    var log = ""
    let deadline = ContinuousClock.now + .seconds(60)
    while !log.contains("node started"), ContinuousClock.now < deadline {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { break }
      log += String(decoding: more, as: UTF8.self)
    }
    #expect(log.contains("node started") && log.contains("evidence=software"))
    try input.fileHandleForWriting.close()
    node.waitUntilExit()
  }
}
