import ArgumentParser
import Authorization
import Client
import Identifiers
import Membership
import PublicKeys
import Signatures
import SigningContent
import Wire

struct SignCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Have a quorum sign a message, a file or a transaction.",
    discussion: """
      Messages and files are signed in a frame of their own, so that a signature of one is never a transaction or \
      anything else. Transactions, PSBTs, typed data and personal messages are read and hashed by every node itself; \
      what they say is shown here first, and you are asked unless you give --yes (with --json you have to). \
      Every share and the finished signature are verified here before they are shown.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var walletOptions: WalletOptions
  @OptionGroup var keyOptions: KeyOptions
  @OptionGroup var contentOptions: ContentOptions

  @Option(help: "Write the signature to this file, for quorate verify; with --psbt the signed PSBT.")
  var out: String?

  @Flag(help: "Do not ask before signing what was shown.")
  var yes = false

  @Flag(help: "Show ECDSA signatures in DER as well.")
  var der = false

  @Option(help: "How to write Bitcoin addresses: mainnet, testnet or regtest.")
  var bitcoinNetwork = BitcoinNetworkOption.mainnet

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    let wallet = try walletOptions.acting(user.home)
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
    if SignableKind(rawValue: content.kind.rawValue) != nil {
      return try await sign(content, record, wallet, user, console)
    }
    let session = try await user.sessions.session(
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

  private func sign(
    _ content: ContentToSign, _ record: KeyRecord, _ wallet: ActingWallet, _ user: UserContext,
    _ console: Console
  ) async throws {
    let signing = ContentSigning(user: user, record: record, content: content, bitcoin: bitcoinNetwork.network)
    let prepared = try await signing.prepare()
    console.event(
      .object([
        JSONMember("toSign", .object(prepared.summary.map { JSONMember($0.label, .string($0.value)) }.unique))
      ]))
    console.notice(Columns.lines(prepared.summary.map { [$0.label, $0.value] }).joined(separator: "\n"))
    try Confirmation(console: console, isGiven: yes).require("Have the network sign this?")
    let session = try await user.sessions.session(
      for: [.sign(with: record.key)], of: wallet, in: user.network.founding, fresh: walletOptions.freshSession)
    let finished = try await signing.sign(prepared, as: session)
    await user.client.close()

    let result = try ContentResult(prepared, finished, showsDER: der)
    var members = finished.first.map {
      SignatureDocument($0, network: user.network.id, kind: content.kind)
    }
    var lines = result.fields.map { [$0.label, $0.value] }
    var json = result.fields.map { JSONMember($0.name, .string($0.value)) }
    if case .bitcoinTransaction(let psbt) = prepared.content {
      members = nil
      let completed = try Self.finish(psbt, prepared.key, finished)
      lines += completed.lines
      json += completed.lines.map { JSONMember($0[0] == "transaction id" ? "id" : $0[0], .string($0[1])) }
      try write(completed.psbt)
    } else if let document = members {
      try write(document.encoded)
    }
    lines.append(["key", record.key.text])
    console.result(.object((members?.members ?? [JSONMember("key", .text(record.key))]) + json.unique)) {
      Columns.lines(lines).joined(separator: "\n") + (out.map { "\nwritten to \($0)" } ?? "")
    }
  }

  /// The finished inputs in their places, and the whole transaction where nobody else has to sign.
  private static func finish(
    _ psbt: PartiallySignedTransaction, _ key: ContentKey, _ finished: [FinishedSignature]
  ) throws(CommandFailure) -> (psbt: [UInt8], lines: [[String]]) {
    do {
      let signed = try psbt.finishing(key.bitcoin, with: finished.map(\.signature))
      guard let complete = try? signed.extracted() else {
        return (signed.encoded, [["psbt", Base64Text.encode(signed.encoded)]])
      }
      return (signed.encoded, [["transaction id", complete.id], ["transaction", Hex.encode(complete.serialized)]])
    } catch {
      throw CommandFailure(.internalFault, "the signed inputs cannot be written (\(error))")
    }
  }

  private func write(_ bytes: [UInt8]) throws(CommandFailure) {
    guard let out else { return }
    var bytes = bytes
    if let psbt = contentOptions.psbt { bytes = try PSBTFile(path: psbt).written(bytes) }
    let output = try TemporaryOutput(destination: out)
    try output.write(bytes[...])
    try output.commit(overwriting: false)
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

extension [JSONMember] {
  /// Labels that come twice, such as a transaction's outputs, are numbered.
  fileprivate var unique: [JSONMember] {
    var counts: [String: Int] = [:]
    return map { member in
      counts[member.name, default: 0] += 1
      let count = counts[member.name] ?? 1
      return count == 1 ? member : JSONMember("\(member.name) \(count)", member.value)
    }
  }
}
