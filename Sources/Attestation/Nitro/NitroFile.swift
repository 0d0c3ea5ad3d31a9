/// A file that begins with an attestation document, as tools around enclaves keep them with things of their own behind.
///
/// Evidence is the document alone: nothing vouches for the rest.
public struct NitroFile: Sendable, Hashable {
  public static let maximumSize = 1 << 20

  public let document: [UInt8]
  public let rest: [UInt8]

  /// - Throws: ``EvidenceError/notADocument`` unless there is an item of CBOR at the beginning.
  public init(bytes: [UInt8]) throws(EvidenceError) {
    let tag = bytes.first == 0xD2 ? 1 : 0
    guard bytes.count <= Self.maximumSize,
      let length = try? CBORReader.lengthOfFirst(in: Array(bytes.dropFirst(tag)), form: .plain)
    else { throw .notADocument }
    document = Array(bytes.prefix(tag + length))
    rest = Array(bytes.dropFirst(tag + length))
  }
}
