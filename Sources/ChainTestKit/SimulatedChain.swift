public import Identifiers
import Signatures
import SigningContent
import Synchronization

/// A chain of blocks with true hashes and state roots, mined when a test says so.
public final class SimulatedChain: Sendable {
  public struct Block: Sendable {
    public let number: UInt64
    public let hash: Digest32
    public let timestamp: UInt64
    public let state: SimulatedState
    let trie: SimulatedTrie
    /// As `eth_getBlockByNumber` has it.
    public let json: JSONValue
  }

  public let id: UInt64
  private let blocks: Mutex<[Block]>

  /// - Parameter number: of the first block.
  public init(id: UInt64, timestamp: UInt64, state: SimulatedState, number: UInt64 = 0) {
    self.id = id
    blocks = Mutex([Self.block(on: nil, number, timestamp, state, mark: [])])
  }

  public var all: [Block] { blocks.withLock { $0 } }
  public var head: UInt64 { UInt64(blocks.withLock { $0.count }) - 1 }

  public func block(_ number: UInt64) -> Block? {
    blocks.withLock { number < $0.count ? $0[Int(number)] : nil }
  }

  public func block(_ hash: Digest32) -> Block? {
    blocks.withLock { $0.last { $0.hash == hash } }
  }

  /// Adds a block.
  ///
  /// - Parameters:
  ///   - seconds: after the block before it.
  ///   - mark: makes blocks that hold the same different.
  public func mine(
    after seconds: UInt64 = 1, mark: [UInt8] = [], _ change: (inout SimulatedState) -> Void = { _ in }
  ) {
    blocks.withLock { blocks in
      guard let parent = blocks.last else { return }
      var state = parent.state
      change(&state)
      blocks.append(Self.block(on: parent, parent.number + 1, parent.timestamp + seconds, state, mark: mark))
    }
  }

  /// Takes the newest blocks back; what is mined next replaces them.
  public func drop(_ count: Int) {
    blocks.withLock { $0.removeLast(min(count, $0.count - 1)) }
  }

  private static func block(
    on parent: Block?, _ number: UInt64, _ timestamp: UInt64, _ state: SimulatedState, mark: [UInt8]
  ) -> Block {
    let trie = state.trie
    let stateRoot = trie.root
    let zero = Digest32.zero
    let emptyRoot = SimulatedTrie([:]).root
    let bloom = [UInt8](repeating: 0, count: 256)
    let fields: [(String, RLPItem, isNumber: Bool)] = [
      ("parentHash", .bytes((parent?.hash ?? zero).bytes), false), ("sha3Uncles", .bytes(zero.bytes), false),
      ("miner", .bytes([UInt8](repeating: 0, count: 20)), false), ("stateRoot", .bytes(stateRoot.bytes), false),
      ("transactionsRoot", .bytes(emptyRoot.bytes), false), ("receiptsRoot", .bytes(emptyRoot.bytes), false),
      ("logsBloom", .bytes(bloom), false), ("difficulty", .integer(0 as UInt64), true),
      ("number", .integer(number), true), ("gasLimit", .integer(30_000_000 as UInt64), true),
      ("gasUsed", .integer(0 as UInt64), true), ("timestamp", .integer(timestamp), true),
      ("extraData", .bytes(mark), false), ("mixHash", .bytes(zero.bytes), false),
      ("nonce", .bytes([UInt8](repeating: 0, count: 8)), false), ("baseFeePerGas", .integer(7 as UInt64), true),
      ("withdrawalsRoot", .bytes(emptyRoot.bytes), false), ("blobGasUsed", .integer(0 as UInt64), true),
      ("excessBlobGas", .integer(0 as UInt64), true), ("parentBeaconBlockRoot", .bytes(zero.bytes), false),
      ("requestsHash", .bytes(zero.bytes), false),
    ]
    let hash = Digest32.keccak256(RLPItem.list(fields.map(\.1)).encoded)
    var members = fields.map { name, item, isNumber -> JSONMember in
      guard case .bytes(let bytes) = item else { return JSONMember(name, .null) }
      return JSONMember(name, .string(isNumber ? SimulatedEndpoint.quantity(bytes) : "0x" + Hex.encode(bytes)))
    }
    members.append(JSONMember("hash", .string("0x" + hash.text)))
    members.append(JSONMember("transactions", .array([])))
    return Block(number: number, hash: hash, timestamp: timestamp, state: state, trie: trie, json: .object(members))
  }
}
