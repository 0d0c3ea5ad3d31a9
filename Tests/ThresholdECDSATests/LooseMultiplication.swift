import Curves
import Identifiers
import ProtocolTestKit
import Secrets

@testable import ThresholdECDSA

/// Both sides of a multiplication (ePrint 2023/765, protocol 5.2) written again from the paper, over public scalars, so
/// that a test can leave out a defence.
enum LooseMultiplication {
  typealias Scalar = Secp256k1.Scalar
  static let (count, width) = (ECDSAParameters.choiceCount, ECDSAParameters.width)

  /// `θ` as it must be, or one that a cheater knows before it chooses `ã`.
  enum Challenge: Sendable {
    case ofCorrections
    case ofRunAlone

    func scalars(_ run: MultiplicationRun, _ corrections: [UInt8]) -> [Scalar] {
      let theta = run.challenge(self == .ofCorrections ? corrections : [])
      return (0..<theta.count).map { theta.scalar($0).declassified() }
    }
  }

  static func scalars(_ vector: borrowing ScalarVector) -> [Scalar] {
    (0..<vector.count).map { vector.scalar($0).declassified() }
  }

  /// The pads of one row of the matrix.
  static func pads(_ run: MultiplicationRun, _ j: Int, _ low: UInt64, _ high: UInt64) -> [[UInt8]] {
    var output = OTOutput(key: run.key)
    var pads = ScalarVector(count: width)
    output.pads(j, low, high, into: &pads, at: 0)
    let bytes = pads.publicBytes()
    return (0..<width).map { Array(bytes[32 * $0..<32 * ($0 + 1)]) }
  }

  static func reduced(_ pad: some Sequence<UInt8>) throws -> Scalar { try Scalar(reducing: Array(pad)) }

  static func xor(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> [UInt8] {
    zip(left, right).map { $0 ^ $1 }
  }

  static func check(_ run: MultiplicationRun, _ mu: [Scalar]) -> Digest32 {
    var values = ScalarVector(count: mu.count)
    for (place, value) in mu.enumerated() { values.set(place, to: SecretScalar(value)) }
    return run.check(values)
  }

  /// - Parameter shifts: what is added to the inputs of single rows.
  /// - Returns: the message, and `c`.
  static func send(
    _ inputs: [Scalar], with extended: borrowing OTSenderHalf.Extension, gadget: borrowing ScalarVector,
    run: MultiplicationRun, challenge: Challenge, shifts: [Int: [Scalar]] = [:]
  ) throws -> (message: MultiplicationMessage, outputs: [Scalar]) {
    let g = scalars(gadget)
    var zero: [[Scalar]] = []
    var corrections: [UInt8] = []
    for j in 0..<count {
      let (low, high) = (extended.rows[2 * j], extended.rows[2 * j + 1])
      zero.append(try pads(run, j, low, high).map(reduced))
      let one = pads(run, j, low ^ extended.delta[0], high ^ extended.delta[1])
      for i in 0..<width {
        let input = inputs[i] + (shifts[j]?[i] ?? .zero)
        corrections += xor((zero[j][i] + input).canonicalBytes, one[i])
      }
    }
    let theta = challenge.scalars(run, corrections)
    let eta = inputs[2] + theta[0] * inputs[0] + theta[1] * inputs[1]
    let mu = zero.map { $0[2] + theta[0] * $0[0] + theta[1] * $0[1] }
    let outputs = (0..<ECDSAParameters.inputCount).map { i in
      -zip(zero, g).reduce(Scalar.zero) { $0 + $1.1 * $1.0[i] }
    }
    return (
      MultiplicationMessage(corrections: corrections, response: eta.canonicalBytes, check: check(run, mu)), outputs
    )
  }
}

extension MultiplicationMessage {
  /// The message with one bit of single corrections changed, by row and column.
  func flipping(row: Int, column: Int) -> MultiplicationMessage {
    var changed = corrections
    changed[32 * (ECDSAParameters.width * row + column) + 31] ^= 1
    return MultiplicationMessage(corrections: changed, response: response, check: check)
  }
}

/// A receiver that may leave out checks.
final class LooseReceiver {
  enum Check: Sendable, Hashable {
    /// That `H(μ)` is the sender's.
    case consistency
    /// That there is a correction for every choice bit.
    case length
  }

  let message: OTExtensionMessage
  let label: OTLabel
  private let choices: SecretWords
  private let rows: SecretWords

  init(_ setup: PairSetup, _ label: OTLabel, random: inout SeededRandom) throws {
    let shape = ExtensionShape.multiplication
    choices = SecretWords(count: shape.columnWords, from: &random)
    let extended = try setup.extend(choices: choices, shape, label, salt: random.bytes(32))
    message = extended.message
    rows = extended.takeRows()
    self.label = label
  }

  /// `β_j`
  func choice(_ j: Int) -> Bool { choices.mask(j) != 0 }

  func factor(_ gadget: borrowing ScalarVector) -> Secp256k1.Scalar {
    LooseMultiplication.scalars(gadget).enumerated().reduce(.zero) { choice($1.offset) ? $0 + $1.element : $0 }
  }

  /// - Returns: `d`, nil when a check fails that was not left out.
  func finish(
    _ reply: MultiplicationMessage, senderSalt: [UInt8], gadget: borrowing ScalarVector, skipping: Set<Check> = [],
    challenge: LooseMultiplication.Challenge = .ofCorrections
  ) throws -> [Secp256k1.Scalar]? {
    typealias Scalar = Secp256k1.Scalar
    let width = LooseMultiplication.width
    let rowByteCount = 32 * width
    if !skipping.contains(.length), reply.corrections.count != MultiplicationMessage.correctionByteCount { return nil }
    let run = MultiplicationRun(label, message, senderSalt: senderSalt)
    let theta = challenge.scalars(run, reply.corrections)
    let eta = try Scalar(canonicalBytes: reply.response)
    let g = LooseMultiplication.scalars(gadget)
    var mu: [Scalar] = []
    var outputs = [Scalar.zero, Scalar.zero]
    for j in 0..<reply.corrections.count / rowByteCount {
      var pads = LooseMultiplication.pads(run, j, rows[2 * j], rows[2 * j + 1])
      if choice(j) {
        for i in 0..<width {
          pads[i] = LooseMultiplication.xor(pads[i], reply.corrections.dropFirst(rowByteCount * j + 32 * i))
        }
      }
      let gamma = try pads.map(LooseMultiplication.reduced)
      let sum = gamma[2] + theta[0] * gamma[0] + theta[1] * gamma[1]
      mu.append(choice(j) ? sum - eta : sum)
      for i in 0..<2 { outputs[i] = outputs[i] + g[j] * gamma[i] }
    }
    guard skipping.contains(.consistency) || LooseMultiplication.check(run, mu) == reply.check else { return nil }
    return outputs
  }
}
