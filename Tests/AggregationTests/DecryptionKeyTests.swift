import Aggregation
import Curves
import PublicKeys
import SecretSharing
import Testing

@Suite struct DecryptionKeyTests {
  private let identity = Array("quorate-policy://some/thing".utf8)

  @Test(arguments: [(t: 2, n: 2), (2, 3), (3, 3), (3, 4), (2, 5), (4, 5), (5, 5)])
  func `any t of n shares give the same key, and more do no harm`(_ size: (t: Int, n: Int)) throws {
    let shared = try SharedDecryptionKey(t: size.t, n: size.n, seed: 1)
    let expected = shared.key(for: identity)
    let parties = Array(1...UInt16(size.n))
    for start in 0...(size.n - size.t) {
      let shares = try shared.shares(parties[start..<(start + size.t)].reversed(), for: identity)
      let key = try DecryptionKey(combining: shares, identity: identity, key: shared.publicKey)
      #expect(key.value == expected)
      #expect(key.culprits.isEmpty)
    }
    let all = try DecryptionKey(
      combining: shared.shares(parties, for: identity), identity: identity, key: shared.publicKey)
    #expect(all.value == expected)
  }

  @Test(arguments: [(t: 2, n: 2), (2, 3), (3, 4), (4, 5)])
  func `P35 t − 1 shares give nothing`(_ size: (t: Int, n: Int)) throws {
    let shared = try SharedDecryptionKey(t: size.t, n: size.n, seed: 2)
    let shares = try shared.shares(1..<UInt16(size.t), for: identity)
    #expect(throws: DecryptionFailure.tooFewShares(good: size.t - 1, needed: size.t, culprits: [])) {
      try DecryptionKey(combining: shares, identity: identity, key: shared.publicKey)
    }
    // Not even with software that takes t − 1 for enough.
    if size.t > 2 {
      let fewer = try SharedDecryptionKey(t: size.t - 1, n: size.n, seed: 2)
      #expect(throws: DecryptionFailure.self) {
        try DecryptionKey(combining: shares, identity: identity, key: fewer.publicKey)
      }
    }
  }

  @Test func `P30 wrong shares are named and the good ones still combine`() throws {
    let shared = try SharedDecryptionKey(t: 3, n: 5, seed: 3)
    let good = try shared.shares(1...5, for: identity)
    for guilty in 1..<(1 << 5) {
      let shares = good.enumerated().map { place, share in
        guard guilty & (1 << place) != 0 else { return share }
        // Errors that no Lagrange coefficients of small numbers make cancel out.
        let error = BLS12381G2.generator.multiplied(by: BLSScalar(1 << (8 * UInt64(place))))
        return DecryptionShare(party: share.party, value: share.value + error)
      }
      let culprits = good.enumerated().filter { guilty & (1 << $0.offset) != 0 }.map(\.element.party)
      if culprits.count > 2 {
        let failure = #expect(throws: DecryptionFailure.self) {
          try DecryptionKey(combining: shares, identity: identity, key: shared.publicKey)
        }
        #expect(failure == .tooFewShares(good: 5 - culprits.count, needed: 3, culprits: culprits))
        #expect(failure?.culprits == culprits)
      } else {
        let key = try DecryptionKey(combining: shares, identity: identity, key: shared.publicKey)
        #expect(key.value == shared.key(for: identity))
        // Whoever was not needed was not looked at.
        #expect(key.culprits == culprits || culprits.allSatisfy { $0.value > 3 } && key.culprits.isEmpty)
      }
    }
  }

  @Test func `P30 a share for another identity, of another member or of the identity element is wrong`() throws {
    let shared = try SharedDecryptionKey(t: 2, n: 3, seed: 4)
    let (first, second) = (try PartyID(1), try PartyID(2))
    let wrong = [
      try shared.share(of: 1, for: identity + [0]).value,
      try shared.share(of: 2, for: identity).value,
      .identity,
      -(try shared.share(of: 1, for: identity).value),
    ]
    for value in wrong {
      let shares = try [DecryptionShare(party: first, value: value)] + shared.shares([2, 3], for: identity)
      let key = try DecryptionKey(combining: shares, identity: identity, key: shared.publicKey)
      #expect(key.value == shared.key(for: identity))
      #expect(key.culprits == [first])
    }
    // Two errors that cancel out in the sum harm nobody: the key is verified, not the shares.
    let (λ1, λ2) = (
      try Lagrange.coefficient(first, in: PartySet([first, second]), group: BLS12381G2.self),
      try Lagrange.coefficient(second, in: PartySet([first, second]), group: BLS12381G2.self)
    )
    let error = BLS12381G2.generator
    let cancelling = [
      DecryptionShare(
        party: first, value: try shared.share(of: 1, for: identity).value + error.multiplied(by: λ2)),
      DecryptionShare(
        party: second, value: try shared.share(of: 2, for: identity).value - error.multiplied(by: λ1)),
      try shared.share(of: 3, for: identity),
    ]
    let key = try DecryptionKey(combining: cancelling, identity: identity, key: shared.publicKey)
    #expect(key.value == shared.key(for: identity))
  }

  @Test func `P32 a share is one canonical point of the subgroup, once per member`() throws {
    let shared = try SharedDecryptionKey(t: 2, n: 3, seed: 5)
    let share = try shared.share(of: 1, for: identity)
    #expect(try DecryptionShare(party: share.party, encoded: share.encoded) == share)
    let identityPoint = [UInt8](BLS12381G2.Element.identity.canonicalBytes)
    for encoded in [[], Array(share.encoded.dropLast()), share.encoded + [0], identityPoint, outsideSubgroup] {
      #expect(throws: DecryptionFailure.malformedShare(share.party)) {
        try DecryptionShare(party: share.party, encoded: encoded)
      }
    }
    #expect(throws: DecryptionFailure.duplicateShare(share.party)) {
      try DecryptionKey(combining: [share, share], identity: identity, key: shared.publicKey)
    }
    let stranger = DecryptionShare(party: try PartyID(4), value: share.value)
    #expect(throws: DecryptionFailure.unknownParty(stranger.party)) {
      try DecryptionKey(combining: [share, stranger], identity: identity, key: shared.publicKey)
    }
  }

  /// x = 2 in G2's field lies on the curve and not in the subgroup of prime order.
  private let outsideSubgroup: [UInt8] = {
    var bytes = [UInt8](repeating: 0, count: 96)
    bytes[0] = 0x80
    bytes[95] = 2
    return bytes
  }()
}
