import Identifiers
import PublicKeys
import Rounds
import Wire

extension FuzzTarget {
  /// What a member, or whoever pretends to be one, sends to another.
  static let peerTargets: [FuzzTarget] = [
    .exact("peer-frame", decode: { try LinkFrame(decoding: $0) }, encode: { try $0.encoded() }),
    .exact("envelope", decode: { try Envelope(encoded: $0, payloadLimit: 4096) }, encode: { $0.encoded }),
    .exact(
      "key-certificate", decode: { try UnverifiedKeyCertificate(encoded: $0) }, encode: { $0.encoded },
      also: { unverified in
        // The registry's word about the digest does not stand in for signatures and points.
        let body = unverified.body
        let certificate = try? unverified.verified(
          network: body.network, epoch: body.epoch, anchor: .registered(digest: body.digest))
        guard let certificate else { return }
        try require(certificate.encoded == unverified.encoded, "a verified certificate is what was verified")
        try require((try? certificate.encryptionKey()) != nil, "a verified certificate has an encryption key")
      }),
  ]
}
