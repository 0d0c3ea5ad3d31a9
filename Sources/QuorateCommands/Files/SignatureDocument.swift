import Client
import Identifiers
import PublicKeys
import Wire

/// A signature as a file: everything needed to verify it except what was signed.
///
/// `{"version", "network", "key", "purpose", "publicKey", "kind", "signature"}`, keys and signature in lower-case hex.
struct SignatureDocument: Sendable, Equatable {
  var network: NetworkID
  var key: KeyID
  var publicKey: AnyPublicKey
  var kind: SigningKind
  var signature: [UInt8]

  init(_ finished: FinishedSignature, network: NetworkID, kind: SigningKind) {
    self.network = network
    key = finished.key
    publicKey = finished.publicKey
    self.kind = kind
    signature = finished.signature
  }

  var members: [JSONMember] {
    [
      JSONMember("version", .integer(1)), JSONMember("network", .text(network)), JSONMember("key", .text(key)),
      JSONMember("purpose", .string(publicKey.purpose.rawValue)),
      JSONMember("publicKey", .string(Hex.encode(publicKey.bytes))), JSONMember("kind", .string(kind.rawValue)),
      JSONMember("signature", .string(Hex.encode(signature))),
    ]
  }

  var encoded: [UInt8] { JSONValue.object(members).serialized + [UInt8(ascii: "\n")] }

  init(decoding bytes: [UInt8]) throws(CommandFailure) {
    do {
      var fields = try JSONFields(JSONValue.parse(Self.trimmed(bytes), limit: 64 << 10))
      guard try fields.unsigned("version") == 1 else { throw FormatError.invalid("version") }
      network = try fields.identifier("network")
      key = try fields.identifier("key")
      guard let purpose = KeyPurpose(rawValue: try fields.string("purpose")),
        let kind = SigningKind(rawValue: try fields.string("kind"))
      else { throw FormatError.invalid("purpose") }
      publicKey = try AnyPublicKey(purpose: purpose, bytes: try Hex.decode(fields.string("publicKey")))
      self.kind = kind
      signature = try Hex.decode(fields.string("signature"))
    } catch {
      throw CommandFailure(.badInput, "this is not a signature file", advice: "give what quorate sign --out wrote")
    }
  }

  private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
  }
}
