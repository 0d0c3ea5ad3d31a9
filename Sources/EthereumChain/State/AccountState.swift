public import Identifiers
import Signatures
public import SigningContent

/// What the state trie holds for an address: RLP of nonce, balance, storage root and code hash.
public struct AccountState: Sendable, Hashable {
  public let nonce: UInt64
  /// In wei.
  public let balance: UInt256
  public let storageRoot: Digest32
  public let codeHash: Digest32

  static let hashOfNoCode = Digest32.keccak256([])

  public var hasCode: Bool { codeHash != Self.hashOfNoCode }

  init(decoding bytes: [UInt8]) throws(ProofError) {
    guard let item = try? RLPItem(decoding: bytes) else { throw .rlp(.value) }
    guard case .list(let fields) = item, fields.count == 4,
      case .bytes(let nonce) = fields[0], nonce.count <= 8, nonce.first != 0,
      case .bytes(let amount) = fields[1], amount.first != 0, let balance = UInt256(bigEndianBytes: amount),
      case .bytes(let root) = fields[2], let storageRoot = try? Digest32(bytes: root),
      case .bytes(let code) = fields[3], let codeHash = try? Digest32(bytes: code)
    else { throw .wrongValue }
    self.nonce = nonce.reduce(0) { $0 << 8 | UInt64($1) }
    self.balance = balance
    self.storageRoot = storageRoot
    self.codeHash = codeHash
  }
}
