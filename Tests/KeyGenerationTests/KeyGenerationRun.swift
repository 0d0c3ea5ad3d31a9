import Identifiers
import KeyGeneration
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Signatures
import Testing
import Transcripts

/// One simulated key generation among n members.
struct KeyGenerationRun {
  /// What one member ended with.
  enum Outcome: Sendable {
    case keys(Kept)
    case aborted(ProtocolAbort)

    var body: KeyCertificateBody? {
      guard case .keys(let kept) = self else { return nil }
      return kept.shares.body
    }

    var abort: ProtocolAbort? {
      guard case .aborted(let abort) = self else { return nil }
      return abort
    }

    var ending: Invariants.Ending {
      switch self {
      case .keys(let kept): Invariants.Ending(publicKey: kept.shares.body.digest.bytes, secretCount: 1)
      case .aborted(let abort): Invariants.Ending(abort: abort)
      }
    }
  }

  /// Holds noncopyable shares where an outcome has to be copyable.
  final class Kept: Sendable {
    let shares: PendingKeyShares
    init(_ shares: consuming PendingKeyShares) { self.shares = shares }
  }

  typealias Result = Simulation.Result<Outcome>
  typealias Corruption =
    @Sendable (KeyGenerationOrder, Mailbox, SimulatedTransport, SeededRandom) async throws(ProtocolAbort)
    -> PendingKeyShares

  let count: Int
  let seed: UInt64
  let identityKeys: [Ed25519SigningKey]
  let members: [CertifiedMember]
  let network: NetworkID
  let session: SessionID

  init(_ count: Int, seed: UInt64) throws {
    self.count = count
    self.seed = seed
    var random = SeededRandom(seed: seed &* 7919 &+ 13)
    var keys: [Ed25519SigningKey] = []
    for _ in 0..<count { keys.append(Ed25519SigningKey(from: &random)) }
    var entries: [(node: NodeID, key: Ed25519SigningKey)] = []
    for key in keys { entries.append((try NodeID(bytes: random.bytes(20)), key)) }
    entries.sort { $0.node < $1.node }
    identityKeys = entries.map(\.key)
    members = try CertifiedMember.numbered(entries.map { (node: $0.node, identityKey: $0.key.publicKey) })
    network = try NetworkID(bytes: random.bytes(32))
    session = try SessionID(bytes: random.bytes(32))
  }

  func order(_ party: PartyID) throws -> KeyGenerationOrder {
    try KeyGenerationOrder(
      session: session, network: network, epoch: 1, members: members, node: members[Int(party.value) - 1].node)
  }

  /// Runs it and checks what must hold after every run.
  ///
  /// - Parameter corruptions: what corrupted members run instead; others of `corrupted` run the protocol and leave the
  ///   rest to the adversary.
  func run(
    corrupted: Set<PartyID> = [], adversary: some Adversary = HonestNetwork(), corruptions: [PartyID: Corruption] = [:]
  ) throws -> Result? {
    let (result, livingSecrets) = try Invariants.run {
      try simulate(corrupted: corrupted, adversary: adversary, corruptions: corruptions)
    }
    guard let result else { return nil }
    var invariants = Invariants()
    invariants.check(
      result.outcomes.mapValues(\.ending), corrupted: corrupted.union(corruptions.keys), livingSecrets: livingSecrets)
    for violation in invariants.violations { Issue.record("seed \(seed): \(violation)") }
    return result
  }

  /// Runs it and leaves it to the caller what to make of the outcome: for controls, which run weakened members.
  ///
  /// - Parameter weakened: what honest members run instead.
  func simulate(
    corrupted: Set<PartyID> = [], adversary: some Adversary = HonestNetwork(), corruptions: [PartyID: Corruption] = [:],
    weakened: [PartyID: Corruption] = [:], hasDeadline: Bool = true
  ) throws -> Result? {
    var orders: [PartyID: KeyGenerationOrder] = [:]
    for member in members { orders[member.party] = try order(member.party) }
    let seed = seed
    let simulation = Simulation(
      seed: seed, corrupted: corrupted.union(corruptions.keys), hasDeadline: hasDeadline)
    return simulation.run(orders.mapValues { $0.makeMailbox() }, adversary: adversary) {
      [orders] party, mailbox, transport in
      guard let order = orders[party] else { return .aborted(.internalFault("no order")) }
      var random = SeededRandom(seed: seed).split(UInt64(party.value))
      do throws(ProtocolAbort) {
        if let corruption = corruptions[party] ?? weakened[party] {
          return .keys(Kept(try await corruption(order, mailbox, transport, random)))
        }
        return .keys(
          Kept(try await generateKeys(order, mailbox: mailbox, transport: transport, random: &random)))
      } catch {
        return .aborted(error)
      }
    }
  }
}

func party(_ value: UInt16) throws -> PartyID { try PartyID(value) }

extension KeyGenerationRun.Result {
  /// What must hold after every run, whatever corrupted members do: at most one certificate body, and every abort names
  /// somebody who deserves it and nobody who does not.
  func violations(corrupted: Set<PartyID>) -> [String] {
    var violations: [String] = []
    let honest = outcomes.filter { !corrupted.contains($0.key) }
    if Set(honest.values.compactMap { $0.body?.digest }).count > 1 { violations.append("two certificate bodies") }
    for (party, outcome) in honest {
      guard let abort = outcome.abort else { continue }
      if !abort.namesOnly(corrupted) { violations.append("\(party) ended with \(abort)") }
    }
    return violations
  }

  var abortedCount: Int { outcomes.values.filter { $0.abort != nil }.count }
}

extension ProtocolAbort {
  func namesOnly(_ corrupted: Set<PartyID>) -> Bool {
    switch self {
    case .blamed(let faults): !faults.isEmpty && corrupted.isSuperset(of: faults.keys)
    case .missing(_, let parties): !parties.isEmpty && corrupted.isSuperset(of: parties)
    case .disagreement(let sets): !sets.isEmpty && sets.allSatisfy { !corrupted.isDisjoint(with: $0) }
    // Key generation has no state before it that members could differ in.
    case .sessionMismatch, .cancelled, .internalFault: false
    }
  }
}
