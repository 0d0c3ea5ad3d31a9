internal import Identifiers
internal import KeyGeneration
internal import ProtocolTestKit
internal import PublicKeys
internal import Rounds
internal import SecretSharing
internal import Secrets
internal import Signatures

/// The outcome of one key generation among `n` members, all of them in this process.
struct GeneratedKeys {
  let certificate: KeyCertificate
  /// In order of parties.
  let shares: [KeyShares]
  let bytesPerParty: Int

  private final class Kept: Sendable {
    let value: PendingKeyShares
    init(_ value: consuming PendingKeyShares) { self.value = value }
  }

  init(members count: Int, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var entries: [(node: NodeID, key: Ed25519SigningKey)] = []
    for _ in 0..<count {
      entries.append((try NodeID(bytes: random.bytes(20)), Ed25519SigningKey(from: &random)))
    }
    entries.sort { $0.node < $1.node }
    let members = try CertifiedMember.numbered(entries.map { (node: $0.node, identityKey: $0.key.publicKey) })
    let network = try NetworkID(bytes: random.bytes(32))
    let session = try SessionID(bytes: random.bytes(32))
    var orders: [PartyID: KeyGenerationOrder] = [:]
    for member in members {
      orders[member.party] = try KeyGenerationOrder(
        session: session, network: network, epoch: 1, members: members, node: member.node)
    }
    let result = Simulation(seed: seed).run(orders.mapValues { $0.makeMailbox() }) {
      [orders] party, mailbox, transport -> Kept? in
      guard let order = orders[party] else { return nil }
      var random = SystemRandom()
      return try? await Kept(generateKeys(order, mailbox: mailbox, transport: transport, random: &random))
    }
    guard let result, let body = result.outcomes.values.compactMap({ $0?.value.body }).first else {
      throw BenchmarkFailure.keyGeneration
    }
    var signatures = CertificateSignatures(body)
    for (member, entry) in zip(members, entries) {
      _ = signatures.add(entry.key.sign(body.messageToSign), of: member.party)
    }
    let certificate = try signatures.certificate()
    self.certificate = certificate
    shares = try members.map { member in
      guard let kept = result.outcomes[member.party] ?? nil else { throw BenchmarkFailure.keyGeneration }
      return try PendingKeyShares(encoded: kept.value.encoded()).activated(by: certificate)
    }
    bytesPerParty = result.sent.reduce(0) { $0 + $1.envelope.encoded.count } / count
  }
}
