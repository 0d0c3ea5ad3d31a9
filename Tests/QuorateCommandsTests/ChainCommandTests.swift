import ArgumentParser
import Authorization
import Client
import Foundation
import Identifiers
import Membership
import PublicKeys
@testable import QuorateCommands
import Secrets
import Signatures
import SigningContent
import Testing
import Wire

/// What commands for chains make of their options, and of a network whose registry is a file.
@Suite struct ChainCommandTests {
  private let folder: TestFolder
  private let network: LocalNetwork
  private let layout: DevnetLayout

  init() async throws {
    folder = try TestFolder()
    network = try await foundedNetwork(in: folder)
    layout = DevnetLayout(folder: folder("network"))
  }

  private var home: HomeFolder { HomeFolder(option: folder("home")) }

  private func run(_ line: [String]) async throws -> (any Error)? {
    let console = Console(format: .json, traits: .plain, streams: CollectedStreams())
    let command = try QuorateCommand.parseAsRoot(line + ["--network", network.file, "--home", folder("home")])
    do {
      try await #require(command as? any ConsoleCommand).run(console)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "stake status", "stake add 1eth --yes", "stake withdraw --yes", "node leave --yes", "vote pause --yes",
    "vote members --add 0x0101010101010101010101010101010101010101 --yes", "vote certificate --yes",
  ])
  func `what only a chain takes is refused where the registry is a file`(_ line: String) async throws {
    let words = line.split(separator: " ").map(String.init) + ["--wallet-file", layout.stakerWallet(1)]
    let failure = try #require(try await run(words) as? CommandFailure)
    #expect(failure.code == .refused && failure.advice?.contains("quorate network propose") == true)
  }

  private func makeKey(_ owner: EthereumSigningKey) async throws -> KeyRecord {
    let record = try KeyRecord(
      network: network.id, purpose: .ed25519Sign, owner: owner.address, salt: [UInt8](repeating: 1, count: 16),
      kinds: [.message], wallets: [owner.address])
    _ = try await network.writer.append(.keyRecord(record), to: network.id, signedBy: [owner])
    return record
  }

  @Test func `a record in a file is replaced and emptied by its owner alone, and stays with its owner`() async throws {
    let owner = try Wallets(home: home).create(Wallets.standardName).key
    _ = try Wallets(home: home).create("other")
    let record = try await makeKey(owner)
    let friend = "0x" + String(repeating: "02", count: 20)
    #expect(try await run(["key", "grant", record.key.text, "--allow", "file", "--for", friend]) == nil)
    let granted = try #require(try network.snapshot().keyRecord(record.key))
    let users: Set = [owner.address, try WalletAddress(text: friend)]
    #expect(granted.kinds == [.file] && granted.wallets == users)
    let foreign = try await run(["key", "revoke", record.key.text, "--wallet", "other"])
    #expect((foreign as? CommandFailure)?.code == .notFound || (foreign as? CommandFailure)?.code == .refused)
    #expect(try await run(["key", "revoke", record.key.text]) == nil)
    let revoked = try #require(try network.snapshot().keyRecord(record.key))
    #expect(revoked.kinds.isEmpty && revoked.wallets.isEmpty)
    #expect(try await run(["key", "transfer", record.key.text, "--to", friend]) is CommandFailure)
    #expect(try network.snapshot().keyRecord(record.key)?.owner == owner.address)
  }

  @Test func `sessions end in the registry and on this machine, those of the wallet and no others`() async throws {
    let owner = try Wallets(home: home).create(Wallets.standardName).key
    let other = try Wallets(home: home).create("other").key
    let record = try await makeKey(owner)
    let sessions = Sessions(home: home, clock: SystemClock())
    let grants: Set<Grant> = [.sign(with: record.key)]
    func kept(_ wallet: EthereumSigningKey) async throws -> [UInt8] {
      try await sessions.session(for: grants, of: ActingWallet(wallet), in: network.founding).key.publicKey
    }
    let (first, second) = (try await kept(owner), try await kept(other))
    #expect(try await kept(owner) == first)
    #expect(try await kept(other) == second)
    #expect(try await run(["wallet", "end-sessions"]) == nil)
    #expect(try await kept(owner) != first)
    #expect(try await kept(other) == second)
    let moment = try #require(try network.snapshot().notBefore(of: owner.address))
    #expect(moment <= SystemClock().wall.adding(seconds: 1))
    #expect(try network.snapshot().notBefore(of: other.address) == nil)
    #expect(try await run(["wallet", "end-sessions", "--forget"]) is CommandFailure)
  }

  @Test func `a transaction for a wallet elsewhere needs its address, and one here takes none`() throws {
    var random = SystemRandom()
    let key = try EthereumSigningKey(from: &random)
    func signer(_ options: [String]) throws -> WalletAddress {
      try TransactionOptions.parse(options).signer { key }.address
    }
    let elsewhere = "0x" + String(repeating: "03", count: 20)
    #expect(try signer([]) == key.address)
    #expect(try signer(["--print", "--from", elsewhere]) == WalletAddress(text: elsewhere))
    for wrong in [["--print"], ["--from", elsewhere], ["--print", "--from", "0x03"]] {
      #expect(throws: CommandFailure.self) { try signer(wrong) }
    }
    #expect(try TransactionOptions.parse(["--max-cost", "2gwei"]).maximumFee == UInt256(2_000_000_000))
  }

  @Test func `stake is ether in whole gwei`() throws {
    #expect(try CoinAmount.gwei("2eth") == 2_000_000_000)
    #expect(try CoinAmount.gwei("3gwei") == 3)
    #expect(CoinAmount.text(gwei: 1_500_000_000) == "1.5 ether")
    for wrong in ["0eth", "1.0000000001eth", "1btc", "9007200eth", "eth", "-1eth"] {
      #expect(throws: CommandFailure.self) { try CoinAmount.gwei(wrong) }
    }
  }
}
