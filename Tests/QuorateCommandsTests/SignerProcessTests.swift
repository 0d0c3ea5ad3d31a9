import ArgumentParser
import Foundation
import Identifiers
import Secrets
import Signatures
import Testing

@testable import QuorateCommands

/// Who signs for the wallet a command acts as.
@Suite struct SignerProcessTests {
  private static let address = "0x1111111111111111111111111111111111111111"
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func program(_ script: String) throws -> String {
    let path = folder("signer")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    return path
  }

  private func signature(by program: String, of text: String = "text") async throws -> [UInt8] {
    try await ActingWallet(WalletAddress(text: Self.address), program: program).sign(text)
  }

  @Test func `A program is given the text, and what it writes is the signature`() async throws {
    let program = try program("cat > '\(folder("seen"))'; echo a word to its user >&2; echo 0x01ff")
    #expect(try await signature(by: program, of: "two\nlines") == [1, 0xff])
    #expect(try String(contentsOfFile: folder("seen"), encoding: .utf8) == "two\nlines")
  }

  @Test(arguments: ["echo 01ff", "echo 0x", "echo 0xAB", "echo 0x1", "true", "echo 0x01; exit 1", "echo 0x01 0x02"])
  func `What is no signature, or comes with a failure, is refused`(_ script: String) async throws {
    let program = try program(script)
    await #expect(throws: CommandFailure.self) { try await signature(by: program) }
  }

  @Test func `A program that is not there is named`() async throws {
    await #expect(throws: CommandFailure.self) { try await signature(by: folder("none")) }
  }

  private func acting(_ line: String) throws -> ActingWallet {
    let home = HomeFolder(option: folder("home"))
    return try WalletOptions.parse(line.split(separator: " ").map(String.init)).acting(home)
  }

  @Test func `The wallet acts as itself, or signs for the address it is told to act as`() async throws {
    let wallet = try Wallets(home: HomeFolder(option: folder("home"))).create("mine").key
    let text = "text"
    let own = try wallet.signMessage(Array(text.utf8))
    let plain = try acting("--wallet mine")
    #expect(plain.address == wallet.address)
    #expect(try await plain.sign(text) == own)
    let contract = try acting("--wallet mine --as \(Self.address)")
    #expect(contract.address == (try WalletAddress(text: Self.address)))
    #expect(try await contract.sign(text) == own)
    #expect(try acting("--signer x --as \(Self.address)").address == contract.address)
    #expect(
      try WalletOptions.parse(["--as", Self.address]).actingAddress(HomeFolder(option: folder("none")))
        == contract.address)
    #expect(throws: CommandFailure.self) { try acting("--signer x") }
    #expect(throws: CommandFailure.self) { try acting("--signer x --as \(Self.address) --wallet mine") }
    #expect(throws: CommandFailure.self) { try acting("--wallet mine --as 0x12") }
  }
}
