import ArgumentParser
import Client
import Identifiers
import Membership
import PublicKeys
import Wire

struct VerifyCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check a signature.",
    discussion: """
      The public key is derived from the network's key certificate, never taken from the signature file, unless you \
      give it with --public-key; then no network is needed. Exit status 1 when the signature does not hold.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var contentOptions: ContentOptions

  @Argument(help: "The file quorate sign --out wrote.")
  var signature: String

  @Option(help: "The public key to trust, in hex as quorate key show prints it.")
  var publicKey: String?

  func run(_ console: Console) async throws {
    let document = try SignatureDocument(decoding: PrivateFile.read(signature, maximum: 64 << 10))
    let key = try await trustedKey(document, console)
    let content = try contentOptions.content(console)
    guard content.kind == document.kind else {
      throw CommandFailure(
        .notValid, "this is a signature of \(document.kind.rawValue) content",
        advice: "give what was signed with --\(document.kind.rawValue)")
    }
    if case .psbt = content {
      throw CommandFailure(
        .badInput, "a signed PSBT carries its signatures itself",
        advice: "any Bitcoin node judges the finished transaction")
    }
    guard SignatureVerification.isValid(document.signature, of: content, under: key) else {
      throw CommandFailure(.notValid, "the signature does not hold: other content, another key, or changed")
    }
    let json = JSONValue.object([
      JSONMember("valid", .bool(true)), JSONMember("key", .text(document.key)),
      JSONMember("purpose", .string(key.purpose.rawValue)), JSONMember("publicKey", .string(Hex.encode(key.bytes))),
    ])
    console.result(json) { "the signature holds under \(key.purpose.rawValue) key \(Hex.encode(key.bytes))" }
  }

  private func trustedKey(_ document: SignatureDocument, _ console: Console) async throws -> AnyPublicKey {
    if let publicKey {
      guard let bytes = try? Hex.decode(publicKey),
        let key = try? AnyPublicKey(purpose: document.publicKey.purpose, bytes: bytes)
      else {
        throw CommandFailure(.badInput, "--public-key is not a \(document.publicKey.purpose.rawValue) key in hex")
      }
      return key
    }
    let user = try await UserContext(common, networkOptions, console)
    guard document.network == user.network.id else {
      throw CommandFailure(
        .notValid, "the signature is of network \(document.network)", advice: "choose that one with --network")
    }
    let key = try await user.client.publicKey(of: document.key)
    await user.client.close()
    return key
  }
}
