public import Identifiers
public import SigningContent
public import Wire

/// Why a transaction object is not the transaction that was asked for.
public enum TransactionJSONError: Error, Sendable, Hashable {
  case malformed(FormatError)
  /// Without replay protection, out of range, or with a signature that is none.
  case transaction(EthereumTransactionError)
  /// Its fields do not hash to the hash asked for.
  case hashMismatch
}

extension SignedEthereumTransaction {
  /// Reads a transaction of `eth_getTransactionByHash`, puts it together anew and hashes it. Who sent it follows from its
  /// signature; what the object says of sender and block is passed over.
  ///
  /// - Parameter hash: of the transaction that was asked for.
  public init(_ value: JSONValue, hash: Digest32) throws(TransactionJSONError) {
    let parts: TransactionParts
    do throws(FormatError) {
      var fields = try JSONFields(value)
      parts = try TransactionParts(&fields)
    } catch {
      throw .malformed(error)
    }
    do throws(EthereumTransactionError) {
      self = try parts.unsigned().signed(by: parts.signature, recoveryID: parts.parity)
    } catch {
      throw .transaction(error)
    }
    guard self.hash == hash else { throw .hashMismatch }
  }
}

/// The members of a transaction object that are hashed.
private struct TransactionParts {
  private let chainID: UInt64
  private let nonce: UInt64
  private let fees: EthereumTransaction.Fees
  private let gasLimit: UInt64
  private let to: WalletAddress?
  private let value: UInt256
  private let data: [UInt8]
  private let accessList: [EthereumTransaction.Access]
  /// r ‖ s.
  let signature: [UInt8]
  let parity: UInt8

  /// Of one list.
  private static let accessLimit = 1_024

  init(_ fields: inout JSONFields) throws(FormatError) {
    let type = try fields.hexUInt64("type")
    let v = try fields.hexUInt64("v")
    if type == 0 {
      // EIP-155. 27 and 28 name no chain, and neither does 0.
      chainID = v >= 35 ? (v - 35) / 2 : 0
      parity = v >= 35 ? UInt8((v - 35) % 2) : 0
    } else {
      guard v <= 1 else { throw .invalid("v") }
      chainID = try fields.hexUInt64("chainId")
      parity = UInt8(v)
    }
    switch type {
    case 0: fees = .legacy(gasPrice: try fields.hexNumber("gasPrice"))
    case 1: fees = .accessList(gasPrice: try fields.hexNumber("gasPrice"))
    case 2:
      fees = .capped(
        priority: try fields.hexNumber("maxPriorityFeePerGas"), maximum: try fields.hexNumber("maxFeePerGas"))
    default: throw .invalid("type")
    }
    nonce = try fields.hexUInt64("nonce")
    gasLimit = try fields.hexUInt64("gas")
    to = try fields.ifPresent("to") { (field) throws(FormatError) in try field.hexIdentifier("to") }
    value = try fields.hexNumber("value")
    data = try fields.hexBytes("input", limit: EthereumTransaction.byteLimit)
    var list: [EthereumTransaction.Access] = []
    if type > 0 {
      for entry in try fields.array("accessList", limit: Self.accessLimit) {
        var entry = try JSONFields(entry)
        let address = try entry.hexIdentifier("address", as: WalletAddress.self)
        var slots: [Digest32] = []
        for slot in try entry.array("storageKeys", limit: Self.accessLimit) {
          guard case .string(let text) = slot, let bytes = HexText.bytes(text, limit: 32),
            let digest = try? Digest32(bytes: bytes)
          else { throw .invalid("storageKeys") }
          slots.append(digest)
        }
        list.append(.init(address: address, slots: slots))
      }
    }
    accessList = list
    signature = try fields.hexNumber("r").bigEndianBytes + fields.hexNumber("s").bigEndianBytes
  }

  func unsigned() throws(EthereumTransactionError) -> EthereumTransaction {
    try EthereumTransaction(
      chainID: chainID, nonce: nonce, fees: fees, gasLimit: gasLimit, to: to, value: value, data: data,
      accessList: accessList)
  }
}
