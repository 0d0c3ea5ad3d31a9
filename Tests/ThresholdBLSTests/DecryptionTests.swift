import Aggregation
import Curves
import Identifiers
import IdentityEncryption
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Secrets
import Testing
import ThresholdBLS

@Suite struct DecryptionTests {
  private let identity = Array("quorate-policy://of/data".utf8)

  @Test(arguments: [(t: 2, n: 2), (2, 3), (3, 4), (4, 5)])
  func `t members open what was encrypted to an identity`(_ size: (t: Int, n: Int)) throws {
    let network = try Network(t: size.t, n: size.n, seed: 1)
    var random = SeededRandom(seed: 2)
    let dataKey = SecretBytes(copying: random.bytes(32))
    let ciphertext = try IdentityEncryption.encrypt(
      dataKey, to: identity, under: network.key.publicKey, from: &random)

    let shares = try network.shares(of: identity, by: (1...UInt16(size.n)).suffix(size.t))
    for share in shares {
      #expect(share.value == DecryptionShare.point(of: identity).multiplied(by: network.scalar(of: share.party)))
    }
    let key = try DecryptionKey(combining: shares, identity: identity, key: network.key)
    let opened = try key.open(ciphertext)
    let isTheDataKey = opened.isEqual(to: dataKey)
    #expect(isTheDataKey)
    try leave(key, shares, of: network, as: "bls-\(size.t)-of-\(size.n)")

    let other = try DecryptionKey(
      combining: network.shares(of: identity + [0], by: 1...UInt16(size.t)), identity: identity + [0],
      key: network.key)
    #expect(throws: IdentityEncryptionError.doesNotOpen) { _ = try other.open(ciphertext) }
  }

  @Test func `P29 the unverified sum of t shares opens a ciphertext, and with a wrong share opens nothing`() throws {
    let network = try Network(t: 3, n: 4, seed: 5)
    var random = SeededRandom(seed: 6)
    let dataKey = SecretBytes(copying: random.bytes(32))
    let ciphertext = try IdentityEncryption.encrypt(
      dataKey, to: identity, under: network.key.publicKey, from: &random)
    let shares = try network.shares(of: identity, by: 1...4)

    let sum = try UnverifiedDecryptionKey(combining: shares, for: network.key)
    let opened = try IdentityEncryption.open(ciphertext, with: sum.value)
    let isTheDataKey = opened.isEqual(to: dataKey)
    #expect(isTheDataKey)
    #expect(sum.value == (try DecryptionKey(combining: shares, identity: identity, key: network.key)).value)
    #expect("\(sum)" == "UnverifiedDecryptionKey")

    for place in 0..<3 {
      var altered = shares
      altered[place] = DecryptionShare(
        party: shares[place].party, value: shares[place].value + BLS12381G2.generator)
      let wrong = try UnverifiedDecryptionKey(combining: altered, for: network.key)
      #expect(throws: IdentityEncryptionError.doesNotOpen) {
        _ = try IdentityEncryption.open(ciphertext, with: wrong.value)
      }
    }
    #expect(throws: DecryptionFailure.tooFewShares(good: 2, needed: 3, culprits: [])) {
      try UnverifiedDecryptionKey(combining: Array(shares.prefix(2)), for: network.key)
    }
    #expect(throws: DecryptionFailure.duplicateShare(try PartyID(1))) {
      try UnverifiedDecryptionKey(combining: Array(shares.prefix(3)) + [shares[0]], for: network.key)
    }
  }

  private func leave(_ key: DecryptionKey, _ shares: [DecryptionShare], of network: Network, as name: String) throws {
    let records: [[String: any Sendable]] = try shares.map { share in
      [
        "party": Int(share.party.value), "value": Hex.encode(share.encoded),
        "verifyingShare": Hex.encode(try network.key.verifyingShare(of: share.party).canonicalBytes),
      ]
    }
    let record: [String: any Sendable] = [
      "check": "bls", "publicKey": Hex.encode(network.key.publicKey.canonicalBytes), "identity": Hex.encode(identity),
      "shares": records, "combined": Hex.encode(key.value.canonicalBytes),
    ]
    try IndependentOutput.leave([record], as: name)
  }

  @Test func `K5 shares of two epochs' keys do not combine`() throws {
    let (old, new) = (try Network(t: 3, n: 4, seed: 3), try Network(t: 3, n: 4, seed: 4))
    let shares = try old.shares(of: identity, by: 1...2) + new.shares(of: identity, by: 3...3)
    let culprits = [try PartyID(1), try PartyID(2)]
    #expect(throws: DecryptionFailure.tooFewShares(good: 1, needed: 3, culprits: culprits)) {
      try DecryptionKey(combining: shares, identity: identity, key: new.key)
    }
  }
}

/// The secret side of one encryption key.
private struct Network {
  let key: DerivedPublicKey<BLS12381G1>
  private let coefficients: [BLSScalar]

  init(t: Int, n: Int, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let coefficients = try (0..<t).map { _ in try BLS12381G1.scalar(reducingWide: random.bytes(64)) }
    let threshold = try Threshold(t: t, n: n)
    let root = try FeldmanCommitment<BLS12381G1>(
      elements: coefficients.map { BLS12381G1.generator.multiplied(by: $0) }, threshold)
    key = try DerivedPublicKey(.bls12381IBE, roots: [root], weights: [.one], threshold: threshold)
    self.coefficients = coefficients
  }

  func scalar(of party: PartyID) -> BLSScalar {
    let x = party.coordinate(in: BLS12381G1.self)
    return coefficients.reversed().reduce(.zero) { $0 * x + $1 }
  }

  func shares(of identity: [UInt8], by parties: some Sequence<UInt16>) throws -> [DecryptionShare] {
    try parties.map { number in
      let party = try PartyID(number)
      let share = SecretShare<BLS12381G1>(party: party, value: SecretScalar(scalar(of: party)))
      return DecryptionShare(identity: identity, share: share)
    }
  }
}
