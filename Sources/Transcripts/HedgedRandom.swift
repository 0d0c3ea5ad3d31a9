public import Identifiers
public import Secrets
import Synchronization

/// Numbers the uses of randomness in one boot, so that no two of them can have the same input.
public final class BootCounter: Sendable {
  private let uses = Atomic<UInt64>(0)

  public init() {}

  /// Every call gives another number; the first gives 1.
  public func next() -> UInt64 { uses.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// Randomness for nonces and protocol secrets that stays secret and unrepeated when the system's generator is weak.
///
/// `SHA-512(tag ‖ lp(32 fresh bytes) ‖ lp(long-term secret) ‖ lp(session id) ‖ lp(instance) ‖ lp(u64 per-boot counter))`
/// seeds a stream of `SHA-512(tag ‖ lp(seed) ‖ lp(u64 block number))`. Predicting it takes both the fresh bytes and the
/// long-term secret; repeating it takes the same boot, session and counter.
///
/// A reference type on purpose: copies share one stream, so that no two holders draw the same bytes.
public final class HedgedRandom: RandomSource {
  private struct Stream: ~Copyable {
    let seed: SecretBytes
    var blocks: UInt64 = 0
  }

  public static let freshByteCount = 32

  private let stream: Mutex<Stream>

  /// - Parameter longTermSecret: what this node alone knows and keeps, such as its key share; empty where a node has
  ///   nothing of the kind yet.
  public init(
    fresh source: inout some RandomSource, longTermSecret: borrowing SecretBytes, session: SessionID,
    instance: Instance, counter: BootCounter
  ) {
    var hash = SecretHash(.hedgedRandom)
    hash.append(SecretBytes(count: Self.freshByteCount, from: &source))
    hash.append(longTermSecret)
    hash.append(session.bytes)
    hash.append(instance.bytes)
    hash.append(counter.next().bigEndianBytes)
    stream = Mutex(Stream(seed: hash.finish()))
  }

  /// Every call begins at a new block; what is left of the last one is wiped, not kept.
  public func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    stream.withLock { stream in
      var start = 0
      while start < buffer.count {
        var hash = SecretHash(.hedgedRandomBlock)
        hash.append(stream.seed)
        hash.append(stream.blocks.bigEndianBytes)
        stream.blocks += 1
        let block = hash.finish()
        let length = min(SecretHash.byteCount, buffer.count - start)
        unsafe block.withUnsafeBytes { bytes in
          for offset in 0..<length { unsafe buffer[start + offset] = bytes[offset] }
        }
        start += length
      }
    }
  }
}
