import Curves
import Identifiers
import ProtocolTestKit
import SecretSharing
import Secrets
import Testing
import Transcripts

@testable import ThresholdECDSA

/// What is hashed in a set-up, and under which tags.
@Suite struct SetupEncodingTests {
  private let label: OTLabel
  private let other: OTLabel

  init() throws { (label, other) = try OTLabel.bothDirections() }

  private static func bytes(_ secret: borrowing SecretBytes) -> [UInt8] { secret.publicPrefix(secret.count) }

  /// Every place where one field could lend a byte to the next.
  @Test func `P13 no bytes can move from one field of a label to another`() throws {
    let session = try SessionID(bytes: [UInt8](repeating: 1, count: 32))
    let moved = try OTLabel(
      session: SessionID(bytes: [UInt8](repeating: 1, count: 31) + [2]),
      binding: Digest32(bytes: [1] + [UInt8](repeating: 2, count: 31)), sender: PartyID(2), receiver: PartyID(1))
    let first = OTLabel(
      session: session, binding: try Digest32(bytes: [UInt8](repeating: 2, count: 32)), sender: try PartyID(2),
      receiver: try PartyID(1))
    let salt = [UInt8](repeating: 3, count: 32)
    #expect(OTExtensionMessage.nonce(first, salt: salt) != OTExtensionMessage.nonce(moved, salt: salt))
    #expect(
      EndemicOT.digest(label, offer: [1, 2], pairs: [3]) != EndemicOT.digest(label, offer: [1], pairs: [2, 3]))
    #expect(
      EndemicOT.digest(label, offer: [], pairs: [1, 2, 3]) != EndemicOT.digest(label, offer: [1, 2, 3], pairs: []))
    let seed = ZeroSeed(.zero, lower: SecretBytes(copying: [1, 2]), higher: SecretBytes(copying: [3])).share(.zero)
    let shifted = ZeroSeed(.zero, lower: SecretBytes(copying: [1]), higher: SecretBytes(copying: [2, 3])).share(.zero)
    let isEqual = seed.isEqual(to: shifted)
    #expect(!isEqual)
  }

  @Test func `P13 N fields joined without their lengths are the same wherever the border lies`() {
    func digest(_ fields: [[UInt8]]) -> Digest32 { .sha256(of: (label.fields + fields).joined()) }
    #expect(digest([[1, 2], [3]]) == digest([[1], [2, 3]]))
    #expect(
      TaggedHash.sha256(.otMessages, label.fields + [[1, 2], [3]])
        != TaggedHash.sha256(.otMessages, label.fields + [[1], [2, 3]]))
  }

  @Test func `P13 every part of an order for a set-up is in its binding`() throws {
    func end(_ party: UInt16, node: UInt8, instance: UInt8) throws -> PairSetupOrder.End {
      PairSetupOrder.End(
        party: try PartyID(party), node: try NodeID(bytes: [UInt8](repeating: node, count: 20)),
        instance: try Instance(bytes: [UInt8](repeating: instance, count: 32)))
    }
    let (lower, higher) = (try end(1, node: 1, instance: 1), try end(2, node: 2, instance: 2))
    let orders = [
      try PairSetupOrder(epoch: 1, lower, higher), try PairSetupOrder(epoch: 2, lower, higher),
      try PairSetupOrder(epoch: 1, end(1, node: 3, instance: 1), higher),
      try PairSetupOrder(epoch: 1, end(1, node: 1, instance: 3), higher),
      try PairSetupOrder(epoch: 1, lower, end(3, node: 2, instance: 2)),
      try PairSetupOrder(epoch: 1, lower, end(2, node: 3, instance: 2)),
      try PairSetupOrder(epoch: 1, lower, end(2, node: 2, instance: 3)),
      // Nodes that changed places.
      try PairSetupOrder(epoch: 1, end(1, node: 2, instance: 2), end(2, node: 1, instance: 1)),
    ]
    #expect(Set(orders.map(\.binding)).count == orders.count)
    #expect(try PairSetupOrder(epoch: 1, higher, lower).binding == orders[0].binding)
    #expect(throws: SharingError.self) { try PairSetupOrder(epoch: 1, lower, lower) }
  }

  /// Each hash of this module, over fields as alike as it takes them.
  @Test func `P14 no two hashes of a set-up or a multiplication have one tag`() {
    let tags: [Domain] = [
      .pairSetup, .pairSetupTranscript, .zeroSharingCommitment, .zeroSharingSeed, .zeroSharing, .otElement, .otMessages,
      .otKey, .otTree, .otTreeCheck, .otTreeDigest, .otExpansion, .otChallenge, .otOutput, .gadgetVector,
      .multiplication, .multiplicationTranscript, .multiplicationChallenge, .multiplicationCheck, .nonceCommitment,
    ]
    let fields = label.fields + [[UInt8](repeating: 0, count: 32)]
    #expect(Set(tags.map { TaggedHash.sha256($0, fields) }).count == tags.count)
    // What the module hashes itself is under these, and nothing else is.
    #expect(
      EndemicOT.digest(label, offer: [1], pairs: [2]) == TaggedHash.sha256(.otMessages, label.fields + [[1], [2]]))
    let key = EndemicOT.key(
      label, 0, side: SecretBytes(copying: [0]), messages: .zero, SecretBytes(zeroed: 32))
    let expected = TaggedHash.sha512(
      .otKey,
      label.fields + [Digest32.zero.bytes, [UInt8](repeating: 0, count: 8), [0], [UInt8](repeating: 0, count: 32)])
    #expect(Self.bytes(key) == Array(expected.prefix(32)))
  }

  /// What a tree's leaf is expanded from, and the digest of a tree with two such checks.
  @Test func `P14 N under one tag the digest of a tree could be the expansion of a leaf`() {
    let (block, seed) = ([UInt8](repeating: 0, count: 8), [UInt8](repeating: 7, count: 32))
    func digest(_ domain: Domain) -> [UInt8] {
      var hash = SecretHash(domain)
      for field in label.fields { hash.append(field) }
      for check in [block, seed] { hash.append(check) }
      return Self.bytes(hash.finish())
    }
    let expansion = TaggedHash.sha512(.otTreeCheck, label.fields + [block, seed])
    #expect(digest(.otTreeCheck) == expansion)
    #expect(digest(.otTreeDigest) != expansion)
  }
}
