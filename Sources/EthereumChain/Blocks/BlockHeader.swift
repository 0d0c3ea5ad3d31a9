public import Identifiers
import Signatures
public import SigningContent

/// The head of a block: the yellow paper's fifteen fields, and those that later forks put behind them.
///
/// Only ever made together with its hash from its fields, so whoever agrees on the hash agrees on the state root.
public struct BlockHeader: Sendable, Hashable {
  public let parentHash: Digest32
  public let ommersHash: Digest32
  public let beneficiary: WalletAddress
  /// Of the state after this block; what ``StateProof`` is judged against.
  public let stateRoot: Digest32
  public let transactionsRoot: Digest32
  public let receiptsRoot: Digest32
  /// 256 bytes.
  public let logsBloom: [UInt8]
  public let difficulty: UInt256
  public let number: UInt64
  public let gasLimit: UInt64
  public let gasUsed: UInt64
  /// Seconds since 1970, as whoever made the block said.
  public let timestamp: UInt64
  public let extraData: [UInt8]
  public let mixHash: Digest32
  /// 8 bytes.
  public let nonce: [UInt8]
  public let additions: Additions
  /// Keccak-256 of the RLP of all of this.
  public let hash: Digest32

  /// What forks added. A fork keeps what the forks before it brought, so each case holds everything before it.
  public enum Additions: Sendable, Hashable {
    case none
    /// EIP-1559.
    case london(baseFee: UInt256)
    /// EIP-4895.
    case shanghai(baseFee: UInt256, withdrawalsRoot: Digest32)
    /// EIP-4844 and EIP-4788.
    case cancun(baseFee: UInt256, withdrawalsRoot: Digest32, BlobFields)
    /// EIP-7685.
    case prague(baseFee: UInt256, withdrawalsRoot: Digest32, BlobFields, requestsHash: Digest32)

    public var baseFee: UInt256? {
      switch self {
      case .none: nil
      case .london(let fee), .shanghai(let fee, _), .cancun(let fee, _, _), .prague(let fee, _, _, _): fee
      }
    }
  }

  public struct BlobFields: Sendable, Hashable {
    public let gasUsed: UInt64
    public let excessGas: UInt64
    public let parentBeaconBlockRoot: Digest32
  }

  static let bloomByteCount = 256
  static let nonceByteCount = 8
  /// The yellow paper allows 32 bytes; chains with named block makers put their signatures here.
  static let extraDataLimit = 8 << 10

  /// In wei; nil on a chain without EIP-1559.
  public var baseFee: UInt256? { additions.baseFee }
  public var moment: Timestamp { Timestamp(secondsSince1970: Int64(clamping: timestamp)) }
}

extension BlockHeader.Additions {
  var items: [RLPItem] {
    switch self {
    case .none: []
    case .london(let fee): [.integer(fee)]
    case .shanghai(let fee, let withdrawals): [.integer(fee), .bytes(withdrawals.bytes)]
    case .cancun(let fee, let withdrawals, let blobs): [.integer(fee), .bytes(withdrawals.bytes)] + blobs.items
    case .prague(let fee, let withdrawals, let blobs, let requests):
      [.integer(fee), .bytes(withdrawals.bytes)] + blobs.items + [.bytes(requests.bytes)]
    }
  }
}

extension BlockHeader.BlobFields {
  var items: [RLPItem] { [.integer(gasUsed), .integer(excessGas), .bytes(parentBeaconBlockRoot.bytes)] }
}
