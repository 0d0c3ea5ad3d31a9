import SwiftASN1
import X509

/// The extension of a node's certificate: a conceptual message wrapper (draft-ietf-rats-msg-wrap) in CBOR, a collection
/// of the binding and the evidence, each a record of media type and bytes.
struct ConceptualMessage: Sendable, Hashable {
  var binding: [UInt8]
  var evidence: Evidence

  private static let bindingLabel = "binding"
  private static let evidenceLabel = "evidence"
  private static let bindingType = "application/vnd.quorate.binding+cbor"
  private static let evidenceTypePrefix = "application/vnd.quorate.evidence."

  /// id-pe-cmw, not critical as the draft recommends.
  func makeExtension() throws -> Certificate.Extension {
    let collection = CBOR.map([
      .text(Self.bindingLabel): .array([.text(Self.bindingType), .bytes(binding)]),
      .text(Self.evidenceLabel): .array([
        .text(Self.evidenceTypePrefix + evidence.kind.text), .bytes(evidence.data),
      ]),
    ])
    var serializer = DER.Serializer()
    try serializer.serialize(ASN1OctetString(contentBytes: collection.encoded[...]))
    return Certificate.Extension(oid: .conceptualMessage, critical: false, value: serializer.serializedBytes[...])
  }

  /// - Returns: nil unless the extension holds exactly such a collection.
  init?(_ value: Certificate.Extension) {
    guard value.oid == .conceptualMessage, !value.critical, let octets = try? ASN1OctetString(derEncoded: value.value),
      let collection = try? CBORReader.decode(Array(octets.bytes)).map, collection.count == 2,
      let binding = collection[.text(Self.bindingLabel)]?.array, binding.count == 2,
      binding.first == .text(Self.bindingType), let bindingBytes = binding.last?.bytes,
      let evidence = collection[.text(Self.evidenceLabel)]?.array, evidence.count == 2,
      let type = evidence.first?.text, type.hasPrefix(Self.evidenceTypePrefix),
      let kind = try? EvidenceKind(text: String(type.dropFirst(Self.evidenceTypePrefix.count))),
      let data = evidence.last?.bytes, let parsed = try? Evidence(kind: kind, data: data)
    else { return nil }
    self.init(binding: bindingBytes, evidence: parsed)
  }

  init(binding: [UInt8], evidence: Evidence) {
    self.binding = binding
    self.evidence = evidence
  }
}

extension ASN1ObjectIdentifier {
  static let conceptualMessage: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 35]
}
