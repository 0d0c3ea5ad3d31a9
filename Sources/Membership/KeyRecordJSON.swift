import Identifiers
import PublicKeys
import SigningContent
import Wire

extension KeyRecord {
  init(_ fields: inout JSONFields, network: NetworkID) throws(FormatError) {
    guard let purpose = KeyPurpose(exactly: try fields.string("purpose", limit: 32)) else { throw .invalid("purpose") }
    let owner: WalletAddress = try fields.identifier("owner")
    let salt = try fields.bytes("salt", limit: KeyRecord.saltByteCounts.upperBound)
    var kinds: Set<SigningKind> = []
    for text in try RegistryChange.strings(&fields, "kinds", limit: SigningKind.allCases.count) {
      guard let kind = SigningKind(exactly: text) else { throw .invalid("kinds") }
      kinds.insert(kind)
    }
    var wallets: Set<WalletAddress> = []
    for text in try RegistryChange.strings(&fields, "wallets", limit: KeyRecord.walletLimit) {
      guard let wallet = try? WalletAddress(text: text) else { throw .invalid("wallets") }
      wallets.insert(wallet)
    }
    let constraints = try fields.optional("constraints").map { (value) throws(FormatError) in
      try ContentConstraints(value)
    }
    try self.init(
      network: network, purpose: purpose, owner: owner, salt: salt, kinds: kinds, wallets: wallets,
      constraints: constraints)
  }

  var json: JSONValue {
    let members = [
      JSONMember("purpose", .string(purpose.rawValue)),
      JSONMember("owner", .text(owner)),
      JSONMember("salt", .base64URL(salt)),
      JSONMember("kinds", .array(kinds.map(\.rawValue).sorted().map { .string($0) })),
      JSONMember("wallets", .array(wallets.sorted().map { .text($0) })),
    ]
    // A record without constraints is written as records were before there were any.
    return .object(members + [constraints.map { JSONMember("constraints", $0.json) }].compactMap(\.self))
  }
}
