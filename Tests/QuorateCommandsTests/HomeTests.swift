import Authorization
import Client
import Foundation
import Identifiers
import ProtocolTestKit
@testable import QuorateCommands
import Secrets
import Signatures
import Testing

@Suite struct HomeTests {
  @Test func `the option goes before the environment, the environment before the user's own folder`() {
    func path(_ option: String?, _ environment: [String: String]) -> String {
      HomeFolder(option: option, environment: environment, userFolder: "/users/me").path
    }
    #expect(path("/o", ["QUORATE_HOME": "/e"]) == "/o")
    #expect(path(nil, ["QUORATE_HOME": "/e"]) == "/e")
    #expect(path(nil, ["QUORATE_HOME": ""]) == "/users/me/.quorate")
    #expect(path(nil, [:]) == "/users/me/.quorate")
  }

  @Test func `a folder others can enter is refused`() throws {
    let folder = try TestFolder()
    let home = HomeFolder(option: folder("home"))
    try home.prepare()
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: home.path)
    #expect(throws: CommandFailure.self) { try home.prepare() }
  }

  @Test(arguments: ["", "a/b", "..", "ä", "a b", String(repeating: "x", count: 65)])
  func `names that could be paths are refused`(_ name: String) {
    #expect(throws: CommandFailure.self) { try ChosenName.check(name) }
  }

  @Test func `a wallet is kept, found again and not replaced`() throws {
    let folder = try TestFolder()
    let wallets = Wallets(home: HomeFolder(option: folder("home")))
    let made = try wallets.create("me")
    #expect(try wallets.open("me").key.address == made.key.address)
    #expect(try wallets.all().map(\.name) == ["me"])
    #expect(PrivateFile.permissionsOfOthers(folder("home/wallets/me.json")) == 0)
    #expect(throws: CommandFailure.self) { try wallets.create("me") }
    #expect(throws: CommandFailure.self) { try wallets.open("you") }
  }

  @Test func `a wallet file others may read is refused`() throws {
    let folder = try TestFolder()
    let path = folder("wallet")
    _ = try WalletFile.create(at: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    #expect(throws: CommandFailure.self) { try WalletFile.read(path) }
  }

  @Test func `a damaged wallet file is refused, whatever is damaged`() throws {
    let folder = try TestFolder()
    let path = folder("wallet")
    _ = try WalletFile.create(at: path)
    let good = try PrivateFile.read(path)
    let bad: [[UInt8]] = [
      [], Array(good.dropLast()), Array(good.dropLast(2)), good + [10], [0] + good,
      good.dropLast(2) + [UInt8(ascii: "g"), 10],
      good.prefix(18) + [UInt8](repeating: UInt8(ascii: "0"), count: 64) + [10],
    ]
    for bytes in bad {
      try PrivateFile.write(bytes, to: path)
      #expect(throws: CommandFailure.self) { try WalletFile.read(path) }
    }
    try PrivateFile.write(good, to: path)
    _ = try WalletFile.read(path)
  }

  @Test func `addresses are taken in both usual forms, a wrong checksum in none`() throws {
    let checksummed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    let address = try WalletText.address(checksummed)
    #expect(try WalletText.address(checksummed.lowercased()) == address)
    #expect(throws: CommandFailure.self) { try WalletText.address("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed") }
    #expect(throws: CommandFailure.self) { try WalletText.address("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed") }
  }

  @Test func `settings survive and a damaged file is said to be one`() throws {
    let folder = try TestFolder()
    let home = HomeFolder(option: folder("home"))
    #expect(try Settings.load(home) == nil)
    let settings = Settings(registryFile: "/somewhere/network.json", network: NetworkID(Digest32.zero))
    try settings.save(home)
    #expect(try Settings.load(home) == settings)
    try PrivateFile.write(Array("{}".utf8), to: home.settings)
    #expect(throws: CommandFailure.self) { try Settings.load(home) }
  }
}

@Suite struct SessionFileTests {
  let clock = ManualClock(wall: Timestamp(secondsSince1970: 1_800_000_000))

  private func setUp() async throws -> (TestFolder, Sessions, EthereumSigningKey, LocalNetwork) {
    let folder = try TestFolder()
    let network = try await foundedNetwork(in: folder)
    let sessions = Sessions(home: HomeFolder(option: folder("home")), clock: clock)
    var random = SeededRandom(seed: 5)
    return (folder, sessions, try EthereumSigningKey(from: &random), network)
  }

  @Test func `a session is kept for what it grants and nothing else`() async throws {
    let (folder, sessions, wallet, network) = try await setUp()
    let grants: Set<Grant> = [.sign(with: KeyID(Digest32.zero))]
    let first = try await sessions.session(for: grants, of: ActingWallet(wallet), in: network.founding)
    let again = try await sessions.session(for: grants, of: ActingWallet(wallet), in: network.founding)
    #expect(again.key.publicKey == first.key.publicKey)
    #expect(again.capability == first.capability)
    let other = try await sessions.session(
      for: [.decrypt(under: .zero)], of: ActingWallet(wallet), in: network.founding)
    #expect(other.key.publicKey != first.key.publicKey)
    #expect(other.grants == [.decrypt(under: .zero)])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder("home/sessions")) {
      #expect(PrivateFile.permissionsOfOthers(folder("home/sessions/" + name)) == 0)
    }
  }

  @Test func `A1 a session near its end, or asked to be fresh, is made anew`() async throws {
    let (_, sessions, wallet, network) = try await setUp()
    let grants: Set<Grant> = [.sign(with: KeyID(Digest32.zero))]
    let first = try await sessions.session(for: grants, of: ActingWallet(wallet), in: network.founding)
    let fresh = try await sessions.session(for: grants, of: ActingWallet(wallet), in: network.founding, fresh: true)
    #expect(fresh.key.publicKey != first.key.publicKey)
    clock.advance(by: .seconds(Sessions.lifetime - 60))
    let later = try await sessions.session(for: grants, of: ActingWallet(wallet), in: network.founding)
    #expect(later.key.publicKey != fresh.key.publicKey)
    #expect(later.expiresAt.seconds(since: later.issuedAt) == Sessions.lifetime)
  }

  @Test func `a session file others may read, or that is damaged, is not used`() async throws {
    let (folder, sessions, wallet, network) = try await setUp()
    let grants: Set<Grant> = [.sign(with: KeyID(Digest32.zero))]
    let first = try await sessions.session(for: grants, of: ActingWallet(wallet), in: network.founding)
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder("home/sessions")).first)
    let path = folder("home/sessions/" + name)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    let second = try await sessions.session(for: grants, of: ActingWallet(wallet), in: network.founding)
    #expect(second.key.publicKey != first.key.publicKey)
    try PrivateFile.write(Array("quorate-session-v1\nrubbish".utf8), to: path)
    let third = try await sessions.session(for: grants, of: ActingWallet(wallet), in: network.founding)
    #expect(third.key.publicKey != second.key.publicKey)
  }
}
