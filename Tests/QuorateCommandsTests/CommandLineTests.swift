import ArgumentParser
import Foundation
import Identifiers
import Membership
import PublicKeys
@testable import QuorateCommands
import Signatures
import Testing
import Transcripts
import Wire

@Suite struct CommandLineTests {
  private func parse<Command>(_ line: String, as type: Command.Type = Command.self) throws -> Command {
    let command = try QuorateCommand.parseAsRoot(line.split(separator: " ").map(String.init))
    return try #require(command as? Command)
  }

  @Test(arguments: [
    "demo --json", "devnet init /tmp/x --nodes 7", "devnet up /tmp/x", "devnet down /tmp/x",
    "devnet status /tmp/x --json",
    "node run --config n.json --lifeline --log-level debug", "network use n.json", "network show --json",
    "wallet create --name a", "wallet list --home /tmp/h", "key create --scheme taproot --allow raw,message",
    "key create --purpose ed25519-sign", "key list --network n.json", "key show vault", "sign --message hello",
    "sign --key vault --file f --out s --fresh-session", "sign --scheme secp256k1 --raw 00ff --json",
    "verify s --message hello --public-key ab", "encrypt f --to 0x00 --to 0x01 --out g", "decrypt g --wallet a",
    "doctor", "sign --key hot --transaction 02c0 --yes --der", "sign --eip191 hello",
    "sign --typed-data d.json --json --yes",
    "sign --psbt in.psbt --out out.psbt --bitcoin-network regtest", "verify s --transaction 02c0",
    "key create --scheme taproot --allow psbt --max-value 0.01btc --max-fee 5000sat --bitcoin-network testnet",
    "key create --allow transaction,eip712 --chain-id 1 --chain-id 137 --to 0x00 --function transfer(address,uint256)",
    "key grant mine --for 0x00 --final --print --from 0x00", "key revoke mine --max-cost 1gwei --yes",
    "key transfer mine --to 0x00", "key collect --to 0x00 --wallet-file w", "wallet end-sessions --forget",
    "stake status 0x00", "stake add 2eth --wallet-file w --yes", "stake withdraw --to 0x00", "devnet up --chain /tmp/x",
    "devnet fund /tmp/x 0x00 --amount 2eth", "node join --config n.json --peer a:1 --client a:2",
    "node join --identity-key a --proof b --peer a:1 --client a:2 --wallet w", "node join --registration r.json --yes",
    "network found d.json --out n.json --chain 1 --deployer 0x00 --finality-depth 64 --head-age 60 --endpoints e.json",
    "network found d.json --out n.json --chain 1 --deployer 0x00 --nonce 3 --window 3600 --notice 0 --unstake-delay 7200",
    "network deploy --network n --wallet-file w --max-cost 1eth --yes", "network deploy --print --from 0x00 --json",
    "node leave --wallet w", "vote members --add 0x00 --remove 0x01", "vote epoch 2", "vote policy p.json",
    "vote measurement sev-snp 00 --forbid", "vote slash 0x00 1eth --evidence e",
    "vote certificate --json", "network show --endpoints e.json",
    "key create --allow eip191 --message-prefix hello", "key create --allow eip712 --contract 0x00 --plain-transfers",
  ])
  func `documented command lines are understood`(_ line: String) throws {
    _ = try QuorateCommand.parseAsRoot(line.split(separator: " ").map(String.init))
  }

