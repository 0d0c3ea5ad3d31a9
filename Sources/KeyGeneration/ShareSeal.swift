import Curves
import Identifiers
import Rounds
import SecretSharing
import Secrets
import Transcripts

/// How a dealer hides one recipient's shares from everybody else who receives the same broadcast.
///
/// Both have a ristretto255 key made for this run. The shares are XORed with
/// `SHA-512(tag ‖ lp(session, dealer, recipient, dealer's key, recipient's key, Diffie–Hellman secret, block))`, block by
/// block. A pad is used once: the keys live for one run and dealer and recipient are in the hash. There is no tag of
/// authenticity; the broadcast is authenticated and agreed, and what comes out is checked against commitments.
struct ShareSeal {
  let context: SessionContext
  let dealer: PartyID
  let recipient: PartyID
  let dealerKey: Ristretto255.Element
  let recipientKey: Ristretto255.Element

  func seal(_ shares: borrowing SecretBytes, sharedSecret: borrowing SecretBytes) -> [UInt8] {
    let pad = pad(sharedSecret, count: shares.count)
    var box = [UInt8](repeating: 0, count: shares.count)
    unsafe shares.withUnsafeBytes { shares in
      unsafe pad.withUnsafeBytes { pad in
        for place in box.indices { box[place] = unsafe shares[place] ^ pad[place] }
      }
    }
    return box
  }

  func open(_ box: [UInt8], sharedSecret: borrowing SecretBytes) -> SecretBytes {
    var shares = pad(sharedSecret, count: box.count)
    unsafe shares.withUnsafeMutableBytes { shares in
      for (place, byte) in box.enumerated() { unsafe shares[place] ^= byte }
    }
    return shares
  }

  private func pad(_ sharedSecret: borrowing SecretBytes, count: Int) -> SecretBytes {
    var pad = SecretBytes(zeroed: count)
    for (block, start) in stride(from: 0, to: count, by: SecretHash.byteCount).enumerated() {
      var hash = SecretHash(.dealingSeal)
      hash.append(context.session.bytes)
      hash.append(UInt64(dealer.value).bigEndianBytes)
      hash.append(UInt64(recipient.value).bigEndianBytes)
      hash.append(dealerKey.canonicalBytes)
      hash.append(recipientKey.canonicalBytes)
      hash.append(sharedSecret)
      hash.append(UInt64(block).bigEndianBytes)
      let bytes = hash.finish()
      unsafe pad.withUnsafeMutableBytes { pad in
        unsafe bytes.withUnsafeBytes { bytes in
          for offset in 0..<min(SecretHash.byteCount, count - start) { unsafe pad[start + offset] = bytes[offset] }
        }
      }
    }
    return pad
  }
}
