internal import Actions
internal import Authorization
internal import Curves
internal import Identifiers
internal import KeyGeneration
internal import Membership
internal import PublicKeys
internal import Wire

/// Finds the key an action means: it names keys by what they sign under, or by their ids.
struct ActionKeys {
  /// How many keys are compared with a public key. Whoever has more names keys by their ids.
  static let limit = 256

  let run: AuthorizedOperation
  let caller: ActionCaller
  let purpose: KeyPurpose
  let serving: Standing.Serving

  /// - Parameter given: a key id, or a public key in the encoding of its scheme; under secp256k1 also uncompressed.
  /// - Throws: ``OperationRefusal/notPermitted`` when none of the keys that name the user's wallet or the action is it.
  func key(named given: [UInt8]) throws(OperationRefusal) -> KeyID {
    if let id = try? KeyID(bytes: given), serving.snapshot.keyRecord(id) != nil { return id }
    let wanted = Self.compressed(given)
    let candidates = serving.snapshot.keyRecords(of: run.wallet, or: caller.action).filter { $0.purpose == purpose }
    for record in candidates.prefix(Self.limit)
    where serving.keys.certificate.publicKey(of: record)?.bytes == wanted {
      return record.key
    }
    throw .notPermitted
  }

  /// SEC 1 section 2.3.3: the first half of an uncompressed point, and the parity of the other one.
  private static func compressed(_ point: [UInt8]) -> [UInt8] {
    guard point.count == 65, point.first == 4, let last = point.last else { return point }
    return [2 | (last & 1)] + point[1...32]
  }
}

extension KeyCertificate {
  /// What signatures under a record verify under.
  func publicKey(of record: KeyRecord) -> AnyPublicKey? { publicKey(of: record.key, record.purpose) }

  func publicKey(of key: KeyID, _ purpose: KeyPurpose) -> AnyPublicKey? {
    if purpose == .secp256k1ECDSA {
      return (try? derivedKey(.secp256k1ECDSA, keyID: key, in: Secp256k1.self)).map { AnyPublicKey(ecdsa: $0) }
    }
    func open<S: CertifiedSchnorrSuite>(_ suite: S.Type) -> AnyPublicKey? {
      (try? derivedKey(for: S.self, keyID: key)).map { AnyPublicKey($0, of: S.self) }
    }
    return purpose.schnorrSuite.flatMap { open($0) }
  }
}
