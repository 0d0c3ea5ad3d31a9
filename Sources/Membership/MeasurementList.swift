import Attestation
import Identifiers
import Wire

/// Code that may run, as founding documents and updates list it: `[{"kind": text, "value": hex of 48 bytes}, …]`.
enum MeasurementList {
  private static let limit = 64

  static func read(_ fields: inout JSONFields) throws(FormatError) -> [String: Set<[UInt8]>] {
    var measurements: [String: Set<[UInt8]>] = [:]
    for value in try fields.array("measurements", limit: limit) {
      var entry = try JSONFields(value)
      let kind = try entry.string("kind", limit: 32)
      guard EvidenceName.isValid(kind),
        let bytes = try? Hex.decode(entry.string("value", limit: 2 * Measurement.byteCount)),
        bytes.count == Measurement.byteCount, measurements[kind, default: []].insert(bytes).inserted
      else { throw .invalid("measurements") }
      try entry.finish()
    }
    return measurements
  }

  /// By kind and value.
  static func json(_ measurements: [String: Set<[UInt8]>]) -> [JSONValue] {
    measurements.sorted { $0.key < $1.key }.flatMap { kind, values in
      values.map(Hex.encode).sorted().map {
        .object([JSONMember("kind", .string(kind)), JSONMember("value", .string($0))])
      }
    }
  }
}

extension EvidenceRequirements {
  /// - Throws: ``FormatError/invalid(_:)`` unless this is the one form of what it asks for.
  init(canonical value: JSONValue) throws(FormatError) {
    guard let requirements = try? EvidenceRequirements(value), requirements.json == value else {
      throw .invalid("requirements")
    }
    self = requirements
  }
}
