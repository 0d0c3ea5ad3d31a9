import Identifiers

/// One machine, as its maker names it: the identifier of an AMD chip, the platform provisioning identifier of Intel, the
/// instance that carries an AWS enclave.
///
/// Machines of two kinds are never the same. It is as true as the evidence it was read from.
public struct PlatformID: Sendable, Hashable, CustomStringConvertible {
  public static let maximumByteCount = 64

  public let kind: EvidenceKind
  /// 1 … 64 bytes.
  public let bytes: [UInt8]

  public init(kind: EvidenceKind, bytes: some Collection<UInt8>) throws(EvidenceError) {
    guard (1...Self.maximumByteCount).contains(bytes.count) else { throw .platform }
    self.kind = kind
    self.bytes = [UInt8](bytes)
  }

  /// Kind, colon, lower-case hex.
  public init(text: String) throws(EvidenceError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let bytes = try? Hex.decode(String(parts[1])) else { throw .platform }
    try self.init(kind: EvidenceKind(text: String(parts[0])), bytes: bytes)
  }

  public var description: String { "\(kind):\(Hex.encode(bytes))" }
}
