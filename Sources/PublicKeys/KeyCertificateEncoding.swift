import Identifiers
import SecretSharing

/// The canonical binary form of a certificate body:
///
///     u8 version ‖ network (32) ‖ u64 epoch ‖ u16 n ‖ u16 t
///     ‖ n × ( node (20) ‖ identity key (32) )                       x-coordinates are the places
///     ‖ u8 number of purposes
///     ‖ per purpose, in declaration order: lp(name) ‖ rootCount × t × element
///
/// Integers are big-endian; the size of an element is fixed by the purpose, so nothing is ambiguous.
enum KeyCertificateEncoding {
  static let version: UInt8 = 2
  static let maximumByteCount = 1 << 20
  private static let maximumNameLength = 64

  static func encode(
    network: NetworkID, epoch: UInt64, threshold: Threshold, members: [CertifiedMember],
    roots: [KeyPurpose: [[[UInt8]]]]
  ) -> [UInt8] {
    var writer = ByteWriter()
    writer.u8(version)
    writer.raw(network.bytes)
    writer.u64(epoch)
    writer.u16(UInt16(clamping: threshold.n))
    writer.u16(UInt16(clamping: threshold.t))
    for member in members {
      writer.raw(member.node.bytes)
      writer.raw(member.identityKey)
    }
    writer.u8(UInt8(clamping: KeyPurpose.allCases.count))
    for purpose in KeyPurpose.allCases {
      writer.lp(Array(purpose.rawValue.utf8))
      for commitment in roots[purpose] ?? [] {
        for element in commitment { writer.raw(element) }
      }
    }
    return writer.bytes
  }

  struct Fields {
    var network: NetworkID
    var epoch: UInt64
    var threshold: Threshold
    var members: [CertifiedMember]
    var roots: [KeyPurpose: [[[UInt8]]]]
  }

  static func decode(_ bytes: [UInt8]) throws(KeyCertificateError) -> Fields {
    guard bytes.count <= maximumByteCount else { throw .malformed(.framing) }
    do {
      var reader = ByteReader(bytes)
      guard try reader.u8() == version else { throw KeyCertificateError.malformed(.version) }
      let network = try NetworkID(bytes: reader.raw(NetworkIDKind.byteCount))
      let epoch = try reader.u64()
      let n = Int(try reader.u16())
      let t = Int(try reader.u16())
      guard let threshold = try? Threshold(t: t, n: n) else { throw KeyCertificateError.malformed(.threshold) }
      let members = try members(count: n, from: &reader)
      let roots = try roots(t: t, from: &reader)
      try reader.finish()
      return Fields(network: network, epoch: epoch, threshold: threshold, members: members, roots: roots)
    } catch let refusal as KeyCertificateError {
      throw refusal
    } catch {
      throw .malformed(.framing)
    }
  }

  private static func members(count: Int, from reader: inout ByteReader) throws -> [CertifiedMember] {
    var members: [CertifiedMember] = []
    for place in 0..<count {
      let node = try NodeID(bytes: reader.raw(NodeIDKind.byteCount))
      let identityKey = try reader.raw(CertifiedMember.identityKeyByteCount)
      let party = try PartyID(UInt16(clamping: place + 1))
      members.append(CertifiedMember(node: node, identityKey: identityKey, party: party))
    }
    return members
  }

  private static func roots(t: Int, from reader: inout ByteReader) throws -> [KeyPurpose: [[[UInt8]]]] {
    guard Int(try reader.u8()) == KeyPurpose.allCases.count else { throw KeyCertificateError.malformed(.roots) }
    var roots: [KeyPurpose: [[[UInt8]]]] = [:]
    for purpose in KeyPurpose.allCases {
      guard try reader.lp(limit: maximumNameLength) == Array(purpose.rawValue.utf8) else {
        throw KeyCertificateError.malformed(.roots)
      }
      var ofPurpose: [[[UInt8]]] = []
      for _ in 0..<purpose.rootCount {
        var commitment: [[UInt8]] = []
        for _ in 0..<t { commitment.append(try reader.raw(purpose.elementByteCount)) }
        ofPurpose.append(commitment)
      }
      roots[purpose] = ofPurpose
    }
    return roots
  }
}
