public import Identifiers
import Transcripts
public import Wire

/// Who may decrypt what was encrypted under it: `{"version":1,"anyOf":[{"wallet":"0x…"}, …]}`.
///
/// What is hashed, shown and evaluated is one string of bytes; the hash is part of the identity of the data key, so a
/// policy is never exchanged for another.
public struct DecryptionPolicy: Sendable, Hashable {
  /// The exact JSON.
  public let bytes: [UInt8]
  /// Any one of them suffices.
  public let wallets: Set<WalletAddress>

  public static let walletLimit = 64

  /// Reads a policy; conditions of a kind this version does not know are refused, never skipped.
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: WireLimits.policy))
    guard try fields.unsigned("version") == 1 else { throw .invalid("version") }
    var wallets: Set<WalletAddress> = []
    for value in try fields.array("anyOf", limit: Self.walletLimit) {
      var condition = try JSONFields(value)
      let wallet: WalletAddress = try condition.identifier("wallet")
      guard wallets.insert(wallet).inserted else { throw .invalid("anyOf") }
      try condition.finish()
    }
    try fields.finish()
    guard !wallets.isEmpty else { throw .invalid("anyOf") }
    self.bytes = bytes
    self.wallets = wallets
  }

  /// Writes a policy.
  public init(anyOf wallets: Set<WalletAddress>) throws(FormatError) {
    guard (1...Self.walletLimit).contains(wallets.count) else { throw .invalid("anyOf") }
    let conditions = wallets.sorted().map { JSONValue.object([JSONMember("wallet", .text($0))]) }
    bytes = JSONValue.object([JSONMember("version", .integer(1)), JSONMember("anyOf", .array(conditions))]).serialized
    self.wallets = wallets
  }

  /// SHA-256 of the exact bytes.
  public var hash: Digest32 { Digest32.sha256(of: bytes) }

  public func allows(_ wallet: WalletAddress) -> Bool { wallets.contains(wallet) }

  /// The identity a data key is encrypted to: `quorate-policy://<policy hash>/<data key hash>`, ASCII.
  public static func identity(policyHash: Digest32, dataKeyHash: Digest32) -> [UInt8] {
    Array("\(Ability.decrypt.resourceScheme)://\(policyHash)/\(dataKeyHash)".utf8)
  }

  public func identity(dataKeyHash: Digest32) -> [UInt8] {
    Self.identity(policyHash: hash, dataKeyHash: dataKeyHash)
  }
}
