import Curves
import Identifiers
import ProtocolTestKit
import Secrets
import Signatures
import Testing

@testable import SigningContent

@Suite struct PSBTTests {
  static func walletKey() throws -> EthereumSigningKey {
    try EthereumSigningKey(secret: SecretBytes(copying: Hex.decode(EthereumTransactionTests.EIP155.key)))
  }

  static func coins() throws -> TestCoins { try TestCoins(.witnessPublicKeyHash(walletKey().publicKey)) }

  static func taprootCoins() throws -> TestCoins { try TestCoins(.taproot(walletKey().publicKey)) }

  @Test func `both versions of a transaction are read alike, signed and extracted`() throws {
    let wallet = try Self.walletKey()
    let coins = try Self.coins()
    let outputs: [(UInt64, [UInt8])] = [(2_500_000, TestCoins.target), (490_000, coins.key.script)]
    let old = try PartiallySignedTransaction(decoding: coins.version0(spending: [0, 1], to: outputs).encoded)
    let new = try PartiallySignedTransaction(decoding: coins.version2(spending: [0, 1], to: outputs).encoded)
    #expect(old.transaction == new.transaction)
    #expect(old.fee == 10_000)
    #expect(old.spend(of: coins.key) == 2_510_000)
    #expect(old.amountsAreProven)
    let digests = try old.digests(for: coins.key)
    #expect(try new.digests(for: coins.key) == digests)
    #expect(digests.map(\.input) == [0, 1])
    let signatures = try digests.map { Array(try wallet.sign($0.digest).prefix(64)) }
    let signed = try old.finishing(coins.key, with: signatures).extracted()
    let finishedNew = try new.finishing(coins.key, with: signatures)
    #expect(try finishedNew.extracted() == signed)
    #expect(try PartiallySignedTransaction(decoding: finishedNew.encoded) == finishedNew)
    #expect(try finishedNew.global.single(PSBTField.Global.modifiable) == [0])
    let sent = try BitcoinTransaction(decoding: signed.serialized, allowsWitness: true)
    #expect(sent.inputs.map(\.witness.count) == [2, 2])
    #expect(sent.id == old.transaction.id)
    #expect(throws: PSBTError.signature) { try old.finishing(coins.key, with: signatures.reversed()) }
  }

  @Test func `a stranger's finished input is kept, an unfinished one stops the extraction`() throws {
    let wallet = try Self.walletKey()
    let coins = try Self.coins()
    var sketch = try coins.version0(spending: [0, 2], to: [(1_400_000, TestCoins.target)])
    func signed(_ sketch: PSBTSketch) throws -> SignedBitcoinTransaction {
      let psbt = try PartiallySignedTransaction(decoding: sketch.encoded)
      let digests = try psbt.digests(for: coins.key)
      #expect(digests.map(\.input) == [0])
      #expect(psbt.spend(of: coins.key) == 1_000_000)
      return try psbt.finishing(coins.key, with: digests.map { Array(try wallet.sign($0.digest).prefix(64)) })
        .extracted()
    }
    #expect(throws: PSBTError.notFinal) { try signed(sketch) }
    sketch.inputs[1].append((8, [1, 2, 0xaa, 0xbb]))
    let sent = try BitcoinTransaction(decoding: signed(sketch).serialized, allowsWitness: true)
    #expect(sent.inputs[1].witness == [[0xaa, 0xbb]])
  }

  @Test func `A4 amounts that the previous transaction contradicts are refused`() throws {
    let coins = try Self.coins()
    var sketch = try coins.version0(spending: [0], to: [(900_000, TestCoins.target)])
    sketch.inputs[0][1].value = try BitcoinOutput(amount: 900_001, script: coins.key.script).encoded
    #expect(throws: PSBTError.amountsDiffer) { try PartiallySignedTransaction(decoding: sketch.encoded) }
    sketch.inputs[0][1].value = try BitcoinOutput(amount: 1_000_000, script: TestCoins.target).encoded
    #expect(throws: PSBTError.amountsDiffer) { try PartiallySignedTransaction(decoding: sketch.encoded) }
  }

  /// Two inputs with their coins' amounts exchanged, and the previous transactions exchanged with them.
  @Test func `A4 swapped amounts and previous transactions are refused`() throws {
    let coins = try Self.coins()
    var sketch = try coins.version0(spending: [0, 1], to: [(2_900_000, TestCoins.target)])
    sketch.inputs.swapAt(0, 1)
    #expect(throws: PSBTError.wrongPreviousTransaction) { try PartiallySignedTransaction(decoding: sketch.encoded) }
    sketch.inputs.swapAt(0, 1)
    let statement = sketch.inputs[0][1]
    sketch.inputs[0][1] = sketch.inputs[1][1]
    sketch.inputs[1][1] = statement
    #expect(throws: PSBTError.amountsDiffer) { try PartiallySignedTransaction(decoding: sketch.encoded) }
  }

