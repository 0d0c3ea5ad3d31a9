import Identifiers
public import Rounds
import SecretSharing
public import Secrets
import Transcripts

/// Makes a ``PairSetup`` between two parties, for both directions at once.
///
/// Base OTs are made for one direction; those of the other are extended OTs of the first (their roles are just the
/// reverse), which halves the price.
public enum PairSetupProtocol {
  public static func plan(in context: SessionContext) -> RoundPlan {
    RoundPlan(context).dealing(BaseOTMessage.self).dealing(ReversalMessage.self).dealing(TreeMessage.self)
      .dealing(SetupConfirmation.self)
  }

  /// - Parameters:
  ///   - session: of exactly the order's two parties.
  ///   - random: hedged in production.
  public static func run(
    _ order: PairSetupOrder, in session: ProtocolSession, random: consuming some RandomSource
  ) async throws(ProtocolAbort) -> PairSetup {
    let context = session.context
    guard context.parties.parties == [order.lower.party, order.higher.party] else {
      throw .internalFault("the session is not the order's")
    }
    // Moved into a variable that the closure can borrow.
    var source = random
    return try await session.run { () async throws(ProtocolAbort) -> PairSetup in
      context.isLower
        ? try await lower(order, session, &source) : try await higher(order, session, &source)
    }
  }

  /// Sends the base OTs, receives the reversal's.
  private static func lower(
    _ order: PairSetupOrder, _ session: ProtocolSession, _ random: inout some RandomSource
  ) async throws(ProtocolAbort) -> PairSetup {
    let exchange = SetupExchange(order, session)
    let there = exchange.label(sender: order.higher.party)
    let back = exchange.label(sender: order.lower.party)
    let seed = SeedContribution(exchange, from: &random)

    let base = EndemicOTSender(there, random: &random)
    let first = BaseOTMessage(baseOT: base.message, seedCommitment: seed.commitment)
    let firstReply = try await exchange.swap(first)
    guard let keys = try? base.finish(firstReply.baseOT) else { throw exchange.blame(1, "base OT") }
    let grown = PuncturedTree.grow(keys, there)
    let tree = grown.message
    let receiver = OTReceiverHalf(leaves: grown.takeLeaves())

    let delta = SecretBytes(count: OTParameters.columnByteCount, from: &random)
    let shape = ExtensionShape.reversal
    var choices = SecretWords(count: shape.columnWords, from: &random)
    choices.replacePrefix(with: PuncturedTree.choices(delta: delta))
    let extended = receiver.extend(
      choices: choices, shape, there, salt: random.bytes(OTExtensionMessage.saltByteCount))
    let reversal = ReversalMessage.Extension(tree: tree, message: extended.message)
    let run = MultiplicationRun(there, extended.message, senderSalt: [])
    let rows = extended.takeRows()
    var output = OTOutput(key: run.key)
    var chosen = SecretKeys(count: OTParameters.columnCount)
    for index in 0..<OTParameters.columnCount {
      chosen.set(index, to: output.key(index, rows[2 * index], rows[2 * index + 1]))
    }
    let second = seed.opening(with: reversal)
    let secondReply = try await exchange.swap(second)
    let zeroSeed = try seed.combined(with: secondReply, committedIn: firstReply)

    let third = TreeMessage(tree: [])
    let thirdReply = try await exchange.swap(third)
    guard let punctured = PuncturedTree.puncture(chosen, delta: delta, message: thirdReply.tree, back) else {
      throw exchange.blame(3, "tree")
    }
    return try await exchange.confirm(
      PairSecrets(sender: OTSenderHalf(delta: delta, leaves: punctured), receiver: receiver, zeroSeed: zeroSeed),
      transcript: [first.encoded, firstReply.encoded, reversal.tree, reversal.message.encoded, thirdReply.tree])
  }

