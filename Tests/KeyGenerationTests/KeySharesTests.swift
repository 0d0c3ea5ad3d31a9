import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing

@testable import KeyGeneration

struct KeySharesTests {
  /// A finished key generation with its certificate. Made once: it is only read.
  private static let ceremony = Result { try Finished(4, seed: 21) }

  private struct Finished: Sendable {
    let run: KeyGenerationRun
    let certificate: KeyCertificate
    let shares: [KeyShares]

    init(_ count: Int, seed: UInt64) throws {
      run = try KeyGenerationRun(count, seed: seed)
      let outcomes = try #require(try run.run()).outcomes.sorted { $0.key < $1.key }.map(\.value)
      let body = try #require(outcomes.first?.body)
      var signatures = CertificateSignatures(body)
      for (member, key) in zip(run.members, run.identityKeys) {
        let signature = CertificateSignatures.make(for: body) { key.sign($0) }
        let isValid = signatures.add(signature, of: member.party)
        #expect(isValid)
      }
      certificate = try signatures.certificate()
      var shares: [KeyShares] = []
      for case .keys(let kept) in outcomes {
        shares.append(try PendingKeyShares(encoded: kept.shares.encoded()).activated(by: certificate))
      }
      self.shares = shares
    }

    var anchor: UnverifiedKeyCertificate.Anchor { .registered(digest: certificate.digest) }
  }

  private func keyID(_ purpose: KeyPurpose) throws -> KeyID {
    KeyID.derive(
      network: try Self.ceremony.get().run.network, purpose: purpose, owner: try WalletAddress(bytes: Array(1...20)),
      salt: [1, 2, 3])
  }

  /// Lagrange interpolation of public points: no secret is put together, here or anywhere.
  private func interpolated<G: PrimeOrderGroup>(
    _ shares: some Sequence<KeyShares>, _ group: G.Type, _ share: (KeyShares) throws -> SecretShare<G>
  ) throws -> G.Element {
    var points: [PartyID: G.Element] = [:]
    for holder in shares { points[holder.party] = try share(holder).value.timesGenerator() }
    return try Lagrange.interpolate(points, in: G.self)
  }

  private func check<G: PrimeOrderGroup>(_ purpose: KeyPurpose, _ group: G.Type) throws {
    let finished = try Self.ceremony.get()
    let keyID = try keyID(purpose)
    let key = try finished.certificate.derivedKey(purpose, keyID: keyID, in: G.self)
    for holder in finished.shares {
      let share = try holder.derivedShare(purpose, keyID: keyID, in: G.self)
      let point = share.value.timesGenerator()
      #expect(point == (try key.verifyingShare(of: holder.party)))
    }
    for missing in finished.shares.indices {
      var some = finished.shares
      some.remove(at: missing)
      let found = try interpolated(some, G.self) { try $0.derivedShare(purpose, keyID: keyID, in: G.self) }
      #expect(found == key.publicKey)
      some.removeLast()
      let tooFew = try interpolated(some, G.self) { try $0.derivedShare(purpose, keyID: keyID, in: G.self) }
      #expect(tooFew != key.publicKey)
    }
  }

  @Test(arguments: KeyPurpose.allCases.filter(\.isSigning))
  func `any t derived shares belong to the derived public key, fewer do not`(purpose: KeyPurpose) throws {
    try check(purpose, purpose.group)
  }

  @Test func `any t encryption shares belong to the encryption key`() throws {
    let finished = try Self.ceremony.get()
    let key = try finished.certificate.encryptionKey()
    let found = try interpolated(finished.shares.dropFirst(), BLS12381G1.self) { try $0.encryptionShare() }
    #expect(found == key.publicKey)
    for holder in finished.shares {
      let share = try holder.encryptionShare().value.timesGenerator()
      #expect(share == (try key.verifyingShare(of: holder.party)))
    }
  }

