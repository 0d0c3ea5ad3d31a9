import Curves
import Identifiers
public import PublicKeys
public import SigningContent
public import Wire

/// Content as a node understood it, before anybody asks which key is to sign it.
public enum ReadableContent: Sendable, Hashable {
  /// `message`, `file` and `raw`: what they say is nobody's business but the user's.
  case opaque(ContentToSign)
  /// - input: of a PSBT; one request signs one input's digest.
  case readable(SignableContent, input: Int?)
}

extension ContentToSign {
  /// Reads the exact bytes that were sent. Whether that succeeds says nothing of any key.
  ///
  /// - Throws: ``SigningContent/ContentError`` for bytes that are not one canonical document of their kind.
  public func read() throws(ContentError) -> ReadableContent {
    switch self {
    case .message, .file, .raw: .opaque(self)
    case .personalMessage(let bytes): .readable(try SignableContent(.personalMessage, decoding: bytes), input: nil)
    case .typedData(let bytes): .readable(try SignableContent(.typedData, decoding: bytes), input: nil)
    case .transaction(let bytes): .readable(try SignableContent(.ethereumTransaction, decoding: bytes), input: nil)
    case .psbt(let bytes, let input):
      .readable(
        try SignableContent(.bitcoinTransaction, decoding: bytes), input: Int(exactly: input) ?? .max)
    }
  }

  /// The message that `key` signs for this content, computed from nothing but the content and the key; node and client
  /// compute it alike. Nil when the key cannot sign it.
  public func message(under key: AnyPublicKey) -> [UInt8]? {
    guard let content = try? read() else { return nil }
    return content.message(for: key.purpose, key: ContentKey(key))
  }
}

extension ReadableContent {
  var isReadable: Bool {
    if case .readable = self { true } else { false }
  }

  /// - Parameter key: needed for readable content only; nil for keys that sign none.
  func message(for purpose: KeyPurpose, key: ContentKey?) -> [UInt8]? {
    switch self {
    case .opaque(let content): content.message(for: purpose)
    case .readable(let content, let input):
      key.flatMap { key in
        (try? content.digests(for: key))?.first { $0.input == input }.map(\.digest.bytes)
      }
    }
  }
}

extension ContentKey {
  /// Nil for a key that signs nothing but opaque content.
  public init?(_ key: AnyPublicKey) {
    switch key.purpose {
    case .secp256k1ECDSA:
      guard let element = try? Secp256k1.Element(canonicalBytes: key.bytes) else { return nil }
      self = .ecdsa(element)
    case .secp256k1Taproot:
      guard let element = try? Secp256k1.Element(xOnly: key.bytes) else { return nil }
      self = .taproot(element)
    case .ed25519Sign, .ristretto255Sign, .secp256k1FROST, .bls12381IBE: return nil
    }
  }
}
