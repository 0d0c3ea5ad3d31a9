import Foundation
import Identifiers
import Secrets
import Testing

@testable import Vault

@Suite struct `A vault keeps` {
  @Test func `the identity seed across a restart and never a second one`() async throws {
    let fixture = try VaultFixture()
    let first = try fixture.open()
    #expect(try await first.identitySeed()?.revealed() == nil)
    let seed = SecretBytes(copying: [UInt8](0..<32))
    try await first.keepIdentitySeed(seed)
    #expect(
      await refusal { try await first.keepIdentitySeed(SecretBytes(copying: [UInt8](1..<33))) }
        == .alreadyThere(RowAddress(.identityKey)))
    await first.close()
    let second = try fixture.open()
    #expect(try await second.identitySeed()?.revealed() == seed.revealed())
  }

  @Test func `shares pending until they are active, and then only as active`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    let digest = try VaultFixture.digest(3)
    let active = SecretBytes(copying: [4, 5, 6])
    try await vault.keepPendingShares(SecretBytes(copying: [9, 8, 7]), epoch: 1, digest: digest)
    #expect(try await vault.activeShares(epoch: 1)?.revealed() == nil)
    #expect(try await vault.pendingShares(epoch: 1, digest: digest)?.revealed() == [9, 8, 7])
    #expect(await vault.pendingDigest(epoch: 1) == digest)

    try await vault.keepActiveShares(active, epoch: 1)
    try await vault.keepActiveShares(active, epoch: 1)
    await vault.close()
    let reopened = try fixture.open()
    #expect(try await reopened.activeShares(epoch: 1)?.revealed() == [4, 5, 6])
    #expect(try await reopened.pendingShares(epoch: 1, digest: digest)?.revealed() == nil)
    #expect(await reopened.activeEpochs() == [1])
    #expect(
      await refusal { try await reopened.keepActiveShares(SecretBytes(copying: [6]), epoch: 1) }
        == .alreadyThere(RowAddress(.activeShares, epoch: 1)))
  }

  @Test func `pending shares of the latest attempt, until it signed for some, and those until they are active`()
    async throws
  {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    for attempt in 1...2 as ClosedRange<UInt8> {
      try await vault.keepPendingShares(
        SecretBytes(copying: [attempt]), epoch: 1, digest: VaultFixture.digest(attempt))
    }
    #expect(try await vault.pendingShares(epoch: 1, digest: VaultFixture.digest(1))?.revealed() == nil)
    try await vault.dropPendingShares(epoch: 1, digest: VaultFixture.digest(2))
    #expect(await vault.pendingDigest(epoch: 1) == nil)

    try await vault.keepPendingShares(SecretBytes(copying: [3]), epoch: 1, digest: VaultFixture.digest(3))
    try await vault.recordCertificateSignature(epoch: 1, VaultFixture.record(3))
    let dropped = await refusal { try await vault.dropPendingShares(epoch: 1, digest: VaultFixture.digest(3)) }
    #expect(dropped == .anotherCertificateSigned(epoch: 1))
    let replaced = await refusal {
      try await vault.keepPendingShares(SecretBytes(copying: [4]), epoch: 1, digest: VaultFixture.digest(4))
    }
    #expect(replaced == .anotherCertificateSigned(epoch: 1))
    #expect(try await vault.pendingShares(epoch: 1, digest: VaultFixture.digest(3))?.revealed() == [3])
  }

  @Test func `K7 one signed certificate per epoch, also across a restart`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    try await vault.recordCertificateSignature(epoch: 4, VaultFixture.record(1))
    try await vault.recordCertificateSignature(epoch: 4, VaultFixture.record(1))
    await vault.close()
    let reopened = try fixture.open()
    let second = await refusal {
      try await reopened.recordCertificateSignature(epoch: 4, VaultFixture.record(2))
    }
    #expect(second == .anotherCertificateSigned(epoch: 4))
    try await reopened.recordCertificateSignature(epoch: 5, VaultFixture.record(2))
  }

  @Test func `the highest wall clock and registry it was told of`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    #expect(try await vault.highestWallClock() == nil)
    try await vault.raiseHighestWallClock(to: Timestamp(secondsSince1970: 500))
    try await vault.raiseHighestWallClock(to: Timestamp(secondsSince1970: 400))
    let ten = SeenRegistry(number: 10, digest: try VaultFixture.digest(1))
    try await vault.raiseHighestRegistry(to: ten)
    try await vault.raiseHighestRegistry(to: ten)
    await vault.close()
    let reopened = try fixture.open()
    #expect(try await reopened.highestWallClock() == Timestamp(secondsSince1970: 500))
    for seen in [(9, 1), (10, 2)] as [(UInt64, UInt8)] {
      let refused = await refusal {
        try await reopened.raiseHighestRegistry(
          to: SeenRegistry(number: seen.0, digest: try VaultFixture.digest(seen.1)))
      }
      #expect(refused == .registryWentBack(seen: 10))
    }
    #expect(try await reopened.highestRegistry() == ten)
  }

  @Test func `nothing in clear in any of its files`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    let canary = [UInt8]("canary-of-a-share-in-the-vault!!".utf8)
    try await vault.keepIdentitySeed(SecretBytes(copying: canary))
    let digest = try VaultFixture.digest(1)
    try await vault.keepPendingShares(SecretBytes(copying: canary), epoch: 1, digest: digest)
    let files = try FileManager.default.contentsOfDirectory(at: fixture.directory, includingPropertiesForKeys: nil)
    #expect(files.count >= 2)
    for file in files {
      #expect(try Data(contentsOf: file).range(of: Data(canary)) == nil, "\(file.lastPathComponent)")
    }
    await vault.close()
  }

  @Test func `itself to its owner and to one process`() async throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    let mode = try FileManager.default.attributesOfItem(atPath: fixture.file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(await refusal { _ = try fixture.open() } == .storage(.inUse))
    await vault.close()
    #expect(await refusal { _ = try await vault.identitySeed() } == .closed)
  }

  @Test func `nothing on disk when it lives in memory`() async throws {
    let fixture = try VaultFixture()
    let vault = try Vault(.memory, owner: fixture.owner, sealing: DevelopmentKeyFile(path: fixture.keyFile))
    try await vault.keepIdentitySeed(SecretBytes(copying: [UInt8](0..<32)))
    #expect(try await vault.identitySeed()?.revealed() == [UInt8](0..<32))
  }
}
