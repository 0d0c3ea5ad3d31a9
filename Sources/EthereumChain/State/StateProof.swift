public import Identifiers
public import SigningContent
public import Wire

/// An answer of `eth_getProof` (EIP-1186): paths to an account and to slots of its storage.
///
/// It guards what is read under a header; that the header is the chain's own must be known from elsewhere.
public struct StateProof: Sendable, Hashable {
  public let address: WalletAddress
  public let accountPath: MerklePatriciaProof
  /// In the order asked for.
  public let slots: [Slot]

  public struct Slot: Sendable, Hashable {
    /// The slot's number, 32 bytes.
    public let key: Digest32
    public let path: MerklePatriciaProof
  }

  public static let slotLimit = 64

  /// Reads the paths only: what the answer says the values are is of no interest beside them.
  ///
  /// - Parameter keys: the slots asked for, which must be answered in this order.
  public init(_ value: JSONValue, address: WalletAddress, keys: [Digest32]) throws(FormatError) {
    var fields = try JSONFields(value)
    self.address = address
    accountPath = try Self.path(&fields, "accountProof")
    let entries = try fields.array("storageProof", limit: Self.slotLimit)
    guard entries.count == keys.count else { throw .invalid("storageProof") }
    var slots: [Slot] = []
    for (key, entry) in zip(keys, entries) {
      var entry = try JSONFields(entry)
      slots.append(Slot(key: key, path: try Self.path(&entry, "proof")))
    }
    self.slots = slots
  }

  private static func path(_ fields: inout JSONFields, _ name: String) throws(FormatError) -> MerklePatriciaProof {
    var nodes: [[UInt8]] = []
    for value in try fields.array(name, limit: MerklePatriciaProof.nodeLimit) {
      guard case .string(let text) = value,
        let node = HexText.bytes(text, limit: MerklePatriciaProof.nodeByteLimit)
      else { throw .invalid(name) }
      nodes.append(node)
    }
    guard let path = try? MerklePatriciaProof(nodes: nodes) else { throw .invalid(name) }
    return path
  }

  /// What the state with this root holds.
  public func verified(under stateRoot: Digest32) throws(ProofError) -> ProvenState {
    guard let bytes = try accountPath.value(at: address.bytes, under: stateRoot) else {
      // Nothing lies under an account that is not there, so its slots need no paths.
      guard slots.allSatisfy({ $0.path.nodes.isEmpty || $0.path.nodes == [[0x80]] }) else { throw .unusedNodes }
      return ProvenState(account: nil, words: slots.map { _ in .zero })
    }
    let account = try AccountState(decoding: bytes)
    var words: [UInt256] = []
    for slot in slots {
      guard let value = try slot.path.value(at: slot.key.bytes, under: account.storageRoot) else {
        words.append(.zero)
        continue
      }
      guard case .bytes(let number)? = try? RLPItem(decoding: value), number.first != 0, !number.isEmpty,
        let word = UInt256(bigEndianBytes: number)
      else { throw .wrongValue }
      words.append(word)
    }
    return ProvenState(account: account, words: words)
  }
}

/// What a proof showed.
public struct ProvenState: Sendable, Hashable {
  /// Nil where the state has no such account.
  public let account: AccountState?
  /// The slots' words in the order asked for; zero where nothing was ever written.
  public let words: [UInt256]
}
