internal import Actions
internal import Authorization
internal import Curves
internal import Identifiers
internal import Membership
internal import PublicKeys
internal import Signatures
internal import Wire

/// Signatures with keys that a record gives to the action or to its user.
extension ActionSessions {
  func sign(_ order: Actions.SigningOrder, by caller: ActionCaller) async throws(OperationRefusal) {
    try await sign(.raw(order.toSign), try order.scheme.provided, order.publicKey, order.name, caller)
  }

  func signPersonalMessage(
    _ order: PersonalMessageOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) {
    try await sign(
      .personalMessage(Array(order.message.utf8)), .secp256k1ECDSA, order.publicKey, order.name, caller)
  }

  func signAndCombine(
    _ order: Actions.SigningOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) -> CombinedSignature {
    let serving = try serving()
    let (authorized, record, message) = try authorized(
      .raw(order.toSign), try order.scheme.provided, order.publicKey, order.name, caller, serving)
    return CombinedSignature(try await combine(authorized, record.key, record.purpose, message, caller, serving))
  }

  /// Has the quorum sign what was authorised, and combines the shares here.
  func combine(
    _ authorized: AuthorizedOperation, _ key: KeyID, _ purpose: KeyPurpose, _ message: [UInt8],
    _ caller: ActionCaller, _ serving: Standing.Serving
  ) async throws(OperationRefusal) -> CombinedSigning.FinishedSignature {
    let combined = CombinedSigning(
      signing: signing(authorized, serving), sharing: try sharing(authorized, caller, serving), pairs: pairs)
    do throws(FailedExchange) {
      return try await combined.sign(key, purpose, message)
    } catch {
      throw failures.refusal("signing", error, of: caller)
    }
  }

  private func authorized(
    _ content: ContentToSign, _ purpose: KeyPurpose, _ publicKey: [UInt8], _ name: String, _ caller: ActionCaller,
    _ serving: Standing.Serving
  ) throws(OperationRefusal) -> (AuthorizedOperation, KeyRecord, message: [UInt8]) {
    guard name.utf8.count <= WireLimits.nameOfSignature else {
      throw OperationRefusal("sigName is longer than \(WireLimits.nameOfSignature) bytes")
    }
    guard content.byteCount <= WireLimits.contentOfAction else { throw .tooLongToSign }
    let keys = ActionKeys(run: run, caller: caller, purpose: purpose, serving: serving)
    let authorized = try authorized(.sign(key: keys.key(named: publicKey), content: content), caller, serving)
    guard case .sign(let record, let message) = authorized.work, record.purpose == purpose else { throw .notPermitted }
    return (authorized, record, message)
  }

  private func sign(
    _ content: ContentToSign, _ purpose: KeyPurpose, _ publicKey: [UInt8], _ name: String, _ caller: ActionCaller
  ) async throws(OperationRefusal) {
    let serving = try serving()
    let (authorized, record, message) = try authorized(content, purpose, publicKey, name, caller, serving)
    guard shares.take(name) else { throw OperationRefusal("there is a signature named \(name) already") }

    let share: NamedShare.Share
    switch await signing(authorized, serving).sign(record, message, with: pairs) {
    case .signatureShare(let outcome): share = .schnorr(outcome)
    case .ecdsaShare(let outcome): share = .ecdsa(outcome)
    case .failed(let failed): throw failures.refusal("signing", FailedExchange(outcome: failed), of: caller)
    case .decryptionShare, .execution: throw OperationRefusal("signing failed")
    }
    do {
      shares.put(try NamedShare(name: name, key: record.key, content: content, share: share))
    } catch {
      throw OperationRefusal("signing failed")
    }
  }
}

extension OperationRefusal {
  static var tooLongToSign: OperationRefusal {
    OperationRefusal("what an action signs has at most \(WireLimits.contentOfAction) bytes")
  }
}

extension CombinedSignature {
  /// In the halves the interface shows.
  init(_ signature: CombinedSigning.FinishedSignature) {
    switch signature {
    case .ecdsa(let signature):
      self = .ecdsa(
        r: signature.r.canonicalBytes, s: signature.s.canonicalBytes, recoveryID: signature.recoveryID)
    case .schnorr(let bytes):
      // The response is a scalar of 32 bytes in every scheme there is; under secp256k1-frost R has 33.
      self = .schnorr(r: bytes.dropLast(32), s: bytes.suffix(32))
    }
  }
}

extension SigningScheme {
  /// The keys of this network that sign like this; nil where it has none.
  var purpose: KeyPurpose? {
    switch self {
    case .ecdsaSecp256k1: .secp256k1ECDSA
    case .schnorrEd25519: .ed25519Sign
    case .schnorrSecp256k1: .secp256k1FROST
    case .schnorrRistretto255: .ristretto255Sign
    case .schnorrTaproot: .secp256k1Taproot
    case .ecdsaP256, .ecdsaP384, .schnorrP256, .schnorrP384, .schnorrEd448, .schnorrRedJubjub, .schnorrRedDecaf377,
      .schnorrkel, .bls12381:
      nil
    }
  }

  var provided: KeyPurpose {
    get throws(OperationRefusal) {
      guard let purpose else {
        throw OperationRefusal("signatures of \(rawValue) are not provided by this network")
      }
      return purpose
    }
  }
}
