import Foundation
import GRDB
import Identifiers
import Secrets
import Testing

@testable import Vault

@Suite struct `O2 When the disk fails` {
  @Test func `O2 a full disk refuses the write, keeps the old state, and does not record a signature`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    try await vault.recordCertificateSignature(epoch: 1, VaultFixture.record(1))
    try await vault.failWrites("PRAGMA max_page_count = 1")
    let large = SecretBytes(zeroed: 1 << 16)
    let refused = await refusal {
      try await vault.keepPendingShares(large, epoch: 2, digest: VaultFixture.digest(2))
    }
    #expect(refused == .storage(.full))
    #expect(try await vault.pendingShares(epoch: 2, digest: VaultFixture.digest(2))?.revealed() == nil)
    #expect(try await vault.signedCertificate(epoch: 1) == VaultFixture.record(1))
    try await vault.failWrites("PRAGMA max_page_count = 1000000")
    try await vault.keepPendingShares(large, epoch: 2, digest: VaultFixture.digest(2))
    await vault.close()
    #expect(try await fixture.open().pendingShares(epoch: 2, digest: VaultFixture.digest(2))?.count == 1 << 16)
  }

  @Test func `O2 a read-only vault refuses to record a signature`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    try await vault.failWrites("PRAGMA query_only = ON")
    let refused = await refusal {
      try await vault.recordCertificateSignature(epoch: 1, VaultFixture.record(1))
    }
    #expect(refused == .storage(.readOnly))
    #expect(try await vault.signedCertificate(epoch: 1) == nil)
  }

  @Test func `O2 every write is synchronous and deletes are overwritten`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    #expect(try await vault.setting("journal_mode") == "wal")
    #expect(try await vault.setting("synchronous") == "2")
    #expect(try await vault.setting("secure_delete") == "1")
    #expect(try await vault.setting("locking_mode") == "exclusive")
  }

  @Test func `O1 a vault whose process ends without closing it has everything that was written`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    try await vault.keepIdentitySeed(SecretBytes(copying: [UInt8](0..<32)))
    // What a killed process leaves behind: the file with its log, never closed.
    let copy = try VaultFixture()
    for name in try FileManager.default.contentsOfDirectory(atPath: fixture.directory.path) {
      try FileManager.default.copyItem(
        at: fixture.directory.appending(path: name), to: copy.directory.appending(path: name))
    }
    #expect(try await copy.open().identitySeed()?.revealed() == [UInt8](0..<32))
    await vault.close()
  }
}

extension Vault {
  func failWrites(_ pragma: String) throws { try storage.execute(pragma) }
  func setting(_ name: String) throws -> String? { try storage.setting(name) }
}

extension RowStorage {
  func execute(_ sql: String) throws { try queue.writeWithoutTransaction { try $0.execute(sql: sql) } }
  func setting(_ name: String) throws -> String? {
    try queue.read { try String.fetchOne($0, sql: "PRAGMA \(name)") }
  }
}
