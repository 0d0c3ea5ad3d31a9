import ArgumentParser
import Authorization
import Client
import Identifiers
import Membership
import PublicKeys
import Signatures
import Wire

struct SignCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Have a quorum sign a message or a file.",
    discussion: """
      Messages and files are signed in a frame of their own, so that a signature of one is never a transaction or \
      anything else. Every share and the finished signature are verified here before they are shown.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var walletOptions: WalletOptions
  @OptionGroup var keyOptions: KeyOptions
  @OptionGroup var contentOptions: ContentOptions

  @Option(help: "Write the signature to this file, for quorate verify.")
  var out: String?

  func run(_ console: Console) async throws {
    let user = try UserContext(common, networkOptions, console)
    let wallet = try Wallets(home: user.home).open(walletOptions.wallet).key
    let record = try keyOptions.choose(
      for: wallet.address, in: user.network.snapshot(), names: user.names.all())
    let content = try contentOptions.content(console)
    guard record.kinds.contains(content.kind) else {
      let kinds = KeyDescription(record: record).kinds.joined(separator: ", ")
      throw CommandFailure(
        .refused, "key \(record.key) is not allowed to sign \(content.kind.rawValue) content, only \(kinds)",
        advice: "make a key that is: quorate key create --allow \(content.kind.rawValue)")
    }
    if let out, PrivateFile.exists(out) { throw CommandFailure.alreadyExists(out) }
    let session = try user.sessions.session(
      for: [.sign(with: record.key)], of: wallet, in: user.network.founding, fresh: walletOptions.freshSession)
    let finished = try await user.client.sign(content, with: record.key, as: session)
    await user.client.close()

    let document = SignatureDocument(finished, network: user.network.id, kind: content.kind)
    if let out {
      let output = try TemporaryOutput(destination: out)
      try output.write(document.encoded[...])
      try output.commit(overwriting: false)
    }
    let json = document.members + [JSONMember("signed", .base64URL(Self.shown(finished.message)))]
    console.result(.object(json + Self.ecdsaMembers(finished))) {
      var lines = [
        ["signature", Hex.encode(finished.signature)], ["public key", Hex.encode(finished.publicKey.bytes)],
        ["scheme", finished.publicKey.purpose.rawValue], ["key", finished.key.text],
      ]
      if let ecdsa = finished.ecdsa {
        lines += [["der", Hex.encode(ecdsa.der)], ["recovery id", "\(ecdsa.recoveryID)"]]
      }
      let written = out.map { "\nwritten to \($0)" } ?? ""
      return Columns.lines(lines).joined(separator: "\n") + written
    }
  }

  /// What some verifiers of ECDSA need beside `r ‖ s`.
  static func ecdsaMembers(_ finished: FinishedSignature) -> [JSONMember] {
    guard let ecdsa = finished.ecdsa else { return [] }
    return [
      JSONMember("der", .string(Hex.encode(ecdsa.der))), JSONMember("recoveryID", JSONValue(Int(ecdsa.recoveryID))),
    ]
  }

  /// The bytes other verifiers need, unless they are long.
  private static func shown(_ message: [UInt8]) -> [UInt8] {
    message.count <= 4096 ? message : []
  }
}
