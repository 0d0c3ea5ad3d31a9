#if os(Linux)
  import Aggregation
  import Curves
  import Identifiers
  import ProtocolTestKit
  import PublicKeys
  import Rounds
  import SecretSharing
  import Secrets
  import Signatures
  import Testing
  import ThresholdBLS
  import ThresholdSchnorr

  @testable import KeyGeneration

  /// A key generation of three members, a FROST signature and decryption shares, in a process of their own whose memory
  /// is then searched for everything that was secret.
  @Suite struct SecretLifetimeTests {
    @Test func `P38 after key generation, signing and decrypting no share or nonce is left in memory`() async {
      await #expect(processExitsWith: .success) {
        let search = MemorySearch()
        try SecretLifetimeTests.useAllProtocols(search)
        #expect(search.names.count == 3 * (2 * RootSlot.all.count + 1 + 1 + 2))
        #expect(try search.findings() == [])
      }
    }

    @Test func `P38 N the same search finds every share while its holder lives`() throws {
      let search = MemorySearch()
      let holders = try SecretLifetimeTests.generate(search)
      let living = (1...3).flatMap { member in RootSlot.all.indices.map { "member \(member) root \($0)" } }
      let found = try search.findings()
      #expect(found.isSuperset(of: living), "\(Set(living).subtracting(found))")
      #expect(holders.count == 3)
    }

    private static func useAllProtocols(_ search: MemorySearch) throws {
      let holders = try generate(search)
      try sign(holders, search)
      try decrypt(holders, search)
    }

    /// Runs the steps of all members in turn, remembering what each dealt and what each ended with.
    private static func generate(_ search: MemorySearch) throws -> [KeyShares] {
      var random = SystemRandom()
      let keys = (0..<3).map { _ in Ed25519SigningKey(from: &random) }
      let members = try CertifiedMember.numbered(
        zip(1..., keys).map { number, key in
          (node: try NodeID(bytes: [UInt8](repeating: UInt8(number), count: 20)), identityKey: key.publicKey)
        })
      let session = try SessionID(bytes: random.bytes(32))
      let network = try NetworkID(bytes: random.bytes(32))
      var attempts: [KeyGenerationAttempt] = []
      for member in members {
        let order = try KeyGenerationOrder(
          session: session, network: network, epoch: 1, members: members, node: member.node)
        attempts.append(try KeyGenerationAttempt(order, from: &random))
      }
      for (me, attempt) in zip(members, attempts) {
        for (dealer, other) in zip(members, attempts) where dealer.party != me.party {
          #expect(attempt.admit(other.opening, from: dealer.party, committed: other.commitment) == nil)
        }
      }
      for (me, attempt) in zip(members, attempts) {
        for (dealer, other) in zip(members, attempts) where dealer.party != me.party {
          let isGood = try attempt.receive(other.sealedShares(), from: dealer.party)
          #expect(isGood)
        }
        let next = members[Int(me.party.value) % 3].party
        for (number, root) in attempt.roots.enumerated() {
          search.remember(root.share(of: next), as: "member \(me.party) dealt \(number)")
        }
      }

      var signatures: CertificateSignatures?
      for (key, attempt) in zip(keys, attempts) {
        let shares = try attempt.finish()
        var all = signatures ?? CertificateSignatures(shares.body)
        let signature = CertificateSignatures.make(for: shares.body) { key.sign($0) }
        let isValid = all.add(signature, of: shares.party)
        #expect(isValid)
        signatures = all
        for (number, slot) in RootSlot.all.enumerated() {
          if let share = shares.secrets.copy(of: slot.shareRange) {
            search.remember(share, as: "member \(shares.party) root \(number)")
          }
        }
      }
      let certificate = try #require(signatures).certificate()
      return try attempts.map { try $0.finish().activated(by: certificate) }
    }

    private static func sign(_ holders: [KeyShares], _ search: MemorySearch) throws {
      typealias S = FROSTEd25519
      let certificate = holders[0].certificate
      let id = KeyID.derive(
        network: certificate.body.network, purpose: .ed25519Sign, owner: try WalletAddress(bytes: Array(1...20)),
        salt: [1])
      let key = try certificate.derivedKey(.ed25519Sign, keyID: id, in: Edwards25519.self)
      let quorum = try PartySet(holders.map(\.party))
      let order = try SigningOrder<S>(message: [1, 2, 3], key: key, quorum: quorum)

      final class Signer {
        var nonces: SigningNonces<S>?
        init(_ nonces: consuming SigningNonces<S>) { self.nonces = consume nonces }
      }
      var system = SystemRandom()
      var signers: [Signer] = []
      var commitments: [SigningCommitments<S>] = []
      for holder in holders {
        let share: SecretShare<Edwards25519> = try holder.derivedShare(.ed25519Sign, keyID: id)
        search.remember(share.value.canonicalBytes(), as: "member \(holder.party) derived share")
        let seed = system.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // The same randomness twice, once to know the nonces that the signer makes of it.
        var repeated = SeededRandom(seed: seed)
        var points: [Edwards25519.Element] = []
        for name in ["hiding", "binding"] {
          let randomness = SecretBytes(count: 32, from: &repeated)
          var input = SecretBytes(zeroed: 64)
          input.replaceBytes(at: 0, with: randomness)
          input.replaceBytes(at: 32, with: share.value.canonicalBytes())
          let nonce = S.nonce(input)
          points.append(nonce.timesGenerator())
          search.remember(nonce.canonicalBytes(), as: "member \(holder.party) \(name) nonce")
        }
        var random = SeededRandom(seed: seed)
        let nonces = try SigningNonces<S>(for: order, share: share, random: &random)
        #expect(points == [nonces.commitments.hiding, nonces.commitments.binding])
        commitments.append(nonces.commitments)
        signers.append(Signer(nonces))
      }
      let list = try CommitmentList<S>(commitments, quorum: quorum)
      var contributions: [SigningContribution<S>] = []
      for signer in signers {
        if let nonces = signer.nonces.take() { contributions.append(try nonces.sign(list)) }
      }
      _ = try SigningContribution.combine(contributions, message: [1, 2, 3], key: key, quorum: quorum)
    }

    private static func decrypt(_ holders: [KeyShares], _ search: MemorySearch) throws {
      let identity = Array("quorate-policy://some/thing".utf8)
      var shares: [DecryptionShare] = []
      for holder in holders {
        let share = try holder.encryptionShare()
        search.remember(share.value.canonicalBytes(), as: "member \(holder.party) encryption share")
        shares.append(DecryptionShare(identity: identity, share: share))
      }
      _ = try DecryptionKey(
        combining: shares, identity: identity, key: holders[0].certificate.encryptionKey())
    }
  }
#endif