  /// Receives the base OTs, sends the reversal's.
  private static func higher(
    _ order: PairSetupOrder, _ session: ProtocolSession, _ random: inout some RandomSource
  ) async throws(ProtocolAbort) -> PairSetup {
    let exchange = SetupExchange(order, session)
    let there = exchange.label(sender: order.higher.party)
    let back = exchange.label(sender: order.lower.party)
    let seed = SeedContribution(exchange, from: &random)

    let delta = SecretBytes(count: OTParameters.columnByteCount, from: &random)
    let base = EndemicOTReceiver(there, choices: PuncturedTree.choices(delta: delta), random: &random)
    let first = BaseOTMessage(baseOT: base.message, seedCommitment: seed.commitment)
    let firstReply = try await exchange.swap(first)
    guard let chosen = try? base.finish(firstReply.baseOT) else { throw exchange.blame(1, "base OT") }

    let secondReply = try await exchange.swap(seed.opening(with: nil))
    let zeroSeed = try seed.combined(with: secondReply, committedIn: firstReply)
    guard let reversal = secondReply.reversal else { throw .internalFault("a lower party's message without its half") }
    guard let punctured = PuncturedTree.puncture(chosen, delta: delta, message: reversal.tree, there) else {
      throw exchange.blame(2, "tree")
    }
    let sender = OTSenderHalf(delta: delta, leaves: punctured)
    guard let extended = sender.extend(reversal.message, .reversal, there) else {
      throw exchange.blame(2, "OT extension")
    }
    let run = MultiplicationRun(there, reversal.message, senderSalt: [])
    var output = OTOutput(key: run.key)
    var keys = SecretKeys(count: 2 * OTParameters.columnCount)
    for index in 0..<OTParameters.columnCount {
      let (low, high) = (extended.rows[2 * index], extended.rows[2 * index + 1])
      keys.set(2 * index, to: output.key(index, low, high))
      keys.set(2 * index + 1, to: output.key(index, low ^ extended.delta[0], high ^ extended.delta[1]))
    }
    let grown = PuncturedTree.grow(keys, back)
    let tree = grown.message
    _ = try await exchange.swap(TreeMessage(tree: tree))
    return try await exchange.confirm(
      PairSecrets(sender: sender, receiver: OTReceiverHalf(leaves: grown.takeLeaves()), zeroSeed: zeroSeed),
      transcript: [firstReply.encoded, first.encoded, reversal.tree, reversal.message.encoded, tree])
  }
}

/// The two-party exchange of a set-up.
struct SetupExchange {
  let order: PairSetupOrder
  let session: ProtocolSession

  init(_ order: PairSetupOrder, _ session: ProtocolSession) {
    self.order = order
    self.session = session
  }

  var me: PartyID { session.context.me }
  var peer: PartyID { me == order.lower.party ? order.higher.party : order.lower.party }

  func label(sender: PartyID) -> OTLabel {
    OTLabel(
      session: session.context.session, binding: order.binding, sender: sender,
      receiver: sender == order.lower.party ? order.higher.party : order.lower.party)
  }

  func swap<Message: RoundMessage>(_ message: Message) async throws(ProtocolAbort) -> Message {
    guard let reply = try await session.deal({ _ in message })[peer] else {
      throw .internalFault("the mailbox gave other parties than the session's")
    }
    return reply
  }

  func blame(_ round: UInt8, _ check: String) -> ProtocolAbort {
    .blamed([peer: .failedCheck(round: round, name: check)])
  }

  /// The set-up, once both ends are known to have one of the same id.
  func confirm(_ secrets: PairSecrets, transcript: [[UInt8]]) async throws(ProtocolAbort) -> PairSetup {
    let id = TaggedHash.sha256(
      .pairSetupTranscript, [session.context.session.bytes, order.binding.bytes] + transcript)
    guard try await swap(SetupConfirmation(id: id)).id == id else { throw blame(4, "set-up id") }
    return PairSetup(id: id, me: me, peer: peer, secrets: secrets)
  }
}

/// This party's part of the zero sharing's seed: committed to in round 1, opened in round 2.
struct SeedContribution: ~Copyable {
  let commitment: HashCommitment
  private let exchange: SetupExchange
  private let contribution: SecretBytes
  private let blinding: [UInt8]

  init(_ exchange: SetupExchange, from random: inout some RandomSource) {
    let contribution = SecretBytes(count: ZeroSeed.contributionByteCount, from: &random)
    let blinding = random.bytes(HashCommitment.blindingByteCount)
    commitment = HashCommitment(
      .zeroSharingCommitment, Self.fields(exchange, exchange.me, contribution.publicPrefix(contribution.count)),
      blinding: blinding)
    self.exchange = exchange
    self.contribution = contribution
    self.blinding = blinding
  }

  private static func fields(_ exchange: SetupExchange, _ party: PartyID, _ contribution: [UInt8]) -> [[UInt8]] {
    [
      exchange.session.context.session.bytes, exchange.order.binding.bytes,
      UInt64(party.value).bigEndianBytes, contribution,
    ]
  }

  func opening(with reversal: ReversalMessage.Extension?) -> ReversalMessage {
    ReversalMessage(
      contribution: contribution.publicPrefix(contribution.count), blinding: blinding, reversal: reversal)
  }

  func combined(
    with message: ReversalMessage, committedIn earlier: BaseOTMessage
  ) throws(ProtocolAbort) -> ZeroSeed {
    let fields = Self.fields(exchange, exchange.peer, message.contribution)
    guard earlier.seedCommitment.opens(.zeroSharingCommitment, to: fields, blinding: message.blinding) else {
      throw exchange.blame(2, "seed commitment")
    }
    let theirs = SecretBytes(copying: message.contribution)
    let binding = exchange.order.binding
    if exchange.me == exchange.order.lower.party { return ZeroSeed(binding, lower: contribution, higher: theirs) }
    return ZeroSeed(binding, lower: theirs, higher: contribution)
  }
}
