internal import ActionNames
internal import Actions
internal import Authorization
internal import Curves
internal import Identifiers
internal import KeyGeneration
internal import Membership
internal import PublicKeys
internal import Signatures

/// What key records say, for actions that ask. Records are public.
extension ActionSessions {
  func permission(
    _ query: PermissionQuery, by caller: ActionCaller
  ) async throws(OperationRefusal) -> PermissionAnswer {
    switch query {
    case .isActionPermitted(let token, let action):
      let record = try record(of: token, caller)
      return .decision((try? ActionID(text: action)).map { record.actions.contains($0) } ?? false)
    case .isAddressPermitted(let token, let address):
      let record = try record(of: token, caller)
      return .decision((try? WalletAddress(text: address.lowercased())).map { record.wallets.contains($0) } ?? false)
    case .permittedActions(let token): return .names(try record(of: token, caller).actions.sorted().map(\.text))
    case .permittedAddresses(let token): return .names(try record(of: token, caller).wallets.sorted().map(\.text))
    case .isMethodPermitted: throw .missing("isPermittedAuthMethod")
    case .permittedMethods: throw .missing("getPermittedAuthMethods")
    case .permittedScopes: throw .missing("getPermittedAuthMethodScopes")
    }
  }

  /// A token is a key's id as a number, or what `pubkeyToTokenId` makes of the key itself. The second is looked for
  /// among the keys that name the action or its user.
  private func record(of token: String, _ caller: ActionCaller) throws(OperationRefusal) -> KeyRecord {
    guard let number = DecimalNumber.bytes(of: token) else { throw OperationRefusal("there is no such key") }
    let serving = try serving()
    if let key = try? KeyID(bytes: number), let record = serving.snapshot.keyRecord(key) { return record }
    for record in serving.snapshot.keyRecords(of: run.wallet, or: caller.action).prefix(ActionKeys.limit) {
      guard let publicKey = serving.keys.certificate.publicKey(of: record) else { continue }
      if publicKey.spellings.contains(where: { Digest32.keccak256($0).bytes == number }) { return record }
    }
    throw OperationRefusal("there is no such key")
  }
}

extension AnyPublicKey {
  /// The encodings somebody may know it by.
  fileprivate var spellings: [[UInt8]] {
    guard purpose == .secp256k1ECDSA, let point = try? Secp256k1.Element(canonicalBytes: bytes) else { return [bytes] }
    return [bytes, point.uncompressedBytes]
  }
}

extension OperationRefusal {
  /// - Parameter name: a function's name in the interface.
  fileprivate static func missing(_ name: String) -> OperationRefusal {
    OperationRefusal("Lit.Actions.\(name) is not provided by this network")
  }
}

/// Decimal digits as the interface writes numbers below 2²⁵⁶.
enum DecimalNumber {
  /// 32 bytes, big-endian; nil for what is no such number.
  static func bytes(of digits: String) -> [UInt8]? {
    guard (1...78).contains(digits.utf8.count) else { return nil }
    var number = [UInt8](repeating: 0, count: 32)
    for digit in digits.utf8 {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      var carry = Int(digit - UInt8(ascii: "0"))
      for place in number.indices.reversed() {
        carry += Int(number[place]) * 10
        number[place] = UInt8(carry & 0xff)
        carry >>= 8
      }
      guard carry == 0 else { return nil }
    }
    return number
  }
}