  @Test(arguments: [
    "sign", "sign --message a --file b", "sign --transaction a --psbt b", "sign --psbt a --bitcoin-network moon",
    "key create --chain-id -1", "sign --message a --scheme rsa", "verify s", "devnet init", "node run",
    "encrypt", "key create --scheme bls12381-ibe", "nonsense", "demo --nodes many",
  ])
  func `anything else is refused with the parser's own status`(_ line: String) {
    #expect {
      _ = try QuorateCommand.parseAsRoot(line.split(separator: " ").map(String.init))
    } throws: {
      QuorateCommand.exitCode(for: $0) == .validationFailure
    }
  }

  @Test func `every command has an explanation and understands --json`() throws {
    func check(_ command: any ParsableCommand.Type) {
      #expect(!command.configuration.abstract.isEmpty, "\(command)")
      if command.configuration.subcommands.isEmpty {
        #expect(command is any ConsoleCommand.Type, "\(command)")
      }
      for sub in command.configuration.subcommands { check(sub) }
    }
    check(QuorateCommand.self)
  }

  @Test func `schemes go by their short and their full names`() {
    #expect(SigningScheme(argument: "taproot")?.purpose == .secp256k1Taproot)
    #expect(SigningScheme(argument: "secp256k1-taproot") == .taproot)
    #expect(SigningScheme(argument: "bls12381-ibe") == nil)
    #expect(Set(SigningScheme.allCases.map(\.purpose)) == Set(KeyPurpose.allCases.filter(\.isSigning)))
  }

  @Test func `kinds are a list of known words`() throws {
    #expect(try SigningKinds.parse("raw,message") == [.raw, .message])
    for text in ["", "raw,", "all", "raw message"] {
      #expect(throws: CommandFailure.self) { try SigningKinds.parse(text) }
    }
  }

  @Test func `content comes from exactly one option`() throws {
    let console = Console(format: .json, traits: .plain, streams: CollectedStreams())
    let folder = try TestFolder()
    try PrivateFile.write(Array("abc".utf8), to: folder("f"))
    let digest = try Digest32(text: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(try ContentOptions.parse(["--message", "hé"]).content(console) == .message(Array("hé".utf8)))
    #expect(try ContentOptions.parse(["--raw", "0x00FF"]).content(console) == .raw([0, 255]))
    #expect(try ContentOptions.parse(["--file", folder("f")]).content(console) == .file(digest: digest, byteCount: 3))
    #expect(throws: CommandFailure.self) { try ContentOptions.parse(["--raw", "0xg"]).content(console) }
    #expect(throws: CommandFailure.self) { try ContentOptions.parse(["--file", folder("no")]).content(console) }
  }
}

@Suite struct KeyChoiceTests {
  private func choice(_ network: LocalNetwork, _ keys: [(KeyPurpose, UInt8)]) async throws -> (KeyChoice, WalletAddress)
  {
    let folder = try TestFolder()
    let owner = try WalletFile.create(at: folder("wallet"))
    var snapshot = try network.snapshot()
    var names: [String: KeyID] = [:]
    for (purpose, salt) in keys {
      let record = try KeyRecord(
        network: network.id, purpose: purpose, owner: owner.address, salt: [UInt8](repeating: salt, count: 16),
        kinds: [.message], wallets: [owner.address])
      snapshot = try await network.writer.append(.keyRecord(record), to: network.id, signedBy: [owner])
      names["key\(salt)"] = record.key
    }
    return (KeyChoice(snapshot: snapshot, names: names), owner.address)
  }

  @Test func `a key is found by name, id or beginning, and the only one of its kind without`() async throws {
    let folder = try TestFolder()
    let (choice, wallet) = try await choice(
      foundedNetwork(in: folder), [(.ed25519Sign, 1), (.ed25519Sign, 2), (.secp256k1Taproot, 3)])
    let id = try #require(choice.names["key1"])
    func find(_ key: String?, _ scheme: SigningScheme? = nil) throws -> KeyID {
      try choice.record(key: key, scheme: scheme, wallet: wallet).key
    }
    #expect(try find("key1") == id)
    #expect(try find(id.text) == id)
    #expect(try find(String(id.text.prefix(8))) == id)
    #expect(try find(nil, .taproot) == choice.names["key3"])
    for (key, scheme) in [
      (String(id.text.prefix(7)), nil), ("other", nil), (nil, SigningScheme.ed25519), (nil, nil), (nil, .secp256k1),
    ] {
      #expect(throws: CommandFailure.self) { try find(key, scheme) }
    }
  }

  @Test func `names of keys are kept by network`() throws {
    let folder = try TestFolder()
    let home = HomeFolder(option: folder("home"))
    let (first, second) = (NetworkID(Digest32.zero), NetworkID(Digest32.sha256(of: [1])))
    try KeyNames(home: home, network: first).name(KeyID(Digest32.zero), "mine")
    #expect(try KeyNames(home: home, network: first).all() == ["mine": KeyID(Digest32.zero)])
    #expect(try KeyNames(home: home, network: second).all().isEmpty)
  }
}
