import ArgumentParser
import Crypto
import Foundation
import Identifiers
import SigningContent
import Wire

/// What to sign, or what was signed.
struct ContentOptions: ParsableArguments, Sendable {
  @Option(help: "A message, signed as text.")
  var message: String?

  @Option(help: "A file of any size; its SHA-256 and length are signed. - is standard input.")
  var file: String?

  @Option(help: "Bytes in hex, signed untouched; only where the key allows raw.")
  var raw: String?

  @Option(help: "A personal message of an Ethereum wallet, as text (EIP-191).")
  var eip191: String?

  @Option(help: "A file with the JSON of typed data (EIP-712). - is standard input.")
  var typedData: String?

  @Option(help: "An unsigned Ethereum transaction: hex, or a file with hex, bytes or the fields as JSON.")
  var transaction: String?

  @Option(help: "A file with a PSBT, binary or base64; all inputs of the key are signed.")
  var psbt: String?

  func validate() throws {
    guard [message, file, raw, eip191, typedData, transaction, psbt].compactMap(\.self).count == 1 else {
      throw ValidationError(
        "Give one of --message, --file, --raw, --eip191, --typed-data, --transaction and --psbt.")
    }
  }

  func content(_ console: Console) throws(CommandFailure) -> ContentToSign {
    if let message {
      guard message.utf8.count <= WireLimits.message else {
        throw CommandFailure(
          .badInput, "the message is longer than \(ByteCount.text(UInt64(WireLimits.message)))",
          advice: "write it to a file and use --file")
      }
      return .message(Array(message.utf8))
    }
    if let raw {
      guard let bytes = TypedHex.bytes(raw), bytes.count <= WireLimits.raw else {
        throw CommandFailure(.badInput, "--raw takes bytes in hex, at most \(ByteCount.text(UInt64(WireLimits.raw)))")
      }
      return .raw(bytes)
    }
    if let eip191 {
      guard eip191.utf8.count <= WireLimits.personalMessage else {
        throw CommandFailure(
          .badInput, "the message is longer than \(ByteCount.text(UInt64(WireLimits.personalMessage)))")
      }
      return .personalMessage(Array(eip191.utf8))
    }
    if let typedData { return .typedData(try PrivateFile.read(typedData, maximum: WireLimits.typedData)) }
    if let transaction { return .transaction(try TransactionFile.read(transaction)) }
    if let psbt { return .psbt(try PSBTFile(path: psbt).bytes, input: 0) }
    let (digest, byteCount) = try FileDigest.compute(file ?? "-", console)
    return .file(digest: digest, byteCount: byteCount)
  }
}

enum FileDigest {
  /// SHA-256 and length of a file, read in pieces.
  static func compute(_ path: String, _ console: Console) throws(CommandFailure) -> (Digest32, UInt64) {
    let input = try InputFile(path: path)
    console.beginProgress("reading", total: input.sizeIsKnown ? input.size : nil)
    defer { console.endProgress() }
    var hash = SHA256()
    var count: UInt64 = 0
    while true {
      let bytes = try input.read(upTo: 1 << 20)
      guard !bytes.isEmpty else { break }
      hash.update(data: bytes)
      count += UInt64(bytes.count)
      console.progress(count)
    }
    guard let digest = try? Digest32(bytes: Array(hash.finalize())) else {
      throw CommandFailure(.internalFault, "SHA-256 gave something else than 32 bytes")
    }
    return (digest, count)
  }
}
