extension [UInt8] {
  /// Writes a number of the kernel's structures, all of which are little-endian where these environments exist.
  ///
  /// The caller's offsets are constants of a layout that fit the array.
  mutating func put<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number, at offset: Int) {
    for place in 0..<Number.bitWidth / 8 {
      self[offset + place] = UInt8(truncatingIfNeeded: number >> Number(8 * place))
    }
  }

  func number<Number: FixedWidthInteger & UnsignedInteger>(at offset: Int, as type: Number.Type = Number.self) -> Number
  {
    self[offset..<offset + Number.bitWidth / 8].reversed().reduce(0) { $0 << 8 | Number($1) }
  }
}
