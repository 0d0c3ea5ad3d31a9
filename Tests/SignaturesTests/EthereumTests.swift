import Curves
import Identifiers
import ProtocolTestKit
import Secrets
import Signatures
import Testing

@Suite struct EthereumTests {
  /// The first account that development chains everywhere are started with.
  func developmentKey() throws -> EthereumSigningKey {
    let secret = try Hex.decode("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
    return try EthereumSigningKey(secret: SecretBytes(copying: secret))
  }

  @Test func `a known key has its known address`() throws {
    let key = try developmentKey()
    #expect(key.address.checksumText == "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
    #expect(key.address.text == "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266")
    let secret = key.secret()
    #expect(try EthereumSigningKey(secret: secret).address == key.address)
  }

  /// The four mixed-case examples of EIP-55, and its two of each single case.
  @Test(arguments: [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
  ])
  func `EIP-55 text is read and written with its checksum`(text: String) throws {
    let address = try WalletAddress(checksumText: text)
    #expect(address.checksumText == text)
    #expect(address.text == text.lowercased())
  }

  @Test(arguments: [
    "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
    "0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd", "", "0x",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe\u{212a}",
  ])
  func `text without the right checksum is refused`(text: String) {
    #expect(throws: SignatureError.addressChecksum) { try WalletAddress(checksumText: text) }
  }

  @Test func `the digest of a personal message is the known one`() {
    let digest = EIP191.digest(Array("Hello World".utf8))
    #expect(digest.text == "a1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2")
  }

  @Test func `a signature names its signer`() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<10 {
      let key = try EthereumSigningKey(from: &random)
      let message = random.bytes(20)
      let signature = try key.signMessage(message)
      #expect(try EthereumSignature.recover(digest: EIP191.digest(message), signature: signature) == key.address)
      let other = try? EthereumSignature.recover(digest: EIP191.digest(message + [0]), signature: signature)
      #expect(other != key.address)
      #expect(
        ECDSASecp256k1.isValid(
          signature: Array(signature.prefix(64)), digest: EIP191.digest(message), publicKey: key.publicKey))
    }
  }

  @Test func `the other signature of the same pair is refused`() throws {
    let key = try developmentKey()
    let digest = EIP191.digest([1])
    let signature = try key.sign(digest)
    let s = try Secp256k1.Scalar(canonicalBytes: signature[32..<64])
    let twin = Array(signature[..<32]) + (-s).canonicalBytes + [55 - signature[64]]
    #expect(throws: SignatureError.highS) { try EthereumSignature.recover(digest: digest, signature: twin) }
    #expect(!ECDSASecp256k1.isValid(signature: Array(twin.prefix(64)), digest: digest, publicKey: key.publicKey))
  }

  @Test func `P34 scalars out of range and unknown recovery ids are refused`() throws {
    let digest = EIP191.digest([1])
    let signature = try developmentKey().sign(digest)
    let (r, s, v) = (Array(signature[..<32]), Array(signature[32..<64]), signature[64])
    let zero = [UInt8](repeating: 0, count: 32)
    let order = try Hex.decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    for wrong in [zero + s, r + zero, order + s, r + order, zero + zero] {
      #expect(throws: SignatureError.outOfRange) {
        try EthereumSignature.recover(digest: digest, signature: wrong + [v])
      }
    }
    for wrong: UInt8 in [0, 1, 2, 26, 29, 30, 35, 255] {
      #expect(throws: SignatureError.unknownRecoveryID) {
        try EthereumSignature.recover(digest: digest, signature: r + s + [wrong])
      }
    }
    for wrong in [[], r + s, r + s + [v, 0]] {
      #expect(throws: SignatureError.wrongLength(expected: 65, actual: wrong.count)) {
        try EthereumSignature.recover(digest: digest, signature: wrong)
      }
    }
    // No point of the curve has x = 5.
    #expect(throws: SignatureError.noSigner) {
      try EthereumSignature.recover(digest: digest, signature: zero.dropLast() + [5] + s + [27])
    }
  }

  @Test func `a wallet key is neither zero nor beyond the order`() throws {
    let order = try Hex.decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    for secret in [[UInt8](repeating: 0, count: 32), order, [UInt8](repeating: 0xff, count: 32)] {
      #expect(throws: SignatureError.outOfRange) { try EthereumSigningKey(secret: SecretBytes(copying: secret)) }
    }
    #expect(throws: SignatureError.wrongLength(expected: 32, actual: 31)) {
      try EthereumSigningKey(secret: SecretBytes(zeroed: 31))
    }
  }

  struct Published: Decodable {
    struct Session: Decodable {
      struct AuthSig: Decodable {
        let sig: String
        let signedMessage: String
        let address: String
      }
      let authSig: AuthSig
    }
    let session_sig: Session
  }

  @Test(.enabled(if: Vectors.arePresent)) func `a published session signature verifies`() throws {
    let file: Published = try Vectors.json("naga/vectors.json")
    let session = file.session_sig.authSig
    #expect(
      Ed25519.isValid(
        signature: try Hex.decode(session.sig), message: Array(session.signedMessage.utf8),
        publicKey: try Hex.decode(session.address)))
  }
}
