import Authorization
import Client
import Identifiers
import Membership
import PublicKeys
import Signatures
import SigningContent
import Wire

/// Shows what a key is to sign, asks, and has it signed: every digest of it by a request of its own.
struct ContentSigning {
  let user: UserContext
  let record: KeyRecord
  let content: ContentToSign
  let bitcoin: BitcoinNetwork

  /// Everything that can be found out before anybody is asked.
  struct Prepared {
    var content: SignableContent
    var key: ContentKey
    var digests: [DigestToSign]
    var summary: [SummaryField]
  }

  func prepare() async throws -> Prepared {
    let publicKey = try await user.client.publicKey(of: record.key)
    return try Self.prepare(content, under: publicKey, record, bitcoin)
  }

  static func prepare(
    _ content: ContentToSign, under publicKey: AnyPublicKey, _ record: KeyRecord, _ bitcoin: BitcoinNetwork
  ) throws(CommandFailure) -> Prepared {
    let prepared: Prepared
    do throws(ContentError) {
      guard case .readable(let readable, _) = try content.read(), let key = ContentKey(publicKey) else {
        throw .keyCannotSign
      }
      prepared = Prepared(
        content: readable, key: key, digests: try readable.digests(for: key),
        summary: readable.summary(for: key, network: bitcoin))
    } catch {
      throw Self.failure(error)
    }
    if let violation = record.constraints?.permits(prepared.content, by: prepared.key) {
      throw CommandFailure(
        .refused, "the key may not sign this: \(violation.explanation)", advice: "quorate key show \(record.key)")
    }
    return prepared
  }

  func sign(_ prepared: Prepared, as session: UserSession) async throws -> [FinishedSignature] {
    var signatures: [FinishedSignature] = []
    for digest in prepared.digests {
      var order = content
      if case .psbt(let bytes, _) = content, let input = digest.input { order = .psbt(bytes, input: UInt64(input)) }
      let finished = try await user.client.sign(order, with: record.key, as: session)
      // The client computed it anew from the same bytes.
      guard finished.message == digest.digest.bytes else {
        throw CommandFailure(.internalFault, "another digest was signed than the one shown")
      }
      signatures.append(finished)
    }
    return signatures
  }

  private static func failure(_ error: ContentError) -> CommandFailure {
    switch error {
    case .psbt(.nothingToSign):
      CommandFailure(
        .badInput, "no input of this transaction is the key's", advice: "quorate key show prints its address")
    case .psbt(.amountNotProven):
      CommandFailure(
        .badInput, "the amounts of the inputs are not proven",
        advice: "have the wallet include the transactions that the inputs spend (non-witness UTXO)")
    case .keyCannotSign:
      CommandFailure(.badInput, "keys of this scheme do not sign this", advice: "quorate key create --scheme ecdsa")
    default: CommandFailure(.badInput, "this cannot be read and so not be signed (\(error))")
    }
  }
}

/// A signature of readable content in every form somebody may need, as name and value.
struct ContentResult {
  var fields: [(name: String, label: String, value: String)] = []

  /// - Parameter finished: one for each digest.
  init(
    _ prepared: ContentSigning.Prepared, _ finished: [FinishedSignature], showsDER: Bool
  ) throws(CommandFailure) {
    guard let signature = finished.first, prepared.digests.count == finished.count else {
      throw CommandFailure(.internalFault, "not every digest was signed")
    }
    guard case .ecdsa = prepared.key, let address = prepared.key.ethereumAddress else { return }
    if showsDER {
      for finished in finished { finished.ecdsa.map { add("der", "DER", Hex.encode($0.der)) } }
    }
    if case .bitcoinTransaction = prepared.content { return }
    let digest = prepared.digests[0].digest
    guard let recoveryID = Self.recoveryID(signature.signature, of: digest, by: address) else {
      throw CommandFailure(.internalFault, "the signature does not recover to the key's address")
    }
    add("r", "r", "0x" + Hex.encode(signature.signature.prefix(32)))
    add("s", "s", "0x" + Hex.encode(signature.signature.suffix(32)))
    add("recoveryID", "recovery id", String(recoveryID))
    if case .ethereumTransaction(let transaction) = prepared.content {
      guard let signed = try? transaction.signed(by: signature.signature, recoveryID: recoveryID) else {
        throw CommandFailure(.internalFault, "the signed transaction cannot be written")
      }
      add("hash", "hash", "0x" + signed.hash.text)
      add("sender", "sender", signed.sender.checksumText)
      add("rawTransaction", "raw transaction", "0x" + Hex.encode(signed.serialized))
    } else {
      add("walletSignature", "wallet signature", "0x" + Hex.encode(signature.signature + [27 + recoveryID]))
      add("signer", "signer", address.checksumText)
    }
  }

  private mutating func add(_ name: String, _ label: String, _ value: String) { fields.append((name, label, value)) }

  /// 0 or 1, whichever gives the key's own address back.
  static func recoveryID(_ signature: [UInt8], of digest: Digest32, by address: WalletAddress) -> UInt8? {
    [0, 1].first { (try? EthereumSignature.recover(digest: digest, signature: signature + [27 + $0])) == address }
  }
}
