import Curves
import Identifiers
import Secrets

/// The receiver of a multiplication, Bob of protocol 5.2 (ePrint 2023/765), between its message and the sender's.
struct MultiplicationReceiver: ~Copyable {
  let message: OTExtensionMessage
  private let label: OTLabel
  /// β, with the surplus rows of the extension behind it.
  private let choices: SecretWords
  private let rows: SecretWords

  /// Sampling: β is uniform, and the OT extension's message says so.
  init(
    _ setup: PairSetup, _ label: OTLabel, random: inout some RandomSource
  ) throws(PairSetupRefusal) {
    let shape = ExtensionShape.multiplication
    let choices = SecretWords(count: shape.columnWords, from: &random)
    let salt = random.bytes(OTExtensionMessage.saltByteCount)
    let extended = try setup.extend(choices: choices, shape, label, salt: salt)
    message = extended.message
    rows = extended.takeRows()
    self.choices = choices
    self.label = label
  }

  /// `χ = ⟨g, β⟩`, what the sender's inputs are multiplied by.
  borrowing func factor(_ gadget: borrowing ScalarVector) -> SecretScalar<Secp256k1> {
    var sum = ScalarVector(count: 1)
    for j in 0..<ECDSAParameters.choiceCount { sum.add(0, gadget, j, mask: choices.mask(j)) }
    return sum.scalar(0)
  }

  /// Multiplication: gives `d`, or nil when the sender's message is not one or its check fails.
  borrowing func finish(
    _ reply: MultiplicationMessage, senderSalt: [UInt8], gadget: borrowing ScalarVector
  ) -> ScalarVector? {
    let (width, count) = (ECDSAParameters.width, ECDSAParameters.choiceCount)
    let run = MultiplicationRun(label, message, senderSalt: senderSalt)
    var eta = ScalarVector(count: 1)
    guard reply.corrections.count == MultiplicationMessage.correctionByteCount, eta.setAll(canonical: reply.response)
    else { return nil }
    eta.negate(0)
    let theta = run.challenge(reply.corrections)

    // γ_{j,i} = p_{j,β_j,i} ⊕ β_j·ã_{j,i}: α_{j,0,i} or α_{j,0,i} + a_i.
    var gamma = ScalarVector(count: count * width)
    var output = OTOutput(key: run.key)
    for j in 0..<count {
      let mask = choices.mask(j)
      output.pads(j, rows[2 * j], rows[2 * j + 1], into: &gamma, at: width * j)
      for place in width * j..<width * (j + 1) {
        gamma.xor(place, reply.corrections, at: ECDSAParameters.scalarByteCount * place, mask: mask)
        gamma.reduce(place)
      }
    }

    // μ′_j = γ_{j,ℓ} + Σ θ_i·γ_{j,i} − β_j·η and d_i = Σ g_j·γ_{j,i}
    var mu = ScalarVector(count: count)
    var outputs = ScalarVector(count: ECDSAParameters.inputCount)
    for j in 0..<count {
      mu.set(j, to: gamma, width * j + ECDSAParameters.inputCount)
      for i in 0..<ECDSAParameters.inputCount {
        mu.addProduct(j, theta, i, gamma, width * j + i)
        outputs.addProduct(i, gadget, j, gamma, width * j + i)
      }
      mu.add(j, eta, 0, mask: choices.mask(j))
    }
    guard run.check(mu) == reply.check else { return nil }
    return outputs
  }
}
