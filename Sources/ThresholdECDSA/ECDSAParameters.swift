/// The sizes of DKLs23 over secp256k1 (ePrint 2023/765, sections 3 and 5).
enum ECDSAParameters {
  /// κ, bits of the group order.
  static let scalarBits = 256
  /// λ_s, statistical security in bits.
  static let statisticalSecurity = 80
  /// ξ = κ + 2λ_s, bits of the receiver's choice vector β and so extended OTs per multiplication.
  static let choiceCount = scalarBits + 2 * statisticalSecurity
  /// ℓ, inputs the sender multiplies by one β: its nonce and its key share.
  static let inputCount = 2
  /// ρ = ⌈λ_c/κ⌉, elements that carry the consistency check.
  static let checkCount = 1
  /// ℓ + ρ, scalars each extended OT transfers.
  static let width = inputCount + checkCount
  static let scalarByteCount = 32
}

/// The sizes of SoftSpokenOT (ePrint 2022/192): small-field VOLEs over fields of 2ᵏ elements.
struct OTParameters: Sendable, Hashable {
  /// λ_c: base OTs, bits of Δ, columns of the matrix.
  static let columnCount = 128
  static let columnByteCount = columnCount / 8
  static let keyByteCount = 32

  /// k. Larger fields need fewer bytes and more expansions; 2 is fastest.
  let fieldBits: Int

  static let standard = OTParameters(fieldBits: 2)

  /// - Precondition: `fieldBits` is 1, 2, 4 or 8.
  init(fieldBits: Int) {
    precondition([1, 2, 4, 8].contains(fieldBits), "a size of this code")
    self.fieldBits = fieldBits
  }

  /// Small-field VOLEs, one for each k bits of Δ.
  var blockCount: Int { Self.columnCount / fieldBits }
  /// Leaves of one block's tree.
  var leafCount: Int { 1 << fieldBits }
}

/// The shape of one extension's bit matrix.
struct ExtensionShape: Sendable, Hashable {
  /// Extended OTs wanted.
  let count: Int

  /// Rows that carry OTs, a multiple of the 64 bits of a word; the surplus is random and unused.
  var dataRows: Int { (count + 63) / 64 * 64 }
  /// And 128 rows that mask what the consistency check reveals.
  var rows: Int { dataRows + OTParameters.columnCount }
  var columnWords: Int { rows / 64 }
  var columnBytes: Int { rows / 8 }

  static let multiplication = ExtensionShape(count: ECDSAParameters.choiceCount)
  /// The base OTs of the other direction.
  static let reversal = ExtensionShape(count: OTParameters.columnCount)
}
