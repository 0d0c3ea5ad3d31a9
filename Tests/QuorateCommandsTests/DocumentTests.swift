import Client
import Identifiers
import IdentityEncryption
import Membership
import PublicKeys
import Testing
import Vault
import Wire

@testable import QuorateCommands

@Suite struct SignatureDocumentTests {
  private let text = """
    {"version":1,"network":"\(String(repeating: "11", count: 32))","key":"\(String(repeating: "22", count: 32))",\
    "purpose":"ed25519-sign","publicKey":"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",\
    "kind":"message","signature":"00ff"}
    """

  @Test func `what is written is read again`() throws {
    let document = try SignatureDocument(decoding: Array(text.utf8))
    #expect(document.kind == .message)
    #expect(document.signature == [0, 255])
    #expect(document.encoded == Array((text + "\n").utf8))
    #expect(try SignatureDocument(decoding: document.encoded) == document)
  }

  @Test(arguments: ["\"version\":1", "ed25519-sign", "\"message\"", "d75a98", "00ff"])
  func `anything else is refused`(_ part: String) {
    let damaged = text.replacing(part, with: "\"x\"")
    #expect(throws: CommandFailure.self) { try SignatureDocument(decoding: Array(damaged.utf8)) }
  }
}

@Suite struct FailureTests {
  @Test func `errors of the libraries become failures with a code of their own`() {
    let cases: [(any Error, CommandFailure.Code)] = [
      (ClientError.registryUnavailable, .networkNotTrusted),
      (ClientError.tooFewNodes(verified: 1, needed: 4, failures: [:]), .networkUnavailable),
      (ClientError.refused(.notPermitted), .refused), (ClientError.notDecryptable, .notValid),
      (ClientError.unsuitableInput("x"), .badInput), (EncryptedFileError.damaged(chunk: 3), .notValid),
      (EncryptedFileError.notAnEncryptedFile, .badInput), (RegistryTrouble.locked, .fileProblem),
      (RegistryTrouble.unreadable(RegistryStorageError(.alreadyThere, errorNumber: 0)), .alreadyExists),
      (RegistryTrouble.refused(.wrongNetwork), .networkNotTrusted), (CancellationError(), .interrupted),
      (VaultError.closed, .fileProblem), (CommandFailure(.notFound, "x"), .notFound),
    ]
    for (error, code) in cases { #expect(CommandFailure(error).code == code, "\(error)") }
  }

  @Test func `every node's trouble is told`() throws {
    let node = try NodeID(text: "0x" + String(repeating: "ab", count: 20))
    let failure = CommandFailure(
      ClientError.failed(attempts: 3, last: [node: .cheated("its signature share is wrong")]))
    #expect(failure.message.contains(node.text))
    #expect(failure.message.contains("its signature share is wrong"))
  }
}

@Suite struct StepDisplayTests {
  @Test func `steps are one line each, with what came of them`() async throws {
    let streams = CollectedStreams()
    let steps = StepDisplay(console: Console(format: .text, traits: .plain, streams: streams), titleWidth: 6)
    try await steps.run("a", "First") { $0.note("fine") }
    #expect(streams.text(.output).hasPrefix("✓ First  fine  "))
    await #expect(throws: CommandFailure.self) {
      try await steps.run("b", "Second") { _ in throw CommandFailure(.notValid, "no") }
    }
    #expect(streams.text(.output).contains("\n✗ Second"))
    #expect(streams.text(.error).isEmpty)
  }

  @Test func `in JSON form a step is two events`() async throws {
    let streams = CollectedStreams()
    let steps = StepDisplay(console: Console(format: .json, traits: .plain, streams: streams))
    try await steps.run("a", "First") { $0.fact("links", .integer(10)) }
    let lines = streams.text(.output).split(separator: "\n").map(String.init)
    #expect(lines.first == #"{"event":"step","step":"a","status":"started"}"#)
    var fields = try JSONFields(JSONValue.parse(Array(#require(lines.last).utf8), limit: 1000))
    #expect(try fields.string("status") == "finished")
    #expect(try fields.unsigned("milliseconds") < 60_000)
    #expect(try fields.value("facts") == .object([JSONMember("links", .integer(10))]))
  }
}

@Suite struct DoctorTests {
  @Test func `versions compare by number`() {
    #expect(Version("6.10.1").isAtLeast(6, 3))
    #expect(Version("7").isAtLeast(6, 3))
    #expect(!Version("6.2.9").isAtLeast(6, 3))
    #expect(!Version("rubbish").isAtLeast(0, 1))
  }

  @Test func `whatever is missing comes with the command that installs it`() {
    for library in SystemLibrary.all {
      let command = PackageInstaller.apt.command(apt: library.apt ?? "", brew: library.brew)
      #expect(command.hasPrefix("sudo apt-get install"))
    }
    #expect(PackageInstaller.unknown.command(apt: "a", brew: "b") == "scripts/setup")
  }

  @Test func `columns line up`() {
    #expect(Columns.lines([["a", "b"], ["long", "c"]]) == ["a     b", "long  c"])
    #expect(Columns.lines([]).isEmpty)
  }
}
