import Curves
import FuzzTargets
import Identifiers
import SecretSharing
import Signatures
import Testing

@testable import KeyGeneration
@testable import Rounds
@testable import ThresholdSchnorr

/// The messages of the protocols' rounds, whose decoders are internal to their targets.
@Suite struct RoundMessageTests {
  private static let context = Result {
    try SessionContext(
      session: SessionID(bytes: [UInt8](repeating: 1, count: 32)), me: PartyID(2),
      parties: PartySet((1...4).map { try PartyID($0) }),
      threshold: Threshold.twoThirds(of: 4))
  }

  struct Format: Sendable, CustomTestStringConvertible {
    let target: FuzzTarget
    let seeds: @Sendable () throws -> [[UInt8]]
    var testDescription: String { target.name }
  }

  private static func format<Message: RoundMessage>(
    _ type: Message.Type, seeds: @escaping @Sendable () throws -> [[UInt8]]
  ) -> Format {
    format("\(type)", decode: { try Message(encoded: $0, in: context.get()) }, encode: { $0.encoded }, seeds: seeds)
  }

  private static func format<Message: Sendable>(
    _ name: String, decode: @escaping @Sendable ([UInt8]) throws -> Message,
    encode: @escaping @Sendable (Message) -> [UInt8], seeds: @escaping @Sendable () throws -> [[UInt8]]
  ) -> Format {
    Format(target: .exact(name, decode: decode, encode: encode), seeds: seeds)
  }

  static let formats: [Format] = [
    format(DealingCommitment.self) { [[UInt8](repeating: 7, count: 32)] },
    format(DealingOpening.self) {
      let context = try Self.context.get()
      let offers = RootSlot.all.map { [UInt8](repeating: 5, count: $0.offerByteCount(context.threshold)) }
      return [
        DealingOpening(blinding: [UInt8](repeating: 3, count: 32), sealKey: Ristretto255.generator, offers: offers)
          .encoded
      ]
    },
    format(SealedShares.self) {
      [SealedShares(boxes: (1...3).map { [UInt8](repeating: $0, count: RootSlot.sharesByteCount) }).encoded]
    },
    format(Verdict.self) {
      let complaints: [[UInt16]] = [[1], [1, 3, 4]]
      return try [Verdict(complaint: nil).encoded]
        + complaints.map { dealers in
          Verdict(
            complaint: .init(
              dealers: try PartySet(dealers.map { try PartyID($0) }), sealSecret: Ristretto255.Scalar(9))
          ).encoded
        }
    },
    format(Confirmation.self) { [[UInt8](repeating: 7, count: 32)] },
    format(CommitmentMessage<FROSTEd25519>.self) {
      [Edwards25519.generator.canonicalBytes + Edwards25519.generator.canonicalBytes]
    },
    format(CommitmentMessage<FROSTSecp256k1Taproot>.self) {
      [Secp256k1.generator.canonicalBytes + Secp256k1.generator.canonicalBytes]
    },
    format("AbortNotice", decode: { try AbortNotice(encoded: $0, in: context.get()) }, encode: { $0.encoded }) {
      [[0], [1, 1, 0, 3], [2, 2, 0, 1, 0, 3, 1, 0, 4]]
    },
    format("BroadcastEcho", decode: { try BroadcastEcho(encoded: $0, in: context.get()) }, encode: { $0.encoded }) {
      [(0..<128).map { UInt8($0) }]
    },
  ]

  @Test(arguments: formats)
  func `P36 no mutation of a round's message traps its decoder or is read as another message`(
    format: Format
  ) throws {
    let seeds = try format.seeds()
    for seed in seeds { #expect(try format.target.judge(seed) == .accepted) }
    var mutation = Mutation(seed: 36, others: seeds)
    var refused = 0
    for round in 0..<2000 where try format.target.judge(mutation.mutated(seeds[round % seeds.count])) == .refused {
      refused += 1
    }
    #expect(refused > 100)
  }
}
