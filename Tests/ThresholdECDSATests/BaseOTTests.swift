import Curves
import Identifiers
import ProtocolTestKit
import SecretSharing
import Secrets
import Testing
import Transcripts

@testable import ThresholdECDSA

/// The base OTs of a set-up.
@Suite struct BaseOTTests {
  private let label: OTLabel
  private let other: OTLabel

  init() throws { (label, other) = try OTLabel.bothDirections() }

  private static func bytes(_ secret: borrowing SecretBytes) -> [UInt8] { secret.publicPrefix(secret.count) }

  @Test func `the receiver gets the key its choice names and the other stays unknown`() throws {
    var random = SeededRandom(seed: 1)
    let choices = SecretBytes(copying: random.bytes(16))
    let receiver = EndemicOTReceiver(label, choices: choices, random: &random)
    let sender = EndemicOTSender(label, random: &random)
    let chosen = try receiver.finish(sender.message)
    let both = try sender.finish(receiver.message)
    for index in 0..<EndemicOT.count {
      let side = Int(choices.mask(index) & 1)
      #expect(chosen.publicBytes(index) == both.publicBytes(2 * index + side))
      #expect(chosen.publicBytes(index) != both.publicBytes(2 * index + 1 - side))
    }
    // All keys differ, though the sender has one exponent.
    var keys: Set<[UInt8]> = []
    for index in 0..<2 * EndemicOT.count { keys.insert(both.publicBytes(index)) }
    #expect(keys.count == 2 * EndemicOT.count)
  }

  @Test func `P6 P8 P15 keys belong to one label and to both messages`() throws {
    var random = SeededRandom(seed: 2)
    let choices = SecretBytes(copying: random.bytes(16))
    let receiver = EndemicOTReceiver(label, choices: choices, random: &random)
    let sender = EndemicOTSender(other, random: &random)
    let chosen = try receiver.finish(sender.message)
    let both = try sender.finish(receiver.message)
    for index in 0..<EndemicOT.count {
      #expect(chosen.publicBytes(index) != both.publicBytes(2 * index))
      #expect(chosen.publicBytes(index) != both.publicBytes(2 * index + 1))
    }
    // Another OT's pair changes every key.
    let fresh = EndemicOTSender(label, random: &random)
    let keys = try fresh.finish(receiver.message)
    let elsewhere = EndemicOTReceiver(label, choices: choices, random: &random).message
    let mixed = try fresh.finish(Array(receiver.message.dropLast(64) + elsewhere.suffix(64)))
    #expect(keys.publicBytes(0) != mixed.publicBytes(0))
  }

  @Test func `P20 P33 every element of either message must be canonical and not the identity`() throws {
    var random = SeededRandom(seed: 3)
    let choices = SecretBytes(copying: random.bytes(16))
    let receiver = EndemicOTReceiver(label, choices: choices, random: &random)
    let sender = EndemicOTSender(label, random: &random)
    let size = Ristretto255.elementByteCount
    for bad in [[UInt8](repeating: 0, count: size), [1] + [UInt8](repeating: 0, count: size - 1)]
      + [[UInt8](repeating: 0xff, count: size)]
    {
      #expect(throws: MalformedOT.self) { _ = try receiver.finish(bad) }
      for place in [0, 1, 2, 127, 254, 255] {
        var pairs = receiver.message
        pairs.replaceSubrange(place * size..<(place + 1) * size, with: bad)
        #expect(throws: MalformedOT.self) { _ = try sender.finish(pairs) }
      }
    }
    for count in [0, size, receiver.message.count - size, receiver.message.count + size] {
      let pairs = (0..<count).map { receiver.message[$0 % receiver.message.count] }
      #expect(throws: MalformedOT.self) { _ = try sender.finish(pairs) }
    }
  }

  /// The receiver's `r_0 = −H_0(r_1)`: the sender's sum is the identity, whatever its exponent.
  @Test func `P20 a pair whose sum is the identity is refused`() throws {
    var random = SeededRandom(seed: 4)
    let choices = SecretBytes(copying: random.bytes(16))
    let receiver = EndemicOTReceiver(label, choices: choices, random: &random)
    let free = SecretScalar<Ristretto255>.random(from: &random).timesGenerator()
    let bound = -EndemicOT.mask(label, 0, side: SecretBytes(copying: [0]), free)
    let pairs = bound.canonicalBytes + free.canonicalBytes + receiver.message.dropFirst(64)
    let sender = EndemicOTSender(label, random: &random)
    #expect(throws: MalformedOT.self) { _ = try sender.finish(pairs) }
    #expect(throws: Never.self) { _ = try sender.finish(receiver.message) }
  }

  @Test func `P20 N under the identity a key is what anybody can compute from the messages`() throws {
    var random = SeededRandom(seed: 5)
    let digest = EndemicOT.digest(label, offer: [], pairs: [])
    func key(_ exponent: borrowing SecretScalar<Ristretto255>) -> [UInt8] {
      Self.bytes(
        EndemicOT.key(
          label, 0, side: SecretBytes(copying: [1]), messages: digest, exponent.sharedSecret(with: .identity)))
    }
    #expect(key(SecretScalar.random(from: &random)) == key(SecretScalar.random(from: &random)))
  }
}
