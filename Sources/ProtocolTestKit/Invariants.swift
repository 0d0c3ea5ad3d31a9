public import Rounds
public import SecretSharing
import Secrets

/// What must hold after every simulated run, whatever corrupted parties did. Numbers are those of the list of attacks.
///
/// One value watches all runs of a sweep: that a nonce is used once can only be seen across runs.
public struct Invariants: Sendable {
  public enum Violation: Sendable, Hashable {
    /// (i) Honest parties ended one session with this many different public keys.
    case publicKeys(Int)
    /// (iii) The party answered two transcripts under one nonce commitment.
    case nonceReused(PartyID)
    /// (iv) The party stopped and names nobody, or it is our bug.
    case nobodyNamed(by: PartyID, ProtocolAbort)
    /// (iv) The party stopped and names honest ones, or sets of honest ones only.
    case honestNamed(by: PartyID, ProtocolAbort)
    /// (v) So many secrets were left over, or wiped though they belong to results.
    case secretsLeft(Int)
    /// (vi) A finished signature does not verify.
    case invalidSignature
  }

  /// What one party ended with.
  public struct Ending: Sendable {
    public let abort: ProtocolAbort?
    /// The public keys it ended with, where a protocol makes keys, in an encoding that two parties can be compared by.
    public let publicKey: [UInt8]?
    /// Its own nonce commitments and what it answered under them, where a protocol has nonces.
    public let nonces: [[UInt8]]
    public let transcript: [UInt8]
    /// How many secrets the result holds by right.
    public let secretCount: Int

    public init(
      abort: ProtocolAbort? = nil, publicKey: [UInt8]? = nil, nonces: [[UInt8]] = [], transcript: [UInt8] = [],
      secretCount: Int = 0
    ) {
      self.abort = abort
      self.publicKey = publicKey
      self.nonces = nonces
      self.transcript = transcript
      self.secretCount = secretCount
    }
  }

  public private(set) var violations: [Violation] = []
  private var transcripts: [[UInt8]: [UInt8]] = [:]

  public init() {}

  /// Runs something, counting the secrets it leaves.
  ///
  /// Release builds do not count: `livingSecrets` is nil there.
  public static func run<Result>(_ body: () throws -> Result) rethrows -> (result: Result, livingSecrets: Int?) {
    #if DEBUG
      let count = SecretCount()
      let result = try count.counting(body)
      return (result, count.living)
    #else
      return (try body(), nil)
    #endif
  }

  /// - Parameters:
  ///   - endings: of every party, the corrupted included.
  ///   - livingSecrets: as ``run(_:)`` counted.
  public mutating func check(_ endings: [PartyID: Ending], corrupted: Set<PartyID>, livingSecrets: Int?) {
    let honest = endings.filter { !corrupted.contains($0.key) }.sorted { $0.key < $1.key }
    let keys = Set(honest.compactMap(\.value.publicKey))
    if keys.count > 1 { violations.append(.publicKeys(keys.count)) }
    for (party, ending) in honest {
      for nonce in ending.nonces
      where transcripts.updateValue(ending.transcript, forKey: nonce).map({ $0 != ending.transcript }) == true {
        violations.append(.nonceReused(party))
      }
      if let abort = ending.abort { check(abort, by: party, corrupted) }
    }
    let left = (livingSecrets ?? 0) - endings.values.reduce(0) { $0 + $1.secretCount }
    if livingSecrets != nil, left != 0 { violations.append(.secretsLeft(left)) }
  }

  public mutating func checkSignature(isValid: Bool) {
    if !isValid { violations.append(.invalidSignature) }
  }

  private mutating func check(_ abort: ProtocolAbort, by party: PartyID, _ corrupted: Set<PartyID>) {
    let suspects: [PartySet] =
      switch abort {
      case .blamed(let faults): faults.keys.compactMap { try? PartySet([$0]) }
      case .missing(_, let parties): parties.compactMap { try? PartySet([$0]) }
      case .disagreement(let sets): sets
      // One of the two was asked something else, or is dishonest.
      case .sessionMismatch(let parties): parties.compactMap { try? PartySet([party, $0]) }
      case .cancelled, .internalFault: []
      }
    if suspects.isEmpty {
      violations.append(.nobodyNamed(by: party, abort))
    } else if suspects.contains(where: { corrupted.isDisjoint(with: $0) }) {
      violations.append(.honestNamed(by: party, abort))
    }
  }
}