  @Test func `P37 a share cannot be derived for another purpose or group`() throws {
    let shares = try #require(try Self.ceremony.get().shares.first)
    let id = try keyID(.ed25519Sign)
    #expect(throws: KeyDerivationError.notASigningPurpose) {
      _ = try shares.derivedShare(.bls12381IBE, keyID: id, in: BLS12381G1.self)
    }
    #expect(throws: KeyDerivationError.wrongGroup) {
      _ = try shares.derivedShare(.ed25519Sign, keyID: id, in: Ristretto255.self)
    }
    let frost = try shares.derivedShare(.secp256k1FROST, keyID: id, in: Secp256k1.self).value.timesGenerator()
    let taproot = try shares.derivedShare(.secp256k1Taproot, keyID: id, in: Secp256k1.self).value.timesGenerator()
    #expect(frost != taproot)
  }

  @Test func `stored shares come back with the certificate verified again`() throws {
    let finished = try Self.ceremony.get()
    let shares = try #require(finished.shares.first)
    #expect(finished.shares.count == 4)
    let back = try KeyShares(
      encoded: shares.encoded(), network: finished.run.network, epoch: 1, anchor: finished.anchor)
    #expect(back.party == shares.party)
    let id = try keyID(.ed25519Sign)
    let before = try shares.derivedShare(.ed25519Sign, keyID: id, in: Edwards25519.self)
    let after = try back.derivedShare(.ed25519Sign, keyID: id, in: Edwards25519.self)
    let isSame = before.value.isEqual(to: after.value)
    #expect(isSame)
    #expect(throws: KeyShareError.certificate(.wrongEpoch)) {
      _ = try KeyShares(encoded: shares.encoded(), network: finished.run.network, epoch: 2, anchor: finished.anchor)
    }
    #expect(throws: KeyShareError.certificate(.wrongDigest)) {
      _ = try KeyShares(
        encoded: shares.encoded(), network: finished.run.network, epoch: 1, anchor: .registered(digest: .zero))
    }
  }

  @Test func `K10 stored shares with any part changed, cut or lengthened are refused`() throws {
    let finished = try Self.ceremony.get()
    let good = try #require(finished.shares.first).encoded()
    let bytes = unsafe good.withUnsafeBytes { unsafe Array($0) }
    func isRefused(_ bytes: [UInt8]) -> Bool {
      do {
        _ = try KeyShares(
          encoded: SecretBytes(copying: bytes), network: finished.run.network, epoch: 1, anchor: finished.anchor)
        return false
      } catch {
        return true
      }
    }
    #expect(!isRefused(bytes))
    for place in stride(from: 0, to: bytes.count, by: 61) {
      var changed = bytes
      changed[place] ^= 4
      #expect(isRefused(changed), "byte \(place)")
    }
    for slot in RootSlot.all {
      var changed = bytes
      changed[bytes.count - RootSlot.sharesByteCount + slot.shareRange.lowerBound + 9] ^= 1
      #expect(isRefused(changed), "\(slot)")
    }
    #expect(isRefused(Array(bytes.dropLast())))
    #expect(isRefused(bytes + [0]))
    #expect(isRefused([]))
  }

  @Test func `K10 pending and active encodings are not mistaken for each other`() throws {
    let finished = try Self.ceremony.get()
    let active = try #require(finished.shares.first).encoded()
    #expect(throws: KeyShareError.malformed) { _ = try PendingKeyShares(encoded: active) }
  }

  @Test func `shares are not activated by the certificate of another run`() throws {
    let finished = try Self.ceremony.get()
    let other = try #require(try KeyGenerationRun(4, seed: 22).run())
    guard case .keys(let kept) = try #require(other.outcomes.values.first) else {
      Issue.record("no keys")
      return
    }
    #expect(throws: KeyShareError.otherCertificate) {
      _ = try PendingKeyShares(encoded: kept.shares.encoded()).activated(by: finished.certificate)
    }
  }

  @Test func `a share of somebody else's is not activated as one's own`() throws {
    let finished = try Self.ceremony.get()
    let bytes = try #require(finished.shares.first).encoded()
    var stolen = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    stolen[2] = 2
    #expect(throws: KeyShareError.inconsistent) {
      _ = try KeyShares(
        encoded: SecretBytes(copying: stolen), network: finished.run.network, epoch: 1, anchor: finished.anchor)
    }
  }
}
