public import Curves
public import Identifiers

extension Identifier where Kind == WalletAddressKind {
  /// The address of a key: the last 20 bytes of Keccak-256 over the point's coordinates.
  public init(publicKey: Secp256k1.Element) throws(SignatureError) {
    guard !publicKey.isIdentity else { throw .noSigner }
    let digest = Digest32.keccak256(Array(publicKey.uncompressedBytes.dropFirst()))
    self.init(unchecked: Array(digest.bytes.suffix(20)))
  }

  /// The mixed-case form of EIP-55: a letter is upper case where the Keccak-256 of the lower-case digits has a nibble
  /// of 8 or more.
  public var checksumText: String {
    let digits = Array(text.utf8.dropFirst(2))
    let digest = Digest32.keccak256(digits).bytes
    let cased = digits.indices.map { index in
      let nibble = index.isMultiple(of: 2) ? digest[index / 2] >> 4 : digest[index / 2] & 15
      let isLetter = digits[index] >= UInt8(ascii: "a")
      return isLetter && nibble >= 8 ? digits[index] - 32 : digits[index]
    }
    return "0x" + String(decoding: cased, as: UTF8.self)
  }

  /// Accepts the EIP-55 form only: all-lower and all-upper text carry no checksum.
  public init(checksumText: String) throws(SignatureError) {
    guard let address = try? WalletAddress(text: checksumText.lowercased()), address.checksumText == checksumText else {
      throw .addressChecksum
    }
    self = address
  }
}
