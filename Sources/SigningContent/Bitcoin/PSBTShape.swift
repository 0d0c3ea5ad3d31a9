/// What a PSBT's version decides: where its transaction is written, and how many inputs and outputs follow.
enum PSBTShape {
  /// BIP-174: the global map has the whole transaction.
  case version0(BitcoinTransaction)
  /// BIP-370: every map has its part of it.
  case version2(inputCount: Int, outputCount: Int)

  init(_ global: PSBTMap) throws(PSBTError) {
    let version = try global.u32(PSBTField.Global.version)
    let unsigned = try global.single(PSBTField.Global.unsignedTransaction)
    switch (version ?? 0, unsigned) {
    case (0, let unsigned?):
      guard !global.contains(PSBTField.Global.onlyVersion2) else { throw .version }
      do throws(BitcoinFormatError) {
        let transaction = try BitcoinTransaction(decoding: unsigned, allowsWitness: false)
        guard transaction.inputs.allSatisfy(\.scriptSig.isEmpty) else { throw .malformedTransaction }
        self = .version0(transaction)
      } catch {
        throw .format(error)
      }
    case (2, nil):
      guard let inputs = try global.count(PSBTField.Global.inputCount),
        let outputs = try global.count(PSBTField.Global.outputCount)
      else { throw .missingField }
      self = .version2(inputCount: inputs, outputCount: outputs)
    default:
      throw .version
    }
  }

  var inputCount: Int {
    switch self {
    case .version0(let transaction): transaction.inputs.count
    case .version2(let count, _): count
    }
  }

  var outputCount: Int {
    switch self {
    case .version0(let transaction): transaction.outputs.count
    case .version2(_, let count): count
    }
  }

  func transaction(
    _ global: PSBTMap, _ inputs: [PSBTMap], _ outputs: [PSBTMap]
  ) throws(PSBTError) -> BitcoinTransaction {
    switch self {
    case .version0(let transaction):
      guard !inputs.contains(where: { $0.contains(PSBTField.Input.onlyVersion2) }),
        !outputs.contains(where: { $0.contains(PSBTField.Output.onlyVersion2) })
      else { throw .version }
      return transaction
    case .version2:
      return try Self.assembled(global, inputs, outputs)
    }
  }

  private static func assembled(
    _ global: PSBTMap, _ inputs: [PSBTMap], _ outputs: [PSBTMap]
  ) throws(PSBTError) -> BitcoinTransaction {
    guard let version = try global.u32(PSBTField.Global.transactionVersion) else { throw .missingField }
    var spends: [BitcoinTransaction.Input] = []
    for map in inputs {
      guard let id = try map.single(PSBTField.Input.previousTransaction),
        let index = try map.u32(PSBTField.Input.outputIndex)
      else { throw .missingField }
      guard id.count == 32 else { throw .malformed }
      let sequence = try map.u32(PSBTField.Input.sequence) ?? .max
      spends.append(
        BitcoinTransaction.Input(
          outpoint: BitcoinOutpoint(transactionID: id, index: index), scriptSig: [], sequence: sequence, witness: []))
    }
    var payments: [BitcoinOutput] = []
    for map in outputs {
      guard let amount = try map.u64(PSBTField.Output.amount), let script = try map.single(PSBTField.Output.script)
      else { throw .missingField }
      do { payments.append(try BitcoinOutput(amount: amount, script: script)) } catch { throw .format(error) }
    }
    guard !spends.isEmpty, !payments.isEmpty, Set(spends.map(\.outpoint)).count == spends.count else {
      throw .format(.malformedTransaction)
    }
    return BitcoinTransaction(
      version: version, inputs: spends, outputs: payments, lockTime: try lockTime(global, inputs))
  }

  /// BIP-370, "Determining Lock Time": a kind of lock time that every input with a requirement allows, the height where
  /// both are, and of that kind the largest.
  private static func lockTime(_ global: PSBTMap, _ inputs: [PSBTMap]) throws(PSBTError) -> UInt32 {
    let firstTime: UInt32 = 500_000_000
    var heights: [UInt32] = []
    var times: [UInt32] = []
    var requirements = 0
    for map in inputs {
      let height = try map.u32(PSBTField.Input.requiredHeight)
      let time = try map.u32(PSBTField.Input.requiredTime)
      if let height {
        guard height > 0, height < firstTime else { throw .malformed }
        heights.append(height)
      }
      if let time {
        guard time >= firstTime else { throw .malformed }
        times.append(time)
      }
      if height != nil || time != nil { requirements += 1 }
    }
    if requirements == 0 { return try global.u32(PSBTField.Global.fallbackLockTime) ?? 0 }
    if heights.count == requirements { return heights.max() ?? 0 }
    guard times.count == requirements else { throw .malformed }
    return times.max() ?? 0
  }
}
