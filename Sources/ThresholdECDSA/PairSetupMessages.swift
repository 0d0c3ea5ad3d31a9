import Identifiers
import Rounds
import Transcripts

// The lower party is the base OTs' sender and the first extension's receiver; messages of both have the same rounds and
// different contents. Who decodes knows which end it is.

extension SessionContext {
  /// Whether this party is the pair's lower one.
  var isLower: Bool { parties.first == me }
}

/// Round 1: the base OTs' message of either side, and a commitment to its part of the zero sharing's seed.
struct BaseOTMessage: RoundMessage {
  static var round: UInt8 { 1 }

  static func byteLimit(in context: SessionContext) -> Int {
    (context.isLower ? EndemicOT.receiverByteCount : EndemicOT.senderByteCount) + HashCommitment.byteCount
  }

  let baseOT: [UInt8]
  let seedCommitment: HashCommitment

  init(baseOT: [UInt8], seedCommitment: HashCommitment) {
    self.baseOT = baseOT
    self.seedCommitment = seedCommitment
  }

  var encoded: [UInt8] { baseOT + seedCommitment.digest.bytes }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      baseOT = try reader.raw(Self.byteLimit(in: context) - HashCommitment.byteCount)
      seedCommitment = HashCommitment(digest: try Digest32(bytes: reader.raw(HashCommitment.byteCount)))
      try reader.finish()
    } catch {
      throw MalformedMessage("base OT")
    }
  }
}

/// Round 2: the seed's opening, and from the lower party its tree and the extension that gives the base OTs of the
/// other direction.
struct ReversalMessage: RoundMessage {
  static var round: UInt8 { 2 }

  struct Extension: Sendable, Hashable {
    let tree: [UInt8]
    let message: OTExtensionMessage
  }

  private static let openingByteCount = ZeroSeed.contributionByteCount + HashCommitment.blindingByteCount

  static func byteLimit(in context: SessionContext) -> Int {
    openingByteCount
      + (context.isLower
        ? 0 : PuncturedTree.messageByteCount(.standard) + OTExtensionMessage.byteCount(.reversal))
  }

  let contribution: [UInt8]
  let blinding: [UInt8]
  let reversal: Extension?

  init(contribution: [UInt8], blinding: [UInt8], reversal: Extension?) {
    self.contribution = contribution
    self.blinding = blinding
    self.reversal = reversal
  }

  var encoded: [UInt8] {
    contribution + blinding + (reversal.map { $0.tree + $0.message.encoded } ?? [])
  }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      contribution = try reader.raw(ZeroSeed.contributionByteCount)
      blinding = try reader.raw(HashCommitment.blindingByteCount)
      if context.isLower {
        reversal = nil
      } else {
        let tree = try reader.raw(PuncturedTree.messageByteCount(.standard))
        let message = try OTExtensionMessage(
          encoded: reader.raw(OTExtensionMessage.byteCount(.reversal)), .reversal)
        reversal = Extension(tree: tree, message: message)
      }
      try reader.finish()
    } catch {
      throw MalformedMessage("reversal")
    }
  }
}

/// Round 3: the higher party's tree; nothing from the lower.
struct TreeMessage: RoundMessage {
  static var round: UInt8 { 3 }

  static func byteLimit(in context: SessionContext) -> Int {
    context.isLower ? PuncturedTree.messageByteCount(.standard) : 0
  }

  let tree: [UInt8]

  init(tree: [UInt8]) { self.tree = tree }

  var encoded: [UInt8] { tree }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    guard encoded.count == Self.byteLimit(in: context) else { throw MalformedMessage("tree") }
    tree = encoded
  }
}

/// Round 4: the set-up's id, said only by who has the set-up.
struct SetupConfirmation: RoundMessage {
  static var round: UInt8 { 4 }
  static func byteLimit(in context: SessionContext) -> Int { Digest32Kind.byteCount }

  let id: Digest32

  init(id: Digest32) { self.id = id }

  var encoded: [UInt8] { id.bytes }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    guard let id = try? Digest32(bytes: encoded) else { throw MalformedMessage("set-up id") }
    self.id = id
  }
}
