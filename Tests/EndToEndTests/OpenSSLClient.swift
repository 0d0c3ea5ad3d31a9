import Foundation
import ProtocolTestKit

/// The `openssl` of this machine as a stranger's TLS client of a running node; what it prints is left for other judges.
enum OpenSSLClient {
  private struct Registry: Decodable {
    struct Update: Decodable {
      let kind: String
      let body: String
    }
    struct Members: Decodable {
      let members: [Member]
    }
    struct Member: Decodable {
      let node: String
      let identityKey: String
      let client: String
    }
    let founding: String
    let updates: [Update]
  }

  /// Looks at every member the registry names.
  static func leaveFacts(registry file: URL, in folder: URL) async throws {
    let registry = try JSONDecoder().decode(Registry.self, from: Data(contentsOf: file))
    let members = try registry.updates.last { $0.kind == "members" }
      .map { try JSONDecoder().decode(Registry.Members.self, from: Data($0.body.utf8)).members }
    var records: [[String: any Sendable]] = []
    for member in members ?? [] {
      let nonce = [UInt8](repeating: UInt8(records.count + 1), count: 32)
      let body = #"{"nonce":"\#(base64URL(nonce))"}"#
      let request = """
        POST /v1/attest HTTP/1.1\r\nHost: \(member.client)\r\nContent-Type: application/json\r
        Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)
        """
      let session = folder.appendingPathComponent("session-\(records.count)").path
      let target = ["s_client", "-connect", member.client, "-alpn", "http/1.1", "-showcerts", "-ign_eof"]
      let exporter = ["-keymatexport", "EXPORTER-Channel-Binding", "-keymatexportlen", "32"]
      let first = try await run(target + ["-tls1_3", "-sess_out", session] + exporter, input: request)
      let ask = "GET /v1/network HTTP/1.1\r\nHost: \(member.client)\r\nConnection: close\r\n\r\n"
      let resumption = FileManager.default.fileExists(atPath: session) ? ["-sess_in", session] : []
      let again = try await run(target + ["-tls1_3"] + resumption, input: ask)
      let old = try await run(target + ["-tls1_2"], input: ask)
      records.append([
        "check": "node-tls", "node": member.node, "identityKey": member.identityKey, "founding": registry.founding,
        "nonce": nonce.map { String(format: "%02x", $0) }.joined(), "tls13": first, "again": again, "tls12": old,
      ])
    }
    try IndependentOutput.leave(records, as: "node-tls")
  }

  private static func run(_ arguments: [String], input: String) async throws -> [String: any Sendable] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let (keyboard, screen) = (Pipe(), Pipe())
    process.standardInput = keyboard
    process.standardOutput = screen
    process.standardError = screen
    try process.run()
    try? keyboard.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    let stop = Task {
      try await Task.sleep(for: .seconds(10))
      process.terminate()
    }
    let printed = await Task.detached { screen.fileHandleForReading.readDataToEndOfFile() }.value
    process.waitUntilExit()
    stop.cancel()
    try? keyboard.fileHandleForWriting.close()
    return ["status": Int(process.terminationStatus), "output": String(decoding: printed, as: UTF8.self)]
  }

  private static func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
