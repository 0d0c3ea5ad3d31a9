import EthereumChain
import Identifiers
import ProtocolTestKit
import SigningContent
import Testing

struct ABITests {
  private func words(_ texts: String...) throws -> [UInt8] {
    try texts.flatMap { try Hex.decode($0) }
  }

  private func word(_ number: UInt64) -> [UInt8] { UInt256(number).bigEndianBytes }

  /// Contract ABI specification, "Examples": `sam("dave", true, [1,2,3])`.
  @Test func `The specification's example is written and read as it says`() throws {
    let sam = ContractFunction(
      "sam(bytes,bool,uint256[])", [.bytes(limit: 32), .bool, .array(.uint256, limit: 8)],
      returns: [.bytes(limit: 32), .bool, .array(.uint256, limit: 8)])
    let values: [ABIValue] = [.bytes(Array("dave".utf8)), .bool(true), .array([.uint(1), .uint(2), .uint(3)])]
    let expected =
      word(0x60) + word(1) + word(0xa0) + word(4) + Array("dave".utf8) + [UInt8](repeating: 0, count: 28) + word(3)
      + word(1) + word(2) + word(3)
    #expect(try sam.callData(values) == words("a5643bf2") + expected)
    #expect(try ABIValue.decode(sam.results, from: expected) == values)
  }

  private static let types: [ABIType] = [
    .uint64, .address, .bytes32, .bool, .bytes(limit: 40), .string(limit: 40),
    .array(.tuple([.address, .uint256, .bytes(limit: 10)]), limit: 4), .array(.bytes32, limit: 4),
    .tuple([.uint(bits: 8), .tuple([.string(limit: 8), .bool])]), .tuple([.bool, .uint256]), .fixedBytes(4),
  ]

  private static func value(_ type: ABIType, _ random: inout SeededRandom) -> ABIValue {
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
    func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    return switch type {
    case .uint(let bits): .uint(UInt256(bigEndianBytes: bytes(min(bits / 8, 32))) ?? .zero)
    case .bool: .bool(below(2) == 1)
    case .address: .address((try? WalletAddress(bytes: bytes(20))) ?? .zero)
    case .fixedBytes(let count): .fixedBytes(bytes(count))
    case .bytes(let limit): .bytes(bytes(below(limit + 1)))
    case .string(let limit): .string(String(repeating: "x", count: below(limit + 1)))
    case .array(let element, let limit): .array((0..<below(limit + 1)).map { _ in value(element, &random) })
    case .tuple(let types): .tuple(types.map { value($0, &random) })
    }
  }

  @Test(arguments: 0..<64 as Range<UInt64>)
  func `What is written is read as the same, and no byte can be changed without changing it`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let values = Self.types.map { Self.value($0, &random) }
    let bytes = try ABIValue.encode(values, as: Self.types)
    #expect(try ABIValue.decode(Self.types, from: bytes) == values)
    for _ in 0..<64 {
      var changed = bytes
      changed[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1 << (random.next() % 8))
      guard let read = try? ABIValue.decode(Self.types, from: changed) else { continue }
      // One encoding of every value: what is read is written as exactly the bytes it was read from.
      #expect(try ABIValue.encode(read, as: Self.types) == changed)
      #expect(read != values)
    }
    #expect(throws: ABIError.trailingBytes) { try ABIValue.decode(Self.types, from: bytes + [0]) }
    #expect(throws: ABIError.self) { try ABIValue.decode(Self.types, from: Array(bytes.dropLast())) }
  }

  @Test func `Counts and offsets beyond what is there allocate nothing`() throws {
    let list = ABIType.array(.uint256, limit: .max)
    let largest = [UInt8](repeating: 0, count: 28) + [0xff, 0xff, 0xff, 0xff]
    #expect(throws: ABIError.truncated) { try ABIValue.decode([list], from: word(32) + largest) }
    #expect(throws: ABIError.tooLong) {
      try ABIValue.decode([list], from: word(32) + [UInt8](repeating: 0xff, count: 32))
    }
    #expect(throws: ABIError.notCanonical) { try ABIValue.decode([list], from: largest + word(0)) }
    #expect(throws: ABIError.tooLong) {
      try ABIValue.decode([.array(.uint256, limit: 1)], from: word(32) + word(2) + word(1) + word(1))
    }
    #expect(throws: ABIError.tooLong) { try ABIValue.decode([.bytes(limit: 1)], from: word(32) + word(2) + word(0)) }
    #expect(throws: ABIError.truncated) { try ABIValue.decode([.bytes(limit: .max)], from: word(32) + largest) }
  }

  @Test func `Two heads that share one tail are refused`() throws {
    let types: [ABIType] = [.bytes(limit: 4), .bytes(limit: 4)]
    let shared = word(0x40) + word(0x40) + word(1) + [7] + [UInt8](repeating: 0, count: 31)
    #expect(throws: ABIError.notCanonical) { try ABIValue.decode(types, from: shared) }
  }

  @Test func `Dirty padding, wide numbers, other truths and broken text are refused`() throws {
    let dirty = word(32) + word(1) + [7] + [UInt8](repeating: 0, count: 30) + [1]
    #expect(throws: ABIError.notCanonical) { try ABIValue.decode([.bytes(limit: 4)], from: dirty) }
    #expect(throws: ABIError.notCanonical) { try ABIValue.decode([.bool], from: word(2)) }
    #expect(throws: ABIError.notCanonical) { try ABIValue.decode([.uint(bits: 8)], from: word(256)) }
    #expect(throws: ABIError.notCanonical) {
      try ABIValue.decode([.address], from: [UInt8](repeating: 1, count: 32))
    }
    #expect(throws: ABIError.notCanonical) { try ABIValue.decode([.fixedBytes(31)], from: word(1)) }
    #expect(throws: ABIError.invalidUTF8) {
      try ABIValue.decode([.string(limit: 4)], from: word(32) + word(1) + [0xff] + [UInt8](repeating: 0, count: 31))
    }
  }
}
