public import ActionNames
public import Identifiers
import Transcripts
public import Wire

/// Who may decrypt what was encrypted under it: `{"version":1,"anyOf":[{"wallet":"0x…"}, {"action":"Qm…"}, …]}`.
///
/// What is hashed, shown and evaluated is one string of bytes; the hash is part of the identity of the data key, so a
/// policy is never exchanged for another.
public struct DecryptionPolicy: Sendable, Hashable {
  /// The exact JSON.
  public let bytes: [UInt8]
  /// Any one of them suffices.
  public let wallets: Set<WalletAddress>
  /// So does any one of these, whoever runs it.
  public let actions: Set<ActionID>

  public static let walletLimit = 64
  public static let actionLimit = 64

  /// Reads a policy; conditions of a kind this version does not know are refused, never skipped.
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: WireLimits.policy))
    guard try fields.unsigned("version") == 1 else { throw .invalid("version") }
    var wallets: Set<WalletAddress> = []
    var actions: Set<ActionID> = []
    for value in try fields.array("anyOf", limit: Self.walletLimit + Self.actionLimit) {
      var condition = try JSONFields(value)
      if condition.has("action") {
        guard let action = try? ActionID(text: condition.string("action", limit: 64)) else { throw .invalid("action") }
        guard actions.insert(action).inserted else { throw .invalid("anyOf") }
      } else {
        let wallet: WalletAddress = try condition.identifier("wallet")
        guard wallets.insert(wallet).inserted else { throw .invalid("anyOf") }
      }
      try condition.finish()
    }
    try fields.finish()
    guard Self.isWithinLimits(wallets, actions) else { throw .invalid("anyOf") }
    self.bytes = bytes
    self.wallets = wallets
    self.actions = actions
  }

  /// Writes a policy.
  public init(anyOf wallets: Set<WalletAddress>, orActions actions: Set<ActionID> = []) throws(FormatError) {
    guard Self.isWithinLimits(wallets, actions) else { throw .invalid("anyOf") }
    let conditions =
      wallets.sorted().map { JSONMember("wallet", .text($0)) }
      + actions.sorted().map { JSONMember("action", .string($0.text)) }
    let anyOf = JSONValue.array(conditions.map { .object([$0]) })
    bytes = JSONValue.object([JSONMember("version", .integer(1)), JSONMember("anyOf", anyOf)]).serialized
    self.wallets = wallets
    self.actions = actions
  }

  private static func isWithinLimits(_ wallets: Set<WalletAddress>, _ actions: Set<ActionID>) -> Bool {
    wallets.count <= walletLimit && actions.count <= actionLimit && !(wallets.isEmpty && actions.isEmpty)
  }

  /// SHA-256 of the exact bytes.
  public var hash: Digest32 { Digest32.sha256(of: bytes) }

  public func allows(_ wallet: WalletAddress) -> Bool { wallets.contains(wallet) }
  public func allows(_ action: ActionID) -> Bool { actions.contains(action) }

  /// The identity a data key is encrypted to: `quorate-policy://<policy hash>/<data key hash>`, ASCII.
  public static func identity(policyHash: Digest32, dataKeyHash: Digest32) -> [UInt8] {
    Array("\(Ability.decrypt.resourceScheme)://\(policyHash)/\(dataKeyHash)".utf8)
  }

  public func identity(dataKeyHash: Digest32) -> [UInt8] {
    Self.identity(policyHash: hash, dataKeyHash: dataKeyHash)
  }
}
