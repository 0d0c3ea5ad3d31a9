import Aggregation
import Curves
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Testing

/// The attack of each test fails against the project's combiner and succeeds against one that leaves out a defence.
@Suite struct DecryptionControlTests {
  private let identity = Array("quorate-policy://some/thing".utf8)

  private enum Ending: Equatable {
    case key(BLS12381G2.Element, culprits: Set<PartyID>)
    case nothing(culprits: Set<PartyID>)
  }

  private typealias Combiner = ([DecryptionShare], SharedDecryptionKey) throws -> Ending

  private func careful(_ shares: [DecryptionShare], _ shared: SharedDecryptionKey) throws -> Ending {
    do throws(DecryptionFailure) {
      let key = try DecryptionKey(combining: shares, identity: identity, key: shared.publicKey)
      return .key(key.value, culprits: Set(key.culprits))
    } catch {
      return .nothing(culprits: Set(error.culprits))
    }
  }

  /// Interpolates the first `t` shares and asks no further.
  private func trusting(_ shares: [DecryptionShare], _ shared: SharedDecryptionKey) throws -> Ending {
    let chosen = shares.prefix(shared.publicKey.threshold.t)
    let values = Dictionary(chosen.map { ($0.party, $0.value) }) { first, _ in first }
    return .key(try Lagrange.interpolate(values, in: BLS12381G2.self), culprits: [])
  }

  /// Verifies the sum, and blames everybody who was part of a wrong one.
  private func hasty(_ shares: [DecryptionShare], _ shared: SharedDecryptionKey) throws -> Ending {
    guard case .key(let value, _) = try trusting(shares, shared), value != shared.key(for: identity) else {
      return try trusting(shares, shared)
    }
    return .nothing(culprits: Set(shares.prefix(shared.publicKey.threshold.t).map(\.party)))
  }

  /// Member 1 speaks last and gives the share that makes the sum a key of its own.
  private func chooseKey(_ combiner: Combiner) throws -> (ending: Ending, chosen: BLS12381G2.Element, Ending) {
    let shared = try SharedDecryptionKey(t: 3, n: 4, seed: 61)
    let chosen = DecryptionShare.point(of: identity).multiplied(by: BLSScalar(4242))
    let honest = try shared.shares(2...4, for: identity)
    let set = try PartySet([1, 2, 3].map { try PartyID($0) })
    let others = try honest.prefix(2).reduce(chosen) { rest, share in
      rest - share.value.multiplied(by: try Lagrange.coefficient(share.party, in: set, group: BLS12381G2.self))
    }
    let own = try Lagrange.coefficient(set[0], in: set, group: BLS12381G2.self).inverted()
    let rogue = DecryptionShare(party: set[0], value: others.multiplied(by: own))
    return (try combiner([rogue] + honest, shared), chosen, .key(shared.key(for: identity), culprits: [set[0]]))
  }

  @Test func `P30 N a combiner that does not verify takes a key the last member chose`() throws {
    let (real, _, expected) = try chooseKey(careful)
    #expect(real == expected)
    let (naive, chosen, _) = try chooseKey(trusting)
    #expect(naive == .key(chosen, culprits: []))
  }

  /// Member 1 gives the share of an identity it was asked for earlier.
  private func replay(_ combiner: Combiner) throws -> Ending {
    let shared = try SharedDecryptionKey(t: 3, n: 4, seed: 62)
    let old = try shared.share(of: 1, for: Array("quorate-policy://an/earlier".utf8))
    return try combiner([old] + shared.shares(2...4, for: identity), shared)
  }

  @Test func `P8 P41 N whoever blames everybody in a wrong sum blames honest members for a replayed share`() throws {
    let shared = try SharedDecryptionKey(t: 3, n: 4, seed: 62)
    #expect(try replay(careful) == .key(shared.key(for: identity), culprits: [try PartyID(1)]))
    guard case .nothing(let culprits) = try replay(hasty) else {
      Issue.record("noticed")
      return
    }
    #expect(culprits == Set(try [1, 2, 3].map { try PartyID($0) }))
  }

  @Test(arguments: 2...7)
  func `P40 any n − t members may be silent, and one more leaves nothing but a count`(n: Int) throws {
    let t = try Threshold.twoThirds(of: max(n, 2)).t
    let shared = try SharedDecryptionKey(t: t, n: n, seed: UInt64(n))
    let all = try shared.shares(1...UInt16(n), for: identity)
    var random = SeededRandom(seed: UInt64(n))
    for _ in 0..<8 {
      let answering = Array(all.shuffled(using: &random).prefix(t))
      #expect(try careful(answering, shared) == .key(shared.key(for: identity), culprits: []))
      #expect(throws: DecryptionFailure.tooFewShares(good: t - 1, needed: t, culprits: [])) {
        try DecryptionKey(combining: Array(answering.dropLast()), identity: identity, key: shared.publicKey)
      }
    }
  }

  /// What the members that are left can do: the first `t − 1` shares, interpolated.
  private func interpolateTooFew(t: Int, n: Int, sharedWith degree: Int) throws -> Bool {
    let shared = try SharedDecryptionKey(t: degree, n: n, seed: UInt64(10 * t + n))
    let shares = try shared.shares(1...UInt16(t - 1), for: identity)
    let values = Dictionary(shares.map { ($0.party, $0.value) }) { first, _ in first }
    return try Lagrange.interpolate(values, in: BLS12381G2.self) == shared.key(for: identity)
  }

  @Test func `P35 N with one coefficient too few t − 1 shares are the key, for all sizes up to seven`() throws {
    for n in 3...7 {
      for t in 3...n {
        #expect(try !interpolateTooFew(t: t, n: n, sharedWith: t))
        #expect(try interpolateTooFew(t: t, n: n, sharedWith: t - 1))
      }
    }
  }

  @Test func `P32 N without the check for the identity anybody's nothing is a share of a key of nothing`() throws {
    let nothing = BLS12381G2.Element.identity
    let point = DecryptionShare.point(of: identity)
    // The pairing equation alone holds.
    #expect(BLS12381.pairingsEqual(BLS12381G1.generator, nothing, .identity, point))
    #expect(throws: DecryptionFailure.malformedShare(try PartyID(1))) {
      try DecryptionShare(party: PartyID(1), encoded: nothing.canonicalBytes)
    }
    #expect(throws: CurveError.self) {
      try BLS12381G1.Element(canonicalBytes: BLS12381G1.Element.identity.canonicalBytes)
    }
  }
}
