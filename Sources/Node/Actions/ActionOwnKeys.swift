internal import ActionNames
internal import Actions
internal import Authorization
internal import Curves
internal import Identifiers
internal import KeyGeneration
internal import Membership
internal import PublicKeys
internal import Signatures
internal import Wire

/// Keys that belong to actions: each has one for every scheme, and signs with it by running.
extension ActionSessions {
  func signAsAction(
    _ order: ActionSigningOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) -> ActionSignature {
    let purpose = try order.scheme.provided
    guard order.toSign.count <= WireLimits.contentOfAction else { throw .tooLongToSign }
    let serving = try serving()
    let wish = ActionOrder(
      signingAsItself: .raw(order.toSign), purpose, by: try caller.named, label: caller.label)
    let authorized = try authorized(wish, serving)
    guard case .signAsAction(let key, purpose, let message) = authorized.work else { throw .notPermitted }
    let publicKey = try publicKey(key, purpose, serving)
    switch try await combine(authorized, key, purpose, message, caller, serving) {
    case .ecdsa(let signature):
      return ActionSignature(
        signature: signature.compact, verifyingKey: publicKey, signedData: message, recoveryID: signature.recoveryID)
    case .schnorr(let bytes):
      return ActionSignature(signature: bytes, verifyingKey: publicKey, signedData: message, recoveryID: nil)
    }
  }

  func publicKey(
    of action: ActionID, scheme: SigningScheme, by caller: ActionCaller
  ) async throws(OperationRefusal) -> [UInt8] {
    let purpose = try scheme.provided
    let serving = try serving()
    return try publicKey(
      KeyID.derive(network: serving.snapshot.network, purpose: purpose, action: action), purpose, serving)
  }

  /// True only for a signature of exactly these bytes under the action's key. What the signature says of itself, what
  /// it signed and under which key, has to be the same.
  func verify(
    _ check: ActionSignatureCheck, by caller: ActionCaller
  ) async throws(OperationRefusal) -> Bool {
    let purpose = try check.scheme.provided
    let serving = try serving()
    guard let claim = SignatureClaim(check.signature) else {
      throw OperationRefusal("signOutput is not what signAsAction returned")
    }
    let key = KeyID.derive(network: serving.snapshot.network, purpose: purpose, action: check.action)
    let publicKey = try publicKey(key, purpose, serving)
    guard claim.signed == check.toSign, claim.publicKey == publicKey else { return false }
    if purpose == .secp256k1ECDSA {
      guard let digest = try? Digest32(bytes: check.toSign),
        let point = try? Secp256k1.Element(canonicalBytes: publicKey)
      else { return false }
      return ECDSASecp256k1.isValid(signature: claim.signature, digest: digest, publicKey: point)
    }
    func isValid<S: CertifiedSchnorrSuite>(_ suite: S.Type) -> Bool {
      guard let derived = try? serving.keys.certificate.derivedKey(for: S.self, keyID: key) else { return false }
      return S.isValid(signature: claim.signature, message: check.toSign, publicKey: derived.publicKey)
    }
    return purpose.schnorrSuite.map { isValid($0) } ?? false
  }

  private func publicKey(
    _ key: KeyID, _ purpose: KeyPurpose, _ serving: Standing.Serving
  ) throws(OperationRefusal) -> [UInt8] {
    guard let publicKey = serving.keys.certificate.publicKey(of: key, purpose) else {
      throw OperationRefusal("there is no such key")
    }
    return publicKey.bytes
  }
}

/// What `signAsAction` returned, as an action hands it on: nothing in it is known to be true.
private struct SignatureClaim {
  let signature: [UInt8]
  let publicKey: [UInt8]
  let signed: [UInt8]

  private static let limit = 64 << 10

  init?(_ text: String) {
    guard let value = try? JSONValue(parsing: Array(text.utf8), limit: Self.limit), case .object(let members) = value
    else { return nil }
    func bytes(_ name: String) -> [UInt8]? {
      guard case .string(let text)? = members.first(where: { $0.name == name })?.value else { return nil }
      return try? Hex.decode(text)
    }
    guard let signature = bytes("signature"), let publicKey = bytes("verifying_key"), let signed = bytes("signed_data")
    else { return nil }
    self.signature = signature
    self.publicKey = publicKey
    self.signed = signed
  }
}
