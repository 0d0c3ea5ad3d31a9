import Curves
import Secrets

/// The sender of a multiplication, Alice of protocol 5.2 (ePrint 2023/765): puts in `a`, gets `c` with
/// `c_i + d_i = a_i·⟨g, β⟩`.
enum MultiplicationSender {
  struct Product: ~Copyable {
    /// To the receiver.
    let message: MultiplicationMessage
    /// `c`
    let outputs: ScalarVector
  }

  /// - Parameters:
  ///   - inputs: `a` with the random check element `â` behind it.
  ///   - extended: both messages of every extended OT.
  static func multiply(
    _ inputs: borrowing ScalarVector, with extended: borrowing OTSenderHalf.Extension,
    gadget: borrowing ScalarVector, run: MultiplicationRun
  ) -> Product {
    let (width, count) = (ECDSAParameters.width, ECDSAParameters.choiceCount)
    precondition(inputs.count == width && gadget.count == count, "sizes of this code")
    // ã_{j,i} = (α_{j,0,i} + a_i) ⊕ p_{j,1,i}, where i ≥ ℓ stands for â and p is the other message of the OT.
    var alpha = ScalarVector(count: count * width)
    var corrections = ScalarVector(count: count * width)
    var sum = ScalarVector(count: 1)
    var output = OTOutput(key: run.key)
    for j in 0..<count {
      let (low, high) = (extended.rows[2 * j], extended.rows[2 * j + 1])
      output.scalars(j, low, high, into: &alpha, at: width * j)
      output.pads(j, low ^ extended.delta[0], high ^ extended.delta[1], into: &corrections, at: width * j)
      for i in 0..<width {
        let place = width * j + i
        sum.set(0, to: alpha, place)
        sum.add(0, inputs, i)
        corrections.xor(place, sum, 0)
      }
    }
    let publicCorrections = corrections.publicBytes()
    let theta = run.challenge(publicCorrections)

    // η = â + Σ θ_i·a_i
    var eta = ScalarVector(count: 1)
    eta.set(0, to: inputs, ECDSAParameters.inputCount)
    for i in 0..<ECDSAParameters.inputCount { eta.addProduct(0, theta, i, inputs, i) }

    // μ_j = α_{j,0,ℓ} + Σ θ_i·α_{j,0,i} and c_i = −Σ g_j·α_{j,0,i}
    var mu = ScalarVector(count: count)
    var outputs = ScalarVector(count: ECDSAParameters.inputCount)
    for j in 0..<count {
      mu.set(j, to: alpha, width * j + ECDSAParameters.inputCount)
      for i in 0..<ECDSAParameters.inputCount {
        mu.addProduct(j, theta, i, alpha, width * j + i)
        outputs.addProduct(i, gadget, j, alpha, width * j + i)
      }
    }
    for i in 0..<ECDSAParameters.inputCount { outputs.negate(i) }
    let message = MultiplicationMessage(
      corrections: publicCorrections, response: eta.publicBytes(), check: run.check(mu))
    return Product(message: message, outputs: outputs)
  }
}
