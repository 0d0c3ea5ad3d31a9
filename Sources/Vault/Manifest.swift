internal import Identifiers

/// Which rows there are and the generation of each. It is itself a sealed row, rewritten in the transaction of every
/// change, so a row that was removed, added, or put back from an older copy is noticed.
///
/// What it cannot notice is an older copy of the whole file: that needs a counter outside the disk. Nothing kept here
/// becomes dangerous by it, see the documentation of `Vault`.
struct Manifest: Sendable, Hashable {
  static let rowLimit = 1024
  static let address = RowAddress(.manifest)

  private(set) var generation: UInt64 = 0
  private(set) var rows: [RowAddress: UInt64] = [:]

  /// Gives the rows written and the manifest itself the next generation.
  mutating func apply(_ change: RowChange) throws(VaultError) {
    let (next, overflow) = generation.addingReportingOverflow(1)
    guard !overflow else { throw .tooManyRows }
    generation = next
    for address in change.deletes { rows[address] = nil }
    for address in change.writes { rows[address] = next }
    guard rows.count <= Self.rowLimit else { throw .tooManyRows }
  }
}

/// The addresses one transaction touches.
struct RowChange: Sendable {
  var writes: [RowAddress] = []
  var deletes: [RowAddress] = []
}

extension Manifest {
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.u64(generation)
    writer.u32(UInt32(rows.count))
    for (address, generation) in rows.sorted(by: { $0.value < $1.value }) {
      writer.u8(address.kind.rawValue)
      writer.lp(address.id)
      writer.u64(address.epoch)
      writer.u64(generation)
    }
    return writer.bytes
  }

  init(encoded: [UInt8]) throws(VaultError) {
    do {
      var reader = ByteReader(encoded)
      generation = try reader.u64()
      let count = try reader.u32()
      guard count <= Self.rowLimit else { throw VaultError.manifestRefused }
      for _ in 0..<count {
        guard let kind = RowKind(rawValue: try reader.u8()), kind != .manifest else {
          throw VaultError.manifestRefused
        }
        let address = RowAddress(kind, id: try reader.lp(limit: 64), epoch: try reader.u64())
        guard rows.updateValue(try reader.u64(), forKey: address) == nil else { throw VaultError.manifestRefused }
      }
      try reader.finish()
    } catch {
      throw .manifestRefused
    }
  }
}
