public import Identifiers

extension PartiallySignedTransaction {
  /// What one input asks its key to sign.
  public struct InputDigest: Sendable, Hashable {
    public let input: Int
    public let digest: Digest32
    let type: SignatureHashType
  }

  /// The inputs this key can spend.
  public func inputs(of key: BitcoinKey) -> [Int] {
    let script = key.script
    return spentOutputs.indices.filter { spentOutputs[$0].script == script }
  }

  /// One digest for each of the key's inputs, in their order; at least one.
  ///
  /// BIP-341 signs the amounts of all inputs. BIP-143 signs that of one: whoever lies about another's could collect
  /// signatures from two requests, each with one true amount, and pay the difference as fee. So with several inputs every
  /// amount has to be proven by the transaction it comes from.
  public func digests(for key: BitcoinKey) throws(PSBTError) -> [InputDigest] {
    let own = inputs(of: key)
    guard !own.isEmpty else { throw .nothingToSign }
    let hash = SignatureHash(transaction, spending: spentOutputs)
    var digests: [InputDigest] = []
    for input in own {
      let type = try signatureHashType(of: input, key)
      let digest: Digest32?
      switch key {
      case .witnessPublicKeyHash:
        guard areAmountsCertain(for: key) else { throw .amountNotProven }
        digest = hash.witnessPublicKeyHash(input: input, keyHash: Array(key.script.dropFirst(2)))
      case .taproot:
        digest = hash.taproot(input: input, type: type)
      }
      guard let digest else { throw .malformed }
      digests.append(InputDigest(input: input, digest: digest, type: type))
    }
    return digests
  }

  /// Whether a wrong amount would make every signature of this key worthless, or cannot be.
  func areAmountsCertain(for key: BitcoinKey) -> Bool {
    switch key {
    case .taproot: true
    case .witnessPublicKeyHash: amountsAreProven || spentOutputs.count == 1
    }
  }

  private func signatureHashType(of input: Int, _ key: BitcoinKey) throws(PSBTError) -> SignatureHashType {
    let stated = try inputMaps[input].u32(PSBTField.Input.signatureHashType)
    switch (key, stated) {
    case (.witnessPublicKeyHash, nil), (_, 1): return .all
    case (.taproot, nil), (.taproot, 0): return .default
    default: throw .signatureHashType
    }
  }

  /// What leaves the key's script: the amounts of its inputs less what comes back to it, the fee included.
  public func spend(of key: BitcoinKey) -> UInt64 {
    let script = key.script
    // Sums of at most 1024 amounts of at most 2.1 · 10¹⁵.
    let own = spentOutputs.filter { $0.script == script }.reduce(0) { $0 + $1.amount }
    let change = outputs.filter { $0.script == script }.reduce(0) { $0 + $1.amount }
    return own > change ? own - change : 0
  }
}
