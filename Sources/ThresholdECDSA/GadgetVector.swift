import Curves
import Identifiers
import Secrets
import Transcripts

/// `g ∈ Z_q^ξ`, which turns the receiver's choice bits into a scalar: public, uniform, and fixed by the set-up's
/// transcript before anybody chooses a β.
enum GadgetVector {
  private static let wideByteCount = 64

  static func derive(from setup: Digest32) -> ScalarVector {
    let count = ECDSAParameters.choiceCount
    let seed = TaggedHash.sha256(.gadgetVector, [setup.bytes])
    let stream = SeedExpansion.bytes(count * wideByteCount, seed: seed.bytes)
    var gadget = ScalarVector(count: count)
    for index in 0..<count {
      let wide = SecretBytes(copying: stream[index * wideByteCount..<(index + 1) * wideByteCount])
      gadget.set(index, to: .reducing(wide))
    }
    return gadget
  }
}
