public import Transcripts

/// Which trusted execution environment, and which form of its evidence.
///
/// 1 … 32 characters out of `a-z`, `0-9` and `-`.
public struct EvidenceKind: Sendable, Hashable, CustomStringConvertible {
  public let text: String

  public init(text: String) throws(EvidenceError) {
    let allowed = text.utf8.allSatisfy { character in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) || character == UInt8(ascii: "-")
    }
    guard allowed, (1...32).contains(text.utf8.count) else { throw .kind }
    self.text = text
  }

  init(known text: String) {
    self.text = text
  }

  public var description: String { text }

  /// A report of the shape of AMD SEV-SNP made by ordinary software. Never a trusted execution environment.
  public static let software = EvidenceKind(known: "software")
  /// AMD SEV-SNP: the attestation report followed by the certificate of the key that signed it, in DER.
  public static let sevSNP = EvidenceKind(known: "sev-snp")
  /// Intel TDX: the quote with the platform's certificate in it.
  public static let tdx = EvidenceKind(known: "tdx")
  /// AWS Nitro Enclaves: the attestation document.
  public static let nitro = EvidenceKind(known: "nitro")
}

/// What a trusted execution environment says, as it came; worth nothing until an ``AttestationPolicy`` accepts it.
public struct Evidence: Sendable, Hashable {
  /// 16 KiB: a larger client certificate breaks TLS connections after the handshake.
  public static let maximumSize = 16 << 10

  public let kind: EvidenceKind
  /// Signed report and the certificates that are not vendor collateral; the form depends on the kind.
  public let data: [UInt8]

  public init(kind: EvidenceKind, data: [UInt8]) throws(EvidenceError) {
    guard data.count <= Self.maximumSize else { throw .tooLarge }
    self.kind = kind
    self.data = data
  }
}

public enum EvidenceError: Error, Sendable, Hashable {
  case kind
  case tooLarge
  case wrongLength(expected: Int)
  case notHex
  /// No attestation document at the beginning of a file.
  case notADocument
  /// Not the name of a machine.
  case platform
}

/// The 64 bytes of our choice that a report carries: always a hash of everything the report shall vouch for.
public struct ReportData: Sendable, Hashable {
  public static let byteCount = 64
  public let bytes: [UInt8]

  public init(bytes: some Collection<UInt8>) throws(EvidenceError) {
    guard bytes.count == Self.byteCount else { throw .wrongLength(expected: Self.byteCount) }
    self.bytes = [UInt8](bytes)
  }
}

/// Hash of the code that runs: the launch digest of a virtual machine, or of the executable for software.
public struct Measurement: Sendable, Hashable, CustomStringConvertible {
  /// SHA-384.
  public static let byteCount = 48
  public let bytes: [UInt8]

  public init(bytes: some Collection<UInt8>) throws(EvidenceError) {
    guard bytes.count == Self.byteCount else { throw .wrongLength(expected: Self.byteCount) }
    self.bytes = [UInt8](bytes)
  }
}

extension ReportData {
  /// SHA-512 over a tag and fields; the only kind of report data this project asks for.
  public init(_ domain: Domain, _ fields: [[UInt8]]) {
    bytes = TaggedHash.sha512(domain, fields)
  }
}
