import Foundation
import GRDB
import Identifiers
import Secrets
import Testing

@testable import Vault

@Suite struct `K10 A vault refuses` {
  /// A closed vault with an identity, a signed certificate and active shares in epochs 1 and 2.
  private func filled() async throws -> VaultFixture {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    try await vault.keepIdentitySeed(SecretBytes(copying: [UInt8](0..<32)))
    for epoch in 1...2 as ClosedRange<UInt64> {
      let digest = try VaultFixture.digest(UInt8(epoch))
      try await vault.recordCertificateSignature(epoch: epoch, VaultFixture.record(UInt8(epoch)))
      try await vault.keepPendingShares(SecretBytes(copying: [99]), epoch: epoch, digest: digest)
      try await vault.keepActiveShares(SecretBytes(copying: [UInt8(epoch)]), epoch: epoch)
    }
    await vault.close()
    return fixture
  }

  @Test func `K10 a row whose content was put under another epoch`() async throws {
    let fixture = try await filled()
    let shares = try #require(try fixture.sealedRows()[.activeShares])
    try fixture.tamper("UPDATE row SET sealed = ? WHERE kind = 3 AND epoch = 2", [shares[0].sealed])
    let vault = try fixture.open()
    let address = RowAddress(.activeShares, epoch: 2)
    #expect(await refusal { _ = try await vault.activeShares(epoch: 2) } == .rowRefused(address, .sealBroken))
    #expect(try await vault.activeShares(epoch: 1)?.revealed() == [1])
  }

  @Test func `K10 a row whose content was put under another kind or id`() async throws {
    let fixture = try await filled()
    let rows = try fixture.sealedRows()
    let record = try #require(rows[.signedCertificate]?.first)
    try fixture.tamper("UPDATE row SET sealed = ? WHERE kind = 1", [record.sealed])
    let vault = try fixture.open()
    let address = RowAddress(.identityKey)
    #expect(await refusal { _ = try await vault.identitySeed() } == .rowRefused(address, .sealBroken))
    await vault.close()
    try fixture.tamper("UPDATE row SET id = x'00' WHERE kind = 4 AND epoch = 1")
    #expect(
      await refusal { _ = try fixture.open() }
        == .rowRefused(RowAddress(.signedCertificate, id: [0], epoch: 1), .unexpected))
  }

  @Test func `K10 a row with another generation, in its column or with an edited column`() async throws {
    let fixture = try await filled()
    try fixture.tamper("UPDATE row SET generation = generation + 1 WHERE kind = 3 AND epoch = 1")
    #expect(
      await refusal { _ = try fixture.open() } == .rowRefused(RowAddress(.activeShares, epoch: 1), .otherGeneration))
  }

  @Test func `K10 an old copy of a row, even with the column of the new one`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    try await vault.raiseHighestWallClock(to: Timestamp(secondsSince1970: 1))
    await vault.close()
    let old = try #require(try fixture.sealedRows()[.highestWallClock]?.first)
    let again = try fixture.open()
    try await again.raiseHighestWallClock(to: Timestamp(secondsSince1970: 2))
    await again.close()
    try fixture.tamper("UPDATE row SET sealed = ? WHERE kind = 5", [old.sealed])
    let tampered = try fixture.open()
    let address = RowAddress(.highestWallClock)
    #expect(await refusal { _ = try await tampered.highestWallClock() } == .rowRefused(address, .sealBroken))
    await tampered.close()
    try fixture.tamper("UPDATE row SET sealed = ?, generation = ? WHERE kind = 5", [old.sealed, old.generation])
    #expect(await refusal { _ = try fixture.open() } == .rowRefused(address, .otherGeneration))
  }

  @Test func `K10 an old manifest beside new rows`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    try await vault.recordCertificateSignature(epoch: 1, VaultFixture.record(1))
    await vault.close()
    let old = try #require(try fixture.sealedRows()[.manifest]?.first)
    let again = try fixture.open()
    try await again.recordCertificateSignature(epoch: 2, VaultFixture.record(1))
    await again.close()
    try fixture.tamper("UPDATE row SET sealed = ?, generation = ? WHERE kind = 0", [old.sealed, old.generation])
    #expect(
      await refusal { _ = try fixture.open() }
        == .rowRefused(RowAddress(.signedCertificate, epoch: 2), .unexpected))
    try fixture.tamper("UPDATE row SET generation = generation + 1 WHERE kind = 0")
    #expect(await refusal { _ = try fixture.open() } == .manifestRefused)
  }

  @Test func `K10 a removed row, which would allow a second signature`() async throws {
    let fixture = try await filled()
    try fixture.tamper("DELETE FROM row WHERE kind = 4 AND epoch = 2")
    #expect(
      await refusal { _ = try fixture.open() } == .rowRefused(RowAddress(.signedCertificate, epoch: 2), .missing))
  }

  @Test(arguments: [0, 11, 28, 40]) func `K10 a row cut to fewer bytes`(length: Int) async throws {
    let fixture = try await filled()
    try fixture.tamper("UPDATE row SET sealed = substr(sealed, 1, ?) WHERE kind = 1", [length])
    let vault = try fixture.open()
    let address = RowAddress(.identityKey)
    #expect(await refusal { _ = try await vault.identitySeed() } == .rowRefused(address, .sealBroken))
  }

  @Test func `a row of the vault that was at this path before`() async throws {
    let fixture = try VaultFixture()
    let before = try fixture.open()
    try await before.keepIdentitySeed(SecretBytes(copying: [UInt8](repeating: 1, count: 32)))
    await before.close()
    let old = try #require(try fixture.sealedRows()[.identityKey]?.first)
    try FileManager.default.removeItem(atPath: fixture.file)
    let after = try fixture.open()
    try await after.keepIdentitySeed(SecretBytes(copying: [UInt8](repeating: 2, count: 32)))
    await after.close()
    try fixture.tamper("UPDATE row SET sealed = ? WHERE kind = 1", [old.sealed])
    let vault = try fixture.open()
    let address = RowAddress(.identityKey)
    #expect(await refusal { _ = try await vault.identitySeed() } == .rowRefused(address, .sealBroken))
  }

  @Test func `another owner and another sealing key`() async throws {
    let fixture = try await filled()
    let other = VaultOwner(network: fixture.owner.network, node: try NodeID(bytes: [UInt8](repeating: 2, count: 20)))
    #expect(await refusal { _ = try fixture.open(other) } == .manifestRefused)
    try FileManager.default.removeItem(atPath: fixture.keyFile)
    #expect(await refusal { _ = try fixture.open() } == .manifestRefused)
  }

  @Test func `a file of another format, and one that is no database`() async throws {
    let fixture = try await filled()
    try fixture.tamper("PRAGMA user_version = 2")
    #expect(await refusal { _ = try fixture.open() } == .unknownFormat(version: 2))
    try Data(repeating: 65, count: 4096).write(to: URL(filePath: fixture.file))
    #expect(await refusal { _ = try fixture.open() } == .storage(.damaged))
  }

  @Test func `a sealing key others can read, or of another size`() async throws {
    let fixture = try await filled()
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: fixture.keyFile)
    guard case .sealingKeyUnavailable = await refusal({ _ = try fixture.open() }) else {
      Issue.record("a key file with mode 0644 was used")
      return
    }
    try Data([1, 2, 3]).write(to: URL(filePath: fixture.keyFile))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: fixture.keyFile)
    guard case .sealingKeyUnavailable = await refusal({ _ = try fixture.open() }) else {
      Issue.record("a key file of three bytes was used")
      return
    }
  }
}
