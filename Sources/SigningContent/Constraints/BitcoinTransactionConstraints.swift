/// Limits of Bitcoin transactions; what is nil is not limited.
public struct BitcoinTransactionConstraints: Sendable, Hashable {
  public static let longestScript = 520

  /// The scripts outputs may pay beside the key's own.
  public let outputScripts: [[UInt8]]?
  /// What may leave the key's script, the fee included, in satoshi.
  public let maximumSpend: UInt64?
  /// In satoshi.
  public let maximumFee: UInt64?

  public init(
    outputScripts: [[UInt8]]? = nil, maximumSpend: UInt64? = nil, maximumFee: UInt64? = nil
  ) throws(ConstraintError) {
    try ConstraintList.check(outputScripts) { $0.lexicographicallyPrecedes($1) }
    guard outputScripts?.allSatisfy({ (1...Self.longestScript).contains($0.count) }) ?? true,
      (maximumSpend ?? 0) <= BitcoinOutput.mostSatoshi, (maximumFee ?? 0) <= BitcoinOutput.mostSatoshi
    else { throw .outOfRange }
    self.outputScripts = outputScripts
    self.maximumSpend = maximumSpend
    self.maximumFee = maximumFee
  }

  func violation(by psbt: PartiallySignedTransaction, _ key: BitcoinKey) -> ConstraintViolation? {
    if maximumSpend != nil || maximumFee != nil, !psbt.areAmountsCertain(for: key) { return .amountNotProven }
    let own = key.script
    if let outputScripts, !psbt.outputs.allSatisfy({ $0.script == own || outputScripts.contains($0.script) }) {
      return .output
    }
    if let maximumSpend, psbt.spend(of: key) > maximumSpend { return .spend }
    if let maximumFee, psbt.fee > maximumFee { return .fee }
    return nil
  }
}
