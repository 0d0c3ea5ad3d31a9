internal import EthereumChain
internal import Identifiers
internal import SigningContent
internal import Wire

/// A call of a contract that changes nothing, as actions describe one: by the unsigned legacy transaction that would make
/// it (EIP-155; six fields, or nine of which the last two are empty).
struct ContractCall: Sendable, Hashable {
  /// What a call may spend where its action names no limit.
  static let usualGas: UInt64 = 10_000_000
  /// What it may spend at most, whatever its action names: the endpoint is paid for by this node's operator.
  static let mostGas: UInt64 = 50_000_000

  let to: WalletAddress
  let value: UInt256
  let gas: UInt64
  let data: [UInt8]

  /// Nil for what is no such transaction, and for one that creates a contract.
  init?(transaction bytes: [UInt8]) {
    guard case .list(let fields)? = try? RLPItem(decoding: bytes), [6, 9].contains(fields.count) else { return nil }
    let parts = fields.compactMap(\.number)
    guard parts.count == fields.count, UInt256(minimal: parts[0])?.uint64 != nil, UInt256(minimal: parts[1]) != nil,
      let limit = UInt256(minimal: parts[2])?.uint64, let to = try? WalletAddress(bytes: parts[3]),
      let value = UInt256(minimal: parts[4])
    else { return nil }
    if parts.count == 9 {
      guard UInt256(minimal: parts[6])?.uint64 != nil, parts[7].isEmpty, parts[8].isEmpty else { return nil }
    }
    self.to = to
    self.value = value
    gas = limit == 0 ? Self.usualGas : min(limit, Self.mostGas)
    data = parts[5]
  }

  /// As `eth_call` takes it. Its sender is nobody, who has nothing to pay with, so a price is left out.
  var json: JSONValue {
    var members = [JSONMember("to", .text(to)), JSONMember("gas", .string(HexText.write(gas)))]
    if !value.isZero { members.append(JSONMember("value", .string(HexText.write(value)))) }
    if !data.isEmpty { members.append(JSONMember("data", .string(HexText.write(data)))) }
    return .object(members)
  }
}

extension RLPItem {
  fileprivate var number: [UInt8]? {
    guard case .bytes(let bytes) = self else { return nil }
    return bytes
  }
}

extension UInt256 {
  fileprivate init?(minimal bytes: [UInt8]) {
    guard bytes.first != 0 else { return nil }
    self.init(bigEndianBytes: bytes)
  }
}
