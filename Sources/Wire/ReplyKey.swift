import Crypto
import Foundation
public import Identifiers
import Transcripts

/// The public half of the HPKE key a request's outcomes are sealed to: X25519, 32 bytes.
public struct ReplyPublicKey: Sendable, Hashable {
  public static let byteCount = 32
  public let bytes: [UInt8]

  /// - Throws: ``FormatError/invalid(_:)`` unless there are 32 bytes, or when they are a point of small order.
  public init(bytes: [UInt8]) throws(FormatError) {
    guard bytes.count == Self.byteCount, Self.hasLargeOrder(bytes) else { throw .invalid("replyKey") }
    self.bytes = bytes
  }

  init(_ key: Curve25519.KeyAgreement.PublicKey) {
    bytes = Array(key.rawRepresentation)
  }

  /// RFC 9180 section 7.1.4 demands that an all-zero X25519 result ends the encapsulation, and swift-crypto goes on: with
  /// a key of small order everybody could open the reply. Every clamped scalar gives zero for exactly these points.
  private static func hasLargeOrder(_ bytes: [UInt8]) -> Bool {
    guard let point = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes),
      let scalar = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: [UInt8](repeating: 1, count: byteCount)),
      let product = try? scalar.sharedSecretFromKeyAgreement(with: point)
    else { return false }
    return unsafe product.withUnsafeBytes { unsafe $0.contains { $0 != 0 } }
  }

  /// Seals a reply (RFC 9180, base mode: X25519 with HKDF-SHA256, HKDF-SHA256, ChaCha20-Poly1305).
  ///
  /// - Returns: the encapsulated key, 32 bytes, then the ciphertext.
  /// - Throws: ``SealingFailure``, which no key that exists causes.
  public func seal(_ plaintext: [UInt8], to context: ReplyContext) throws(SealingFailure) -> [UInt8] {
    do {
      let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes)
      var sender = try HPKE.Sender(recipientKey: key, ciphersuite: ReplyContext.suite, info: ReplyContext.info)
      let ciphertext = try sender.seal(plaintext, authenticating: context.associatedData)
      return Array(sender.encapsulatedKey) + Array(ciphertext)
    } catch {
      throw SealingFailure()
    }
  }
}

/// The secret half; lives in the client for one request. Its bytes are wiped by swift-crypto when it goes.
public struct ReplyKey: ~Copyable, Sendable {
  private let key: Curve25519.KeyAgreement.PrivateKey

  /// A fresh key from the operating system's randomness.
  public init() {
    key = Curve25519.KeyAgreement.PrivateKey()
  }

  public var publicKey: ReplyPublicKey { ReplyPublicKey(key.publicKey) }

  /// Opens what ``ReplyPublicKey/seal(_:to:)`` made for the same context.
  ///
  /// - Throws: ``SealingFailure`` when anything about it differs.
  public func open(_ sealed: [UInt8], from context: ReplyContext) throws(SealingFailure) -> [UInt8] {
    guard sealed.count >= ReplyPublicKey.byteCount else { throw SealingFailure() }
    do {
      var recipient = try HPKE.Recipient(
        privateKey: key, ciphersuite: ReplyContext.suite, info: ReplyContext.info,
        encapsulatedKey: Data(sealed.prefix(ReplyPublicKey.byteCount)))
      return Array(
        try recipient.open(sealed.dropFirst(ReplyPublicKey.byteCount), authenticating: context.associatedData))
    } catch {
      throw SealingFailure()
    }
  }
}

/// Which request a reply answers and which node, as it runs now, gave it.
public struct ReplyContext: Sendable, Hashable {
  public let request: RequestID
  public let node: NodeID
  public let instance: Instance

  public init(request: RequestID, node: NodeID, instance: Instance) {
    self.request = request
    self.node = node
    self.instance = instance
  }

  /// Request id (32) ‖ node id as text (42) ‖ instance (32); the fields have fixed lengths.
  public var associatedData: [UInt8] {
    request.bytes + Array(node.text.utf8) + instance.bytes
  }

  fileprivate static let info = Data(Domain.reply.bytes)
  fileprivate static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly
}

/// Sealing or opening a reply failed; deliberately says nothing more.
public struct SealingFailure: Error, Sendable, Hashable {}
