public import Identifiers

/// What a key is asked to sign, read by whoever signs it: no digest is taken from somebody else.
public enum SignableContent: Sendable, Hashable {
  case ethereumTransaction(EthereumTransaction)
  case personalMessage(PersonalMessage)
  case typedData(TypedData)
  case bitcoinTransaction(PartiallySignedTransaction)

  /// - Parameter bytes: the unsigned transaction, the message, the JSON document, or the PSBT in binary.
  public init(_ kind: SignableKind, decoding bytes: [UInt8]) throws(ContentError) {
    switch kind {
    case .ethereumTransaction:
      do { self = .ethereumTransaction(try EthereumTransaction(decodingUnsigned: bytes)) } catch {
        throw .transaction(error)
      }
    case .personalMessage:
      guard let message = PersonalMessage(bytes: bytes) else { throw .messageTooLong }
      self = .personalMessage(message)
    case .typedData:
      do { self = .typedData(try TypedData(decoding: bytes)) } catch { throw .typedData(error) }
    case .bitcoinTransaction:
      do { self = .bitcoinTransaction(try PartiallySignedTransaction(decoding: bytes)) } catch { throw .psbt(error) }
    }
  }

  public var kind: SignableKind {
    switch self {
    case .ethereumTransaction: .ethereumTransaction
    case .personalMessage: .personalMessage
    case .typedData: .typedData
    case .bitcoinTransaction: .bitcoinTransaction
    }
  }

  /// The digests `key` has to sign, at least one: several only for a Bitcoin transaction that spends several of the key's
  /// outputs.
  public func digests(for key: ContentKey) throws(ContentError) -> [DigestToSign] {
    switch (self, key) {
    case (.bitcoinTransaction(let psbt), _):
      do {
        return try psbt.digests(for: key.bitcoin).map { DigestToSign(digest: $0.digest, input: $0.input) }
      } catch {
        throw .psbt(error)
      }
    case (.ethereumTransaction(let transaction), .ecdsa):
      return [DigestToSign(digest: transaction.signingDigest, input: nil)]
    case (.personalMessage(let message), .ecdsa):
      return [DigestToSign(digest: message.signingDigest, input: nil)]
    case (.typedData(let data), .ecdsa):
      return [DigestToSign(digest: data.signingDigest, input: nil)]
    case (_, .taproot):
      throw .keyCannotSign
    }
  }
}

/// The kinds of content, by the names key records use.
public enum SignableKind: String, CaseIterable, Sendable, Hashable {
  case ethereumTransaction = "transaction"
  case personalMessage = "eip191"
  case typedData = "eip712"
  case bitcoinTransaction = "psbt"
}

public struct DigestToSign: Sendable, Hashable {
  /// For ECDSA the digest itself, for taproot the message of BIP-340.
  public let digest: Digest32
  /// Which input of a Bitcoin transaction it is for.
  public let input: Int?
}

/// Why content is not signed. Says nothing of what it was.
public enum ContentError: Error, Sendable, Hashable {
  case transaction(EthereumTransactionError)
  case messageTooLong
  case typedData(TypedDataError)
  case psbt(PSBTError)
  /// A taproot key, asked for what only ECDSA signs.
  case keyCannotSign
}