  /// Each of two requests states one true amount; BIP-143 would make both signatures good for the same transaction.
  @Test func `A4 amounts without proof are refused where another input's amount is not signed`() throws {
    let coins = try Self.coins()
    let outputs: [(UInt64, [UInt8])] = [(1_400_000, TestCoins.target)]
    let sketch = try coins.version0(spending: [0, 1], to: outputs, proves: false)
    let psbt = try PartiallySignedTransaction(decoding: sketch.encoded)
    #expect(throws: PSBTError.amountNotProven) { try psbt.digests(for: coins.key) }

    let single = try coins.version0(spending: [0], to: [(900_000, TestCoins.target)], proves: false)
    #expect(try PartiallySignedTransaction(decoding: single.encoded).digests(for: coins.key).count == 1)
  }

  @Test func `A4 N without the proof, two requests that lie about one amount each give two good signatures`() throws {
    let coins = try Self.coins()
    let outputs: [(UInt64, [UInt8])] = [(1_000_000, TestCoins.target)]
    func digests(lyingAbout lie: Int) throws -> [Digest32?] {
      var sketch = try coins.version0(spending: [0, 1], to: outputs, proves: false)
      sketch.inputs[lie][0].value = try BitcoinOutput(amount: 10_000, script: coins.key.script).encoded
      let psbt = try PartiallySignedTransaction(decoding: sketch.encoded)
      let hash = SignatureHash(psbt.transaction, spending: psbt.spentOutputs)
      return [0, 1].map { hash.witnessPublicKeyHash(input: $0, keyHash: Array(coins.key.script.dropFirst(2))) }
    }
    let honest = try PartiallySignedTransaction(decoding: coins.version0(spending: [0, 1], to: outputs).encoded)
      .digests(for: coins.key).map(\.digest)
    #expect(try digests(lyingAbout: 1)[0] == honest[0])
    #expect(try digests(lyingAbout: 0)[1] == honest[1])
    // The person saw a fee of little more than a lie's size each time; the network pays two thirds of everything.
    #expect(try digests(lyingAbout: 1)[1] != honest[1])
  }

  @Test func `A4 a taproot signature covers every input's amount and script`() throws {
    let coins = try Self.taprootCoins()
    let outputs: [(UInt64, [UInt8])] = [(2_000_000, TestCoins.target)]
    func digests(_ change: (inout PSBTSketch) throws -> Void) throws -> [Digest32] {
      var sketch = try coins.version0(spending: [0, 2, 1], to: outputs, proves: false)
      try change(&sketch)
      return try PartiallySignedTransaction(decoding: sketch.encoded).digests(for: coins.key).map(\.digest)
    }
    let honest = try digests { _ in }
    #expect(honest.count == 2)
    let lied = try digests { sketch in
      sketch.inputs[1][0].value = try BitcoinOutput(amount: 500_001, script: TestCoins.foreignScript).encoded
    }
    #expect(Set(honest).isDisjoint(with: lied))
    let otherScript = try digests { sketch in
      sketch.inputs[1][0].value = try BitcoinOutput(amount: 500_000, script: TestCoins.target).encoded
    }
    #expect(Set(honest).isDisjoint(with: otherScript))
    #expect(throws: PSBTError.missingAmount) { try digests { $0.inputs[1] = [] } }
  }

  @Test func `a transaction without an input of the key is refused`() throws {
    let coins = try Self.coins()
    let psbt = try PartiallySignedTransaction(
      decoding: coins.version0(spending: [2], to: [(1, TestCoins.target)]).encoded)
    #expect(throws: PSBTError.nothingToSign) { try psbt.digests(for: coins.key) }
    let own = try PartiallySignedTransaction(
      decoding: coins.version0(spending: [0], to: [(1, TestCoins.target)]).encoded)
    #expect(throws: PSBTError.nothingToSign) { try own.digests(for: .taproot(Self.walletKey().publicKey)) }
  }

