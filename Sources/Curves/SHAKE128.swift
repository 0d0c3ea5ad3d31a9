public import Secrets

/// SHAKE128 (FIPS 202) of secrets.
public enum SHAKE128 {
  public static func expand(_ seed: borrowing SecretBytes, count: Int) -> SecretBytes {
    var sponge = KeccakSponge(rate: 168, padding: 0x1f)
    unsafe seed.withUnsafeBytes { unsafe sponge.absorb($0) }
    return sponge.squeeze(count)
  }
}
