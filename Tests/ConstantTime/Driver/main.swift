import Aggregation
import CValgrind
import Curves
import Identifiers
import ProtocolTestKit
@testable import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Signatures
import ThresholdECDSA

#if canImport(Glibc)
  import Glibc
#endif

// A set-up and a signature by two parties whose secrets valgrind takes for uninitialised memory: it then reports every
// branch and every address that depends on one. Run by scripts/check-constant-time-signing.

guard is_under_valgrind() != 0 else {
  print("this program measures nothing outside valgrind: use scripts/check-constant-time-signing")
  exit(2)
}

// That the method sees anything: a table read at a secret place. Its report is the first of the run.
var random = SeededRandom(seed: 1)
let table = random.bytes(256)
let found = table[Int(made(secret: random.bytes(1))[0])]
guard report_count() > 0, made(public: [found]).count == 1 else {
  print("valgrind does not report what it should")
  exit(2)
}

let threshold = try Threshold(t: 2, n: 2)
let parties = PartySet(allOf: threshold)
let polynomials = (0..<KeyPurpose.secp256k1ECDSA.rootCount).map { _ in
  [Secp256k1.Scalar(random.next()), Secp256k1.Scalar(random.next())]
}
let weights = try KeyDerivation.weights(KeyID(bytes: random.bytes(32)), .secp256k1ECDSA, in: Secp256k1.self)
let key = try DerivedPublicKey<Secp256k1>(
  .secp256k1ECDSA,
  roots: polynomials.map {
    try FeldmanCommitment(elements: $0.map { Secp256k1.generator.multiplied(by: $0) }, threshold)
  }, weights: weights, threshold: threshold)

@Sendable func share(of party: PartyID) throws -> SecretShare<Secp256k1> {
  let x = party.coordinate(in: Secp256k1.self)
  let value = zip(polynomials, weights).reduce(Secp256k1.Scalar.zero) { $0 + $1.1 * ($1.0[0] + $1.0[1] * x) }
  return try SecretShare(party: party, canonicalBytes: SecretBytes(copying: made(secret: value.canonicalBytes)))
}

/// On one thread: valgrind does not get along with the threads of Swift's own executor.
func run<Output: Sendable>(
  _ session: SessionID, _ plan: (SessionContext) -> RoundPlan,
  _ body: @escaping @Sendable (PartyID, ProtocolSession) async throws -> Output
) throws -> [PartyID: Output] {
  var contexts: [PartyID: SessionContext] = [:]
  for party in parties {
    contexts[party] = try SessionContext(session: session, me: party, parties: parties, threshold: threshold)
  }
  let mailboxes = contexts.mapValues { Mailbox($0, plan($0)) }
  let result = Simulation(seed: 1).run(mailboxes) { [contexts] party, mailbox, transport in
    guard let context = contexts[party] else { return Result<Output, any Error>.failure(CannotRun()) }
    do {
      return .success(
        try await body(party, ProtocolSession(context, mailbox: mailbox, transport: Link(transport: transport))))
    } catch {
      return .failure(error)
    }
  }
  guard let result else { throw CannotRun() }
  return try result.outcomes.mapValues { try $0.get() }
}

struct CannotRun: Error {}

func report(_ phase: String, since count: UInt32) {
  print("\(phase): \(report_count() - count) reports")
}

let ends = try parties.map { party in
  PairSetupOrder.End(
    party: party, node: try NodeID(bytes: random.bytes(20)), instance: try Instance(bytes: random.bytes(32)))
}
let setupOrder = try PairSetupOrder(epoch: 1, ends[0], ends[1])
var count = report_count()
let setups = try run(SessionID(bytes: random.bytes(32)), PairSetupProtocol.plan) { party, session in
  // The lower end's choices for the reversal have 32 bytes, after two public draws of that size.
  try await PairSetupProtocol.run(
    setupOrder, in: session,
    random: TaintedRandom(seed: UInt64(party.value), secretDraws: party == setupOrder.lower.party ? [2] : []))
}
report("set-up", since: count)

let digest = try Digest32(bytes: random.bytes(32))
let order = try ECDSASigningOrder(digest: digest, key: key, quorum: parties, agreement: .zero)
count = report_count()
let contributions = try run(SessionID(bytes: random.bytes(32)), ECDSASigningProtocol.plan) { party, session in
  let held = setups.filter { $0.key == party }.map { ($1.peer, $1) }
  let contribution = try await ECDSASigningProtocol.sign(
    order, share: try share(of: party), setups: Dictionary(uniqueKeysWithValues: held), in: session,
    random: TaintedRandom(seed: 100 + UInt64(party.value)))
  return made(public: contribution.encoded)
}
report("signature", since: count)
let signature = try ECDSACombination(digest: digest, key: key, quorum: parties)
  .combine(contributions.mapValues { try ECDSAContribution(encoded: $0) })
print("signed: \(signature.compact.count) bytes")
