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
  /// a key of small order everybody could open the reply.
  private static func hasLargeOrder(_ bytes: [UInt8]) -> Bool {
    // X25519 ignores the highest bit.
    !smallOrder.contains(bytes.dropLast() + bytes.suffix(1).map { $0 & 0x7f })
  }

  /// All encodings below 2²⁵⁵ of a coordinate `u` of small order, on the curve or its twist: 0, 1, both of order eight, −1,
  /// and p and p + 1, which are 0 and 1 once more. Every clamped scalar gives zero for exactly these.
  private static let smallOrder: Set<[UInt8]> = [
    [UInt8](repeating: 0, count: byteCount),
    [1] + [UInt8](repeating: 0, count: byteCount - 1),
    [
      0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
      0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
      0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
      0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    [0xec] + [UInt8](repeating: 0xff, count: byteCount - 2) + [0x7f],
    [0xed] + [UInt8](repeating: 0xff, count: byteCount - 2) + [0x7f],
    [0xee] + [UInt8](repeating: 0xff, count: byteCount - 2) + [0x7f],
  ]

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
