import Identifiers
import ProtocolTestKit
import Signatures
import Testing

@Suite struct BIP340Tests {
  @Test(.enabled(if: Vectors.arePresent)) func `every published case of BIP-340 is decided as published`() throws {
    let text = String(decoding: try Vectors.bytes("bip340/test-vectors.csv"), as: UTF8.self)
    var checked: [Bool: Int] = [:]
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map { $0.lowercased() }
      try #require(fields.count >= 7 && ["true", "false"].contains(fields[6]))
      let isValid = BIP340.isValid(
        signature: try Hex.decode(fields[5]), message: try Hex.decode(fields[4]), publicKey: try Hex.decode(fields[2]))
      #expect(isValid == (fields[6] == "true"), "case \(fields[0])")
      checked[isValid, default: 0] += 1
    }
    #expect(checked[true, default: 0] >= 8 && checked[false, default: 0] >= 10)
  }

  @Test func `the first published signature is valid, and only for its message and key`() throws {
    let key = try Hex.decode("f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9")
    let signature = try Hex.decode(
      "e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca8215"
        + "25f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0")
    let message = [UInt8](repeating: 0, count: 32)
    #expect(BIP340.isValid(signature: signature, message: message, publicKey: key))
    #expect(!BIP340.isValid(signature: signature, message: message + [0], publicKey: key))
    #expect(!BIP340.isValid(signature: signature + [0], message: message, publicKey: key))
    #expect(!BIP340.isValid(signature: signature, message: message, publicKey: [2] + key))
    #expect(!BIP340.isValid(signature: signature, message: message, publicKey: signature.prefix(32) + []))
  }
}
