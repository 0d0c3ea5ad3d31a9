/// The key types of BIP-174, BIP-370 and BIP-371 that this project looks at.
enum PSBTField {
  static let magic: [UInt8] = Array("psbt".utf8) + [0xff]

  enum Global {
    static let unsignedTransaction: UInt64 = 0x00
    static let transactionVersion: UInt64 = 0x02
    static let fallbackLockTime: UInt64 = 0x03
    static let inputCount: UInt64 = 0x04
    static let outputCount: UInt64 = 0x05
    static let modifiable: UInt64 = 0x06
    static let version: UInt64 = 0xfb
    /// What only version 2 has.
    static let onlyVersion2: ClosedRange<UInt64> = 0x02...0x06
  }

  enum Input {
    static let nonWitnessOutput: UInt64 = 0x00
    static let witnessOutput: UInt64 = 0x01
    static let signatureHashType: UInt64 = 0x03
    static let finalScriptSig: UInt64 = 0x07
    static let finalWitness: UInt64 = 0x08
    static let previousTransaction: UInt64 = 0x0e
    static let outputIndex: UInt64 = 0x0f
    static let sequence: UInt64 = 0x10
    static let requiredTime: UInt64 = 0x11
    static let requiredHeight: UInt64 = 0x12
    static let onlyVersion2: ClosedRange<UInt64> = 0x0e...0x12
    /// What a finished input no longer needs: signatures, scripts and derivations of BIP-174 and of BIP-371.
    static let dropped: [ClosedRange<UInt64>] = [0x02...0x06, 0x13...0x18]
  }

  enum Output {
    static let amount: UInt64 = 0x03
    static let script: UInt64 = 0x04
    static let onlyVersion2: ClosedRange<UInt64> = 0x03...0x04
  }
}

extension PSBTMap {
  func u32(_ type: UInt64) throws(PSBTError) -> UInt32? {
    guard let value = try single(type) else { return nil }
    guard value.count == 4 else { throw .malformed }
    return value.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  func u64(_ type: UInt64) throws(PSBTError) -> UInt64? {
    guard let value = try single(type) else { return nil }
    guard value.count == 8 else { throw .malformed }
    return value.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  func count(_ type: UInt64) throws(PSBTError) -> Int? {
    guard let value = try single(type) else { return nil }
    do {
      var reader = BitcoinReader(value)
      let count = try reader.compactSize()
      try reader.finish()
      return Int(clamping: count)
    } catch {
      throw .format(error)
    }
  }
}
