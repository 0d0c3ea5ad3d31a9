public import Identifiers
import Transcripts

/// Everything the evidence inside a node's certificate vouches for. In clear in the certificate; its hash is in the report.
public struct CertificateBinding: Sendable, Hashable {
  /// What a key is for; one certificate serves both ports of a node.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    case node
  }

  /// HPKE key encapsulation mechanisms by their number in RFC 9180.
  public enum KEM: UInt16, Sendable, Hashable, CaseIterable {
    /// DHKEM(X25519, HKDF-SHA256).
    case x25519 = 0x0020

    public var publicKeyByteCount: Int {
      switch self {
      case .x25519: 32
      }
    }
  }

  public var network: NetworkID
  public var node: NodeID
  public var instance: Instance
  public var staker: WalletAddress
  /// Ed25519, 32 bytes.
  public var identityKey: [UInt8]
  public var kem: KEM
  public var hpkeKey: [UInt8]
  /// SHA-256 of the SubjectPublicKeyInfo of the TLS key.
  public var tlsKeyDigest: Digest32
  /// The certificate's own validity, to the second.
  public var notBefore: Timestamp
  public var notAfter: Timestamp
  /// A recent block's hash, which nobody could know before it; the network id where the registry is a file.
  public var anchor: Digest32
  /// Hash of the configuration the node runs with.
  public var configuration: Digest32
  public var evidenceKind: EvidenceKind
  public var role: Role

  public init(
    network: NetworkID, node: NodeID, instance: Instance, staker: WalletAddress, identityKey: [UInt8], kem: KEM,
    hpkeKey: [UInt8], tlsKeyDigest: Digest32, notBefore: Timestamp, notAfter: Timestamp, anchor: Digest32,
    configuration: Digest32, evidenceKind: EvidenceKind, role: Role
  ) {
    self.network = network
    self.node = node
    self.instance = instance
    self.staker = staker
    self.identityKey = identityKey
    self.kem = kem
    self.hpkeKey = hpkeKey
    self.tlsKeyDigest = tlsKeyDigest
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.anchor = anchor
    self.configuration = configuration
    self.evidenceKind = evidenceKind
    self.role = role
  }

  /// What the report over this binding must carry: SHA-512 of the tag and the encoded binding.
  public var reportData: ReportData {
    ReportData(.certificateBinding, [encoded])
  }
}

extension CertificateBinding {
  static let version: UInt64 = 1

  /// A CBOR map with the keys 1 … 15, in deterministic encoding.
  public var encoded: [UInt8] {
    let fields: [UInt64: CBOR] = [
      1: .unsigned(Self.version),
      2: .bytes(network.bytes),
      3: .bytes(node.bytes),
      4: .bytes(instance.bytes),
      5: .bytes(staker.bytes),
      6: .bytes(identityKey),
      7: .unsigned(UInt64(kem.rawValue)),
      8: .bytes(hpkeKey),
      9: .bytes(tlsKeyDigest.bytes),
      10: .unsigned(UInt64(clamping: notBefore.secondsSince1970)),
      11: .unsigned(UInt64(clamping: notAfter.secondsSince1970)),
      12: .bytes(anchor.bytes),
      13: .bytes(configuration.bytes),
      14: .text(evidenceKind.text),
      15: .text(role.rawValue),
    ]
    return CBOR.map(Dictionary(uniqueKeysWithValues: fields.map { (.unsigned($0), $1) })).encoded
  }

  public init(decoding bytes: [UInt8]) throws(BindingError) {
    guard let fields = try? CBORReader.decode(bytes).map, fields.count == 15,
      fields[.unsigned(1)] == .unsigned(Self.version)
    else { throw .malformed }
    func unsigned(_ key: UInt64) throws(BindingError) -> UInt64 {
      guard let value = fields[.unsigned(key)]?.unsigned else { throw .malformed }
      return value
    }
    func raw(_ key: UInt64, count: Int) throws(BindingError) -> [UInt8] {
      guard let value = fields[.unsigned(key)]?.bytes, value.count == count else { throw .malformed }
      return value
    }
    func identifier<Kind>(_ key: UInt64) throws(BindingError) -> Identifier<Kind> {
      guard let bytes = fields[.unsigned(key)]?.bytes, let value = try? Identifier<Kind>(bytes: bytes) else {
        throw .malformed
      }
      return value
    }
    func time(_ key: UInt64) throws(BindingError) -> Timestamp {
      guard let seconds = Int64(exactly: try unsigned(key)) else { throw .malformed }
      let time = Timestamp(secondsSince1970: seconds)
      guard time.secondsSince1970 == seconds else { throw .malformed }
      return time
    }
    guard let kem = UInt16(exactly: try unsigned(7)).flatMap(KEM.init(rawValue:)),
      let kind = fields[.unsigned(14)]?.text.flatMap({ try? EvidenceKind(text: $0) }),
      let role = fields[.unsigned(15)]?.text.flatMap(Role.init(rawValue:))
    else { throw .malformed }
    self.init(
      network: try identifier(2), node: try identifier(3), instance: try identifier(4), staker: try identifier(5),
      identityKey: try raw(6, count: 32), kem: kem, hpkeKey: try raw(8, count: kem.publicKeyByteCount),
      tlsKeyDigest: try identifier(9), notBefore: try time(10), notAfter: try time(11), anchor: try identifier(12),
      configuration: try identifier(13), evidenceKind: kind, role: role)
  }
}

public enum BindingError: Error, Sendable, Hashable {
  case malformed
}
