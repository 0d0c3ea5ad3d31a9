public import Identifiers
import Membership
import PublicKeys
import Synchronization
import Wire

/// Keeps encoded key certificates between runs of the program. What comes out of it is verified like anything else.
public protocol KeyCertificateStore: Sendable {
  func load(_ network: NetworkID, epoch: UInt64) -> [UInt8]?
  func save(_ network: NetworkID, epoch: UInt64, _ encoded: [UInt8])
}

/// The key certificates this client verified itself.
final class KeyCertificates: Sendable {
  private let store: (any KeyCertificateStore)?
  private let verified = Mutex<KeyCertificate?>(nil)

  init(store: (any KeyCertificateStore)?) {
    self.store = store
  }

  /// The certificate of the snapshot's epoch, if this client has it already.
  func known(_ snapshot: MembershipSnapshot) -> KeyCertificate? {
    if let certificate = verified.withLock(\.self), Self.belongs(certificate, to: snapshot) { return certificate }
    guard let encoded = store?.load(snapshot.network, epoch: snapshot.epoch) else { return nil }
    return try? accept(encoded, snapshot)
  }

  /// Verifies what a node presents: the registry's digest where there is one, else every member's signature under the
  /// identity keys of the registry.
  func accept(_ encoded: [UInt8], _ snapshot: MembershipSnapshot) throws(ClientError) -> KeyCertificate {
    let certificate: KeyCertificate
    do {
      certificate = try UnverifiedKeyCertificate(encoded: encoded)
        .verified(network: snapshot.network, epoch: snapshot.epoch, anchor: Self.anchor(snapshot))
    } catch {
      throw .keyCertificate(error)
    }
    guard Self.belongs(certificate, to: snapshot) else { throw .otherKeyCertificate }
    verified.withLock { $0 = certificate }
    store?.save(snapshot.network, epoch: snapshot.epoch, encoded)
    return certificate
  }

  private static func anchor(_ snapshot: MembershipSnapshot) -> UnverifiedKeyCertificate.Anchor {
    if let digest = snapshot.certificateDigest { return .registered(digest: digest) }
    return .members(
      Dictionary(snapshot.members.map { ($0.node, $0.identityKey) }, uniquingKeysWith: { first, _ in first }))
  }

  private static func belongs(_ certificate: KeyCertificate, to snapshot: MembershipSnapshot) -> Bool {
    guard certificate.network == snapshot.network, certificate.epoch == snapshot.epoch else { return false }
    return snapshot.certificateDigest.map { $0 == certificate.digest } ?? true
  }
}
