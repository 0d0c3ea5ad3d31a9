import ActionNames
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
    var actions: Set<ActionID> = []
    if fields.has("actions") {
      for text in try RegistryChange.strings(&fields, "actions", limit: KeyRecord.actionLimit) {
        guard let action = try? ActionID(text: text) else { throw .invalid("actions") }
        actions.insert(action)
      }
      // A record that names none has no such member.
      guard !actions.isEmpty else { throw .invalid("actions") }
    }
    let constraints = try fields.optional("constraints").map { (value) throws(FormatError) in
      try ContentConstraints(value)
    }
    try self.init(
      network: network, purpose: purpose, owner: owner, salt: salt, kinds: kinds, wallets: wallets,
      actions: actions, constraints: constraints)
  }

  var json: JSONValue {
    let members = [
      JSONMember("purpose", .string(purpose.rawValue)),
      JSONMember("owner", .text(creator)),
      JSONMember("salt", .base64URL(salt)),
      JSONMember("kinds", .array(kinds.map(\.rawValue).sorted().map { .string($0) })),
      JSONMember("wallets", .array(wallets.sorted().map { .text($0) })),
    ]
    // What a record does not have is not written, so that records of before there was such a thing keep their bytes.
    let optional = [
      actions.isEmpty ? nil : JSONMember("actions", .array(actions.sorted().map { .string($0.text) })),
      constraints.map { JSONMember("constraints", $0.json) },
    ]
    return .object(members + optional.compactMap(\.self))
  }
}
