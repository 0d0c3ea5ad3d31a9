import Foundation
import GRDB
import Identifiers
import Secrets
import Testing

@testable import Vault

/// A vault in a directory of its own, removed at the end; the file can be tampered with while the vault is closed.
final class VaultFixture: Sendable {
  let directory: URL
  let owner: VaultOwner

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    owner = VaultOwner(
      network: try NetworkID(bytes: [UInt8](repeating: 7, count: 32)),
      node: try NodeID(bytes: [UInt8](repeating: 1, count: 20)))
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  var file: String { directory.appending(path: "vault.sqlite").path }
  var keyFile: String { directory.appending(path: "sealing.key").path }

  func open(_ owner: VaultOwner? = nil) throws -> Vault {
    try Vault(.file(path: file), owner: owner ?? self.owner, sealing: DevelopmentKeyFile(path: keyFile))
  }

  /// Changes the closed file with plain SQL.
  func tamper(_ sql: String, _ arguments: StatementArguments = []) throws {
    let queue = try DatabaseQueue(path: file)
    try queue.write { try $0.execute(sql: sql, arguments: arguments) }
    try queue.close()
  }

  func sealedRows() throws -> [RowKind: [(epoch: Int64, generation: Int64, sealed: Data)]] {
    let queue = try DatabaseQueue(path: file)
    defer { try? queue.close() }
    let rows = try queue.read { try GRDB.Row.fetchAll($0, sql: "SELECT * FROM row ORDER BY kind, epoch") }
    return Dictionary(grouping: rows) { RowKind(rawValue: $0["kind"]) ?? .manifest }
      .mapValues { $0.map { ($0["epoch"], $0["generation"], $0["sealed"]) } }
  }

  static func record(_ byte: UInt8) throws -> SignedCertificateRecord {
    SignedCertificateRecord(digest: try digest(byte), signature: [UInt8](repeating: byte, count: 64))
  }

  static func digest(_ byte: UInt8) throws -> Digest32 {
    try Digest32(bytes: [UInt8](repeating: byte, count: 32))
  }
}

extension SecretBytes {
  borrowing func revealed() -> [UInt8] { unsafe withUnsafeBytes { unsafe [UInt8]($0) } }
}

/// What an asynchronous call threw, for the errors of a vault.
func refusal(_ work: () async throws -> Void) async -> VaultError? {
  do {
    try await work()
    return nil
  } catch {
    return error as? VaultError
  }
}