  @Test(arguments: [2, 3, 0x81, 0x82, 0x83, 0, 0x101] as [UInt32])
  func `A4 P2WPKH signs no hash but the one over everything`(type: UInt32) throws {
    let coins = try Self.coins()
    var sketch = try coins.version0(spending: [0], to: [(1, TestCoins.target)])
    sketch.inputs[0].append((3, type.littleEndianBytes))
    let psbt = try PartiallySignedTransaction(decoding: sketch.encoded)
    #expect(throws: PSBTError.signatureHashType) { try psbt.digests(for: coins.key) }
    sketch.inputs[0][2].value = [1, 0, 0, 0]
    #expect(try PartiallySignedTransaction(decoding: sketch.encoded).digests(for: coins.key).count == 1)
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let error: PSBTError
    let change: @Sendable (inout PSBTSketch) -> Void
  }

  static let wrong0: [Wrong] = [
    Wrong(testDescription: "magic", error: .magic) { $0.magic[4] = 0 },
    Wrong(testDescription: "no transaction", error: .version) { $0.global = [] },
    Wrong(testDescription: "version 1", error: .version) { $0.global.append((0xfb, [1, 0, 0, 0])) },
    Wrong(testDescription: "version 2 with a transaction", error: .version) { $0.global.append((0xfb, [2, 0, 0, 0])) },
    Wrong(testDescription: "a count of version 2", error: .version) { $0.global.append((4, [1])) },
    Wrong(testDescription: "an input field of version 2", error: .version) {
      $0.inputs[0].append((0x0f, [1, 0, 0, 0]))
    },
    Wrong(testDescription: "an output field of version 2", error: .version) { $0.outputs[0].append((4, [])) },
    Wrong(testDescription: "the transaction twice", error: .duplicateKey) { $0.global.append($0.global[0]) },
    Wrong(testDescription: "an input key twice", error: .duplicateKey) { $0.inputs[0].append($0.inputs[0][1]) },
    Wrong(testDescription: "an output key twice", error: .duplicateKey) { $0.outputs[0] = [(9, []), (9, [1])] },
    Wrong(testDescription: "one map too many", error: .format(.trailingBytes)) { $0.outputs.append([]) },
    Wrong(testDescription: "one map too few", error: .format(.truncated)) { _ = $0.outputs.popLast() },
    Wrong(testDescription: "no amount", error: .missingAmount) { $0.inputs[0] = [] },
    Wrong(testDescription: "an amount and more", error: .format(.trailingBytes)) { $0.inputs[0][1].value.append(0) },
    Wrong(testDescription: "a cut amount", error: .format(.truncated)) { $0.inputs[0][1].value = [1, 2] },
    Wrong(testDescription: "a hash type of one byte", error: .malformed) { $0.inputs[0].append((3, [1])) },
    Wrong(testDescription: "more than all bitcoin", error: .format(.amountOutOfRange)) {
      $0.inputs[0][1].value.replaceSubrange(0..<8, with: (BitcoinOutput.mostSatoshi + 1).littleEndianBytes)
    },
    Wrong(testDescription: "another previous transaction", error: .wrongPreviousTransaction) {
      $0.inputs[0][0].value[0] ^= 1
    },
  ]

  @Test(arguments: wrong0)
  func `T13 a PSBT of version 0 with something wrong is refused`(wrong: Wrong) throws {
    var sketch = try Self.coins().version0(spending: [0], to: [(1, TestCoins.target)])
    _ = try PartiallySignedTransaction(decoding: sketch.encoded)
    wrong.change(&sketch)
    let psbt = Result { try PartiallySignedTransaction(decoding: sketch.encoded) }
    if wrong.error == .malformed {
      // Only read when it is signed.
      let key = try Self.coins().key
      #expect(throws: wrong.error) { try psbt.get().digests(for: key) }
    } else {
      #expect(throws: wrong.error) { try psbt.get() }
    }
  }

