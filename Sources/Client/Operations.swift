import Aggregation
public import Authorization
import Curves
public import Identifiers
public import IdentityEncryption
import Membership
import PublicKeys
public import Secrets
public import Wire

extension QuorateClient {
  /// Has a quorum sign, and verifies the signature under the key derived from the key certificate.
  ///
  /// - Parameter session: has to grant signing with this key.
  public func sign(
    _ content: ContentToSign, with key: KeyID, as session: UserSession
  ) async throws(ClientError) -> FinishedSignature {
    let certificate = try await keyCertificate()
    guard let record = try snapshot().keyRecord(key) else { throw .unknownKey(key) }
    let publicKey = try Self.publicKey(of: key, purpose: record.purpose, in: certificate)
    guard let message = content.message(under: publicKey) else {
      let kind = content.kind.rawValue
      throw .unsuitableInput(
        content.framed == nil
          ? "this is not \(kind) content that a \(record.purpose.rawValue) key signs"
          : "a \(record.purpose.rawValue) key signs \(kind) content of 32 bytes only")
    }
    let order = Operation.sign(key: key, content: content)
    if record.purpose == .secp256k1ECDSA {
      guard let digest = try? Digest32(bytes: message) else { throw .inconsistent("an ECDSA digest of another size") }
      let work = ECDSASignatureCombination(certificate: certificate, key: key, digest: digest)
      return try await run(work, ordering: order, as: session, under: certificate)
    }
    let work = SignatureCombination(certificate: certificate, key: key, purpose: record.purpose, message: message)
    return try await run(work, ordering: order, as: session, under: certificate)
  }

  /// Has a quorum open the data key of an encrypted file.
  ///
  /// - Parameter session: has to grant decryption under the file's policy.
  public func dataKey(
    of header: FileHeader, as session: UserSession
  ) async throws(ClientError) -> SecretBytes {
    let certificate = try await keyCertificate()
    guard header.network == certificate.network, header.certificateDigest == certificate.digest else {
      throw .otherKeyCertificate
    }
    let encryptionKey: DerivedPublicKey<BLS12381G1>
    do { encryptionKey = try certificate.encryptionKey() } catch { throw .inconsistent("no encryption key") }
    let work = DecryptionCombination(certificate: certificate, encryptionKey: encryptionKey, header: header)
    let order = Operation.decrypt(policy: header.policy, dataKeyHash: header.dataKeyHash)
    guard let dataKey = try await run(work, ordering: order, as: session, under: certificate).copy() else {
      throw .notDecryptable
    }
    return dataKey
  }

  /// Starts encrypting to everybody a policy names. Needs the key certificate only; no node learns of it.
  public func encryptor(for policy: DecryptionPolicy) async throws(ClientError) -> FileEncryptor {
    let certificate = try await keyCertificate()
    var random = SystemRandom()
    do {
      return try FileEncryptor(
        policy: policy.bytes, network: certificate.network, certificateDigest: certificate.digest,
        publicKey: certificate.encryptionKey().publicKey, from: &random)
    } catch {
      throw .inconsistent("the network's encryption key cannot be used")
    }
  }

  func run<Work: QuorumOperation>(
    _ work: Work, ordering operation: Operation, as session: UserSession, under certificate: KeyCertificate
  ) async throws(ClientError) -> Work.Output {
    let factory = RequestFactory(session: session, operation: operation, certificate: certificate, clock: clock)
    return try await runner.run(
      work, under: certificate, snapshot: { () throws(ClientError) in try snapshot() },
      prepare: { (quorum, view) throws(ClientError) in try factory.make(quorum, in: view) })
  }
}
