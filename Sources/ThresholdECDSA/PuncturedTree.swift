import Identifiers
import Secrets
import Transcripts

/// All-but-one OT from one-of-two OTs: the puncturable tree of SoftSpokenOT (ePrint 2022/192, section 6, with the
/// check that makes it maliciously secure).
///
/// A block is a binary tree of depth k over k base OTs. The grower knows all leaves, the other party all but leaf `y*`.
/// Choice bit `c` of level `l` is the complement of the bit of `y*` there.
enum PuncturedTree {
  /// `t` of every level below the first, then `t̃`, for every block; then the digest of all `s̃`.
  static func messageByteCount(_ parameters: OTParameters) -> Int {
    parameters.blockCount * keysPerBlock(parameters) * OTParameters.keyByteCount + Digest32Kind.byteCount
  }

  struct Grown: ~Copyable {
    /// All leaves, block by block.
    private let leaves: SecretKeys
    /// For the other party.
    let message: [UInt8]

    init(leaves: consuming SecretKeys, message: [UInt8]) {
      self.leaves = leaves
      self.message = message
    }

    consuming func takeLeaves() -> SecretKeys { leaves }
  }

  private static func keysPerBlock(_ parameters: OTParameters) -> Int { 2 * (parameters.fieldBits - 1) + 1 }

  /// `(s_{2y}, s_{2y+1}) = PRG(s_y)`; for leaves `(s̃_y, F(y)) = PRG′(s_y)`.
  private static func expand(
    _ domain: Domain, _ label: OTLabel, _ block: Int, _ seed: borrowing SecretBytes
  ) -> SecretBytes {
    var hash = SecretHash(domain)
    for field in label.fields { hash.append(field) }
    hash.append(UInt64(block).bigEndianBytes)
    hash.append(seed)
    return hash.finish()
  }

  /// - Parameter keys: both keys of every base OT, block by block and level by level.
  static func grow(
    _ keys: borrowing SecretKeys, _ label: OTLabel, _ parameters: OTParameters = .standard
  ) -> Grown {
    let (k, size) = (parameters.fieldBits, parameters.leafCount)
    var leaves = SecretKeys(count: parameters.blockCount * size)
    var message: [UInt8] = []
    var digest = SecretHash(.otTreeDigest)
    for field in label.fields { digest.append(field) }
    for block in 0..<parameters.blockCount {
      var nodes = SecretKeys(count: size)
      nodes.set(0, to: keys.key(2 * block * k))
      nodes.set(1, to: keys.key(2 * block * k + 1))
      for level in 1..<max(k, 1) {
        var children = SecretKeys(count: size)
        var sums = SecretKeys(count: 2)
        for y in 0..<(1 << level) {
          children.setPair(2 * y, to: expand(.otTree, label, block, nodes.key(y)))
          for side in 0..<2 { sums.xor(side, with: children.key(2 * y + side)) }
        }
        for side in 0..<2 {
          sums.xor(side, with: keys.key(2 * (block * k + level) + side))
          message += sums.publicBytes(side)
        }
        nodes = children
      }
      var checks = SecretKeys(count: 1)
      for y in 0..<size {
        let pair = expand(.otTreeCheck, label, block, nodes.key(y))
        checks.xor(0, with: pair.prefix(OTParameters.keyByteCount))
        digest.append(pair.prefix(OTParameters.keyByteCount))
        leaves.set(block * size + y, to: pair.suffix(OTParameters.keyByteCount))
      }
      message += checks.publicBytes(0)
    }
    return Grown(leaves: leaves, message: message + digest.finish().publicPrefix(Digest32Kind.byteCount))
  }

  /// What the party with Δ gets: leaf `y` at place `z = y ⊕ y*`, so that no later step depends on `y*`; place 0 is
  /// empty.
  ///
  /// - Parameters:
  ///   - keys: the chosen key of every base OT.
  ///   - delta: 16 bytes; bit `k·block + b` is bit `b` of the block's `y*`.
  /// - Returns: nil when the check fails: the other party cheated, and may have learnt a bit of Δ by seeing so.
  static func puncture(
    _ keys: borrowing SecretKeys, delta: borrowing SecretBytes, message: [UInt8], _ label: OTLabel,
    _ parameters: OTParameters = .standard
  ) -> SecretKeys? {
    guard message.count == messageByteCount(parameters) else { return nil }
    let (k, size) = (parameters.fieldBits, parameters.leafCount)
    var corrections = message[...]
    func nextCorrection() -> SecretBytes {
      defer { corrections = corrections.dropFirst(OTParameters.keyByteCount) }
      return SecretBytes(copying: corrections.prefix(OTParameters.keyByteCount))
    }
    var leaves = SecretKeys(count: parameters.blockCount * size)
    var digest = SecretHash(.otTreeDigest)
    for field in label.fields { digest.append(field) }
    for block in 0..<parameters.blockCount {
      var nodes = SecretKeys(count: size)
      nodes.set(1, to: keys.key(block * k))
      for level in 1..<max(k, 1) {
        let bit = delta.mask(block * k + (k - 1 - level))
        var children = SecretKeys(count: size)
        for z in 1..<(1 << level) {
          children.setPair(2 * z, to: expand(.otTree, label, block, nodes.key(z)))
          // Child x of y goes to 2z + (x ⊕ bit of y*).
          children.swap(2 * z, 2 * z + 1, mask: bit)
          children.xor(1, with: children.key(2 * z + 1))
        }
        children.xor(1, with: keys.key(block * k + level))
        // The side that was chosen, x = 1 ⊕ bit of y*.
        let zero = nextCorrection()
        let one = nextCorrection()
        children.xor(1, with: zero, mask: bit)
        children.xor(1, with: one, mask: ~bit)
        nodes = children
      }
      var checks = SecretKeys(count: size)
      for z in 1..<size {
        let pair = expand(.otTreeCheck, label, block, nodes.key(z))
        checks.set(z, to: pair.prefix(OTParameters.keyByteCount))
        checks.xor(0, with: checks.key(z))
        leaves.set(block * size + z, to: pair.suffix(OTParameters.keyByteCount))
      }
      checks.xor(0, with: nextCorrection())
      // From places z to leaves y = z ⊕ y*, for the digest.
      for bit in 0..<k {
        let mask = delta.mask(block * k + bit)
        for z in 0..<size where z & (1 << bit) == 0 { checks.swap(z, z | (1 << bit), mask: mask) }
      }
      for y in 0..<size { digest.append(checks.key(y)) }
    }
    let expected = digest.finish().prefix(Digest32Kind.byteCount)
    guard expected.isEqual(to: SecretBytes(copying: corrections)) else { return nil }
    return leaves
  }

  /// The choices of the base OTs that puncture at Δ: level `l` of a block has the complement of bit `k − 1 − l` of `y*`.
  static func choices(delta: borrowing SecretBytes, _ parameters: OTParameters = .standard) -> SecretBytes {
    let k = parameters.fieldBits
    var choices = SecretBytes(zeroed: OTParameters.columnByteCount)
    unsafe choices.withUnsafeMutableBytes { target in
      for block in 0..<parameters.blockCount {
        for level in 0..<k {
          let bit = ~delta.mask(block * k + (k - 1 - level)) & 1
          let place = block * k + level
          unsafe target[place >> 3] |= bit << UInt8(place & 7)
        }
      }
    }
    return choices
  }
}
