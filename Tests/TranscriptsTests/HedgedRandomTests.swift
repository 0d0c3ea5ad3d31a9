import Identifiers
import ProtocolTestKit
import Secrets
import Testing
import Transcripts

struct HedgedRandomTests {
  /// What one source gives, with everything that goes in as a parameter; a broken system generator repeats its seed.
  private func bytes(
    _ count: Int = 64, seed: UInt64 = 1, secret: UInt8 = 2, session: UInt8 = 3, instance: UInt8 = 4, uses: Int = 0
  ) throws -> [UInt8] {
    var source = SeededRandom(seed: seed)
    let counter = BootCounter()
    for _ in 0..<uses { _ = counter.next() }
    var random = HedgedRandom(
      fresh: &source, longTermSecret: SecretBytes(copying: [secret]),
      session: try SessionID(bytes: [UInt8](repeating: session, count: 32)),
      instance: try Instance(bytes: [UInt8](repeating: instance, count: 32)), counter: counter)
    return random.bytes(count)
  }

  @Test func `O6 every ingredient alone changes every output`() throws {
    let outputs = [
      try bytes(), try bytes(seed: 9), try bytes(secret: 9), try bytes(session: 9), try bytes(instance: 9),
      try bytes(uses: 1),
    ]
    #expect(Set(outputs).count == outputs.count)
    #expect(Set(outputs.map { Array($0.prefix(8)) }).count == outputs.count)
  }

  @Test func `O6 the same broken generator in two uses of one boot gives different nonces`() throws {
    let counter = BootCounter()
    let session = try SessionID(bytes: [UInt8](repeating: 1, count: 32))
    let instance = try Instance(bytes: [UInt8](repeating: 1, count: 32))
    let nonces = (0..<2).map { _ in
      var broken = SeededRandom(seed: 0)
      var random = HedgedRandom(
        fresh: &broken, longTermSecret: SecretBytes(zeroed: 32), session: session, instance: instance,
        counter: counter)
      return random.bytes(32)
    }
    #expect(nonces[0] != nonces[1])
  }

  @Test func `the stream is the documented hash`() throws {
    var source = SeededRandom(seed: 1)
    let fresh = source.bytes(32)
    let seed = TaggedHash.sha512(
      .hedgedRandom,
      [
        fresh, [2], [UInt8](repeating: 3, count: 32), [UInt8](repeating: 4, count: 32), UInt64(1).bigEndianBytes,
      ])
    let blocks = (0..<2).flatMap { TaggedHash.sha512(.hedgedRandomBlock, [seed, UInt64($0).bigEndianBytes]) }
    #expect(try bytes(100) == Array(blocks.prefix(100)))
  }

  @Test func `P38 moving a hash of secrets moves a pointer, so no state stays behind`() {
    #expect(MemoryLayout<SecretHash>.size <= MemoryLayout<SecretBytes>.size)
  }

  @Test func `copies share one stream and never give the same bytes`() throws {
    var source = SeededRandom(seed: 1)
    var random = HedgedRandom(
      fresh: &source, longTermSecret: SecretBytes(zeroed: 0), session: .zero, instance: .zero, counter: BootCounter())
    var copy = random
    #expect(random.bytes(32) != copy.bytes(32))
  }

  @Test func `the counter never repeats under concurrency`() async {
    let counter = BootCounter()
    let numbers = await withTaskGroup(of: [UInt64].self) { group in
      for _ in 0..<8 { group.addTask { (0..<200).map { _ in counter.next() } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(numbers).count == 1600)
    #expect(numbers.max() == 1600)
  }
}
