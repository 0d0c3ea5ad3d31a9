import Identifiers
import SecretSharing
import Secrets

/// Shares as the vault keeps them: `u8 kind ‖ u16 party ‖ lp(document) ‖ shares`, the document being a certificate body
/// or a certificate.
struct StoredShares: ~Copyable {
  enum Kind: UInt8 {
    case pending = 1
    case active = 2
  }

  private static let headerByteCount = 1 + 2 + 4

  let party: PartyID
  let document: [UInt8]
  private let secrets: SecretBytes

  static func encode(
    _ kind: Kind, party: PartyID, document: [UInt8], secrets: borrowing SecretBytes
  ) -> SecretBytes {
    var head = ByteWriter()
    head.u8(kind.rawValue)
    head.u16(party.value)
    head.lp(document)
    var encoded = SecretBytes(zeroed: head.bytes.count + secrets.count)
    encoded.replaceBytes(at: 0, with: head.bytes)
    encoded.replaceBytes(at: head.bytes.count, with: secrets)
    return encoded
  }

  init(_ encoded: borrowing SecretBytes, _ kind: Kind) throws(KeyShareError) {
    let publicByteCount = encoded.count - RootSlot.sharesByteCount
    guard publicByteCount >= Self.headerByteCount else { throw .malformed }
    // Only the public part is copied out of wiped memory.
    let head = unsafe encoded.withUnsafeBytes { unsafe Array($0.prefix(publicByteCount)) }
    let (party, document) = try Self.parse(head, kind)
    guard let secrets = encoded.copy(of: publicByteCount..<encoded.count) else { throw .malformed }
    self.party = party
    self.document = document
    self.secrets = secrets
  }

  private static func parse(_ head: [UInt8], _ kind: Kind) throws(KeyShareError) -> (PartyID, [UInt8]) {
    do {
      var reader = ByteReader(head)
      guard try reader.u8() == kind.rawValue else { throw KeyShareError.malformed }
      let party = try PartyID(reader.u16())
      let document = try reader.lp(limit: head.count)
      try reader.finish()
      return (party, document)
    } catch {
      throw .malformed
    }
  }

  consuming func takeSecrets() -> SecretBytes { secrets }
}
