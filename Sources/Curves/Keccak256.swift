internal import Secrets

/// Keccak-256 with the original padding, as Ethereum uses it (not SHA3-256).
public enum Keccak256 {
  public static func hash(_ message: [UInt8]) -> [UInt8] {
    var sponge = KeccakSponge(rate: 136, padding: 0x01)
    unsafe message.withUnsafeBytes { unsafe sponge.absorb($0) }
    let digest = sponge.squeeze(32)
    return unsafe digest.withUnsafeBytes { unsafe Array($0) }
  }
}