  static let wrong2: [Wrong] = [
    Wrong(testDescription: "no version", error: .version) { _ = $0.global.popLast() },
    Wrong(testDescription: "version 0", error: .version) { $0.global[5].value = [0, 0, 0, 0] },
    Wrong(testDescription: "a whole transaction", error: .version) { $0.global.append((0, [])) },
    Wrong(testDescription: "no transaction version", error: .missingField) { $0.global.remove(at: 0) },
    Wrong(testDescription: "no input count", error: .missingField) { $0.global.remove(at: 2) },
    Wrong(testDescription: "no output count", error: .missingField) { $0.global.remove(at: 3) },
    Wrong(testDescription: "an input count that is not shortest", error: .format(.notShortest)) {
      $0.global[2].value = [0xfd, 1, 0]
    },
    Wrong(testDescription: "too many inputs", error: .tooManyInputs) { $0.global[2].value = [0xfd, 1, 1] },
    Wrong(testDescription: "too many outputs", error: .tooManyOutputs) { $0.global[3].value = [0xfd, 1, 4] },
    Wrong(testDescription: "2⁶⁴ − 1 inputs", error: .tooManyInputs) {
      $0.global[2].value = [UInt8](repeating: 0xff, count: 9)
    },
    Wrong(testDescription: "no outpoint", error: .missingField) { $0.inputs[0].removeAll { $0.type == 0x0e } },
    Wrong(testDescription: "no output index", error: .missingField) { $0.inputs[0].removeAll { $0.type == 0x0f } },
    Wrong(testDescription: "a short outpoint", error: .malformed) { sketch in
      sketch.inputs[0][2].value.removeLast()
    },
    Wrong(testDescription: "no amount", error: .missingField) { $0.outputs[0].remove(at: 0) },
    Wrong(testDescription: "no script", error: .missingField) { $0.outputs[0].remove(at: 1) },
    Wrong(testDescription: "a height that is a time", error: .malformed) {
      $0.inputs[0].append((0x12, UInt32(500_000_000).littleEndianBytes))
    },
    Wrong(testDescription: "a time that is a height", error: .malformed) {
      $0.inputs[0].append((0x11, UInt32(499_999_999).littleEndianBytes))
    },
    Wrong(testDescription: "the same coin twice", error: .format(.malformedTransaction)) {
      $0.inputs.append($0.inputs[0])
      $0.global[2].value = [2]
    },
    Wrong(testDescription: "outputs above inputs", error: .outputsExceedInputs) {
      $0.outputs[0][0].value = UInt64(1_000_001).littleEndianBytes
    },
  ]

  @Test(arguments: wrong2)
  func `T13 a PSBT of version 2 with something wrong is refused`(wrong: Wrong) throws {
    var sketch = try Self.coins().version2(spending: [0], to: [(1, TestCoins.target)])
    _ = try PartiallySignedTransaction(decoding: sketch.encoded)
    wrong.change(&sketch)
    #expect(throws: wrong.error) { try PartiallySignedTransaction(decoding: sketch.encoded) }
  }

  @Test func `the lock time is the one BIP-370 determines`() throws {
    let coins = try Self.coins()
    func lockTime(_ fields: [[(UInt8, UInt32)]]) throws -> UInt32 {
      var sketch = coins.version2(spending: [0, 1], to: [(1, TestCoins.target)])
      for (input, pairs) in fields.enumerated() {
        sketch.inputs[input] += pairs.map { ($0.0, $0.1.littleEndianBytes) }
      }
      return try PartiallySignedTransaction(decoding: sketch.encoded).lockTime
    }
    #expect(try lockTime([]) == 800_000)
    #expect(try lockTime([[(0x12, 10)], []]) == 10)
    #expect(try lockTime([[(0x12, 10)], [(0x12, 11), (0x11, 1_600_000_000)]]) == 11)
    #expect(try lockTime([[(0x11, 1_500_000_000)], [(0x12, 11), (0x11, 1_600_000_000)]]) == 1_600_000_000)
    #expect(throws: PSBTError.malformed) { try lockTime([[(0x11, 1_500_000_000)], [(0x12, 11)]]) }
  }

  @Test func `T11 a PSBT beyond the bounds is refused unread`() {
    #expect(throws: PSBTError.tooLarge) {
      try PartiallySignedTransaction(
        decoding: [UInt8](repeating: 0, count: PartiallySignedTransaction.byteLimit + 1))
    }
  }

  @Test func `a summary says what leaves the key and to whom`() throws {
    let coins = try Self.coins()
    let outputs: [(UInt64, [UInt8])] = [(900_000, TestCoins.target), (50_000, coins.key.script), (0, [0x6a])]
    let psbt = try PartiallySignedTransaction(decoding: coins.version0(spending: [0], to: outputs).encoded)
    let key = ContentKey.ecdsa(try Self.walletKey().publicKey)
    let shown = SignableContent.bitcoinTransaction(psbt).summary(for: key, network: .testnet)
    #expect(
      shown.map(\.label) == ["Bitcoin transaction", "leaves the key", "fee", "output", "back to this key", "output"])
    #expect(shown[0].value == "1 of 1 inputs are this key's")
    #expect(shown[1].value == "0.0095 BTC")
    #expect(shown[2].value == "0.0005 BTC")
    #expect(shown[3].value.hasPrefix("0.009 BTC to tb1pn"))
    #expect(shown[4].value == "0.0005 BTC to " + coins.key.address(on: .testnet))
    #expect(shown[5].value == "0 BTC to script 6a")
  }
}
