import Curves
import PublicKeys
import SecretSharing

/// One of the roots that a key generation makes: every purpose has a fixed number of them.
struct RootSlot: Sendable, Hashable {
  let purpose: KeyPurpose
  /// From 0.
  let root: Int

  /// In the order in which every encoding has them.
  static let all: [RootSlot] = KeyPurpose.allCases.flatMap { purpose in
    (0..<purpose.rootCount).map { RootSlot(purpose: purpose, root: $0) }
  }

  static func of(_ purpose: KeyPurpose) -> [RootSlot] { all.filter { $0.purpose == purpose } }

  var scalarByteCount: Int { purpose.group.scalarByteCount }

  /// Bytes of a dealer's commitment and proof for this root.
  func offerByteCount(_ threshold: Threshold) -> Int { Self.offerByteCount(threshold, in: purpose.group) }

  private static func offerByteCount<G: PrimeOrderGroup>(_ threshold: Threshold, in group: G.Type) -> Int {
    threshold.t * G.elementByteCount + ProofOfKnowledge<G>.byteCount
  }

  /// Bytes of one party's shares of all roots.
  static let sharesByteCount = all.reduce(0) { $0 + $1.scalarByteCount }

  /// Where this root's share lies among one party's shares of all roots.
  var shareRange: Range<Int> {
    let start = Self.all.prefix { $0 != self }.reduce(0) { $0 + $1.scalarByteCount }
    return start..<start + scalarByteCount
  }
}
