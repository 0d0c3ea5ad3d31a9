internal import Aggregation
internal import Curves
internal import IdentityEncryption
internal import Identifiers
internal import KeyGeneration
internal import PublicKeys
internal import SecretSharing
internal import Secrets
internal import Signatures
internal import ThresholdBLS
internal import ThresholdSchnorr

/// What one party pays for each protocol, all parties in this process.
enum ProtocolRows {
  static func rows(t: Int, n: Int) throws -> [Row] {
    var keys = try GeneratedKeys(members: n, seed: 1)
    var seed: UInt64 = 2
    let time = try Stopwatch.measure(budget: .seconds(3)) {
      keys = try GeneratedKeys(members: n, seed: seed)
      seed += 1
    }
    var rows = [
      Row(
        op: "key generation, all purposes", n: n, t: t, wallMedian: time.wallMilliseconds,
        cpuPerParty: time.cpuMilliseconds / Double(n), bytesPerParty: keys.bytesPerParty, rounds: 5,
        note: "certificate signatures included; wall time is all parties on one thread")
    ]
    rows += try signing(FROSTEd25519.self, keys)
    rows += try signing(FROSTRistretto255.self, keys)
    rows += try signing(FROSTSecp256k1.self, keys)
    rows += try signing(FROSTSecp256k1Taproot.self, keys)
    rows += try decryption(keys)
    return rows
  }

  private static func signing<S: CertifiedSchnorrSuite>(_: S.Type, _ keys: GeneratedKeys) throws -> [Row] {
    var random = SystemRandom()
    let (t, n) = (keys.certificate.threshold.t, keys.certificate.threshold.n)
    let keyID = try KeyID(bytes: random.bytes(32))
    let key: DerivedPublicKey<S.Group> = try keys.certificate.derivedKey(for: S.self, keyID: keyID)
    let quorum = try PartySet((1...UInt16(t)).map { try PartyID($0) })
    let message = random.bytes(32)
    let order = try SigningOrder<S>(message: message, key: key, quorum: quorum)
    let others = try keys.shares.prefix(t).dropFirst().map { member in
      try SigningNonces(for: order, share: member.derivedShare(S.purpose, keyID: keyID), random: &random).commitments
    }
    guard let first = keys.shares.first else { throw BenchmarkFailure.signing }
    let signer = try Stopwatch.measure {
      let nonces = try SigningNonces(
        for: order, share: first.derivedShare(S.purpose, keyID: keyID), random: &random)
      let received = try others.map { try SigningCommitments<S>(party: $0.party, encoded: $0.encoded) }
      let list = try CommitmentList([nonces.commitments] + received, quorum: quorum)
      _ = try nonces.sign(list)
    }
    let (list, shares) = try completeRun(order, keys, keyID: keyID, &random)
    let user = try Stopwatch.measure {
      let transcript = try SigningTranscript<S>(publicKey: key.publicKey, message: message, commitments: list)
      _ = try transcript.aggregate(shares, key: key)
    }
    let bytes = SigningCommitments<S>.encodedByteCount * (t - 1)
    let name = "FROST \(S.purpose.rawValue)"
    return [
      Row(
        op: "\(name), signer", n: n, t: t, wallMedian: signer.wallMilliseconds, cpuPerParty: signer.cpuMilliseconds,
        bytesPerParty: bytes, rounds: 1, note: "share derivation and decoding of commitments included",
        references: ["\(S.Group.name) multiplication"],
        bound: Row.Bound(parts: [(Double(3 + 2 * (t - 1)), "\(S.Group.name) multiplication")])),
      Row(
        op: "\(name), user", n: n, t: t, wallMedian: user.wallMilliseconds, cpuPerParty: user.cpuMilliseconds,
        bytesPerParty: 0, rounds: 0, note: "aggregate and verify", references: ["\(S.Group.name) multiplication"]),
    ]
  }

  private static func completeRun<S: CertifiedSchnorrSuite>(
    _ order: SigningOrder<S>, _ keys: GeneratedKeys, keyID: KeyID, _ random: inout SystemRandom
  ) throws -> (CommitmentList<S>, [SignatureShare<S>]) {
    let signers = try keys.shares.prefix(order.quorum.count).map { member in
      HeldNonces(try SigningNonces(for: order, share: member.derivedShare(S.purpose, keyID: keyID), random: &random))
    }
    var commitments: [SigningCommitments<S>] = []
    for signer in signers {
      if let own = signer.nonces?.commitments { commitments.append(own) }
    }
    let list = try CommitmentList(commitments, quorum: order.quorum)
    let shares = try signers.map { signer in
      guard let nonces = signer.nonces.take() else { throw BenchmarkFailure.signing }
      return try nonces.sign(list).share
    }
    return (list, shares)
  }

  private static func decryption(_ keys: GeneratedKeys) throws -> [Row] {
    var random = SystemRandom()
    let (t, n) = (keys.certificate.threshold.t, keys.certificate.threshold.n)
    let identity = [UInt8]("quorate-policy://benchmark".utf8)
    let key = try keys.certificate.encryptionKey()
    guard let first = keys.shares.first else { throw BenchmarkFailure.signing }
    let member = try Stopwatch.measure {
      _ = try DecryptionShare(identity: identity, share: first.encryptionShare()).encoded
    }
    let encoded = try keys.shares.prefix(t).map { member in
      let share = try DecryptionShare(identity: identity, share: member.encryptionShare())
      return (share.party, share.encoded)
    }
    let dataKey = SecretBytes(count: 32, from: &random)
    let ciphertext = try IdentityEncryption.encrypt(dataKey, to: identity, under: key.publicKey, from: &random)
    let user = try Stopwatch.measure {
      let shares = try encoded.map { try DecryptionShare(party: $0.0, encoded: $0.1) }
      let sum = try UnverifiedDecryptionKey(combining: shares, for: key)
      _ = try IdentityEncryption.open(ciphertext, with: sum.value)
    }
    return [
      Row(
        op: "decryption share", n: n, t: t, wallMedian: member.wallMilliseconds, cpuPerParty: member.cpuMilliseconds,
        bytesPerParty: 96, rounds: 0, note: "hash to G2, one multiplication",
        references: ["hash to G2", "bls12381-g2 multiplication"],
        bound: Row.Bound(factor: 1.2, parts: [(1, "hash to G2"), (1, "bls12381-g2 multiplication")])),
      Row(
        op: "combine and decrypt, user", n: n, t: t, wallMedian: user.wallMilliseconds,
        cpuPerParty: user.cpuMilliseconds, bytesPerParty: 0, rounds: 0, note: "opening verifies the key",
        references: ["pairing"],
        bound: Row.Bound(
          factor: 1.3,
          parts: [
            (Double(t), "G2 decoding"), (1, ReferenceOperations.linearCombination(of: t)), (1, "pairing"),
            (1, "bls12381-g1 base multiplication"),
          ])),
    ]
  }
}

/// Noncopyable nonces where a collection needs copyable elements.
private final class HeldNonces<S: SchnorrCiphersuite> {
  var nonces: SigningNonces<S>?
  init(_ nonces: consuming SigningNonces<S>) { self.nonces = consume nonces }
}
