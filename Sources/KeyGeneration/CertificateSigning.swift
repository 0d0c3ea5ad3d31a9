public import PublicKeys
public import SecretSharing
import Signatures

/// Members' signatures of one certificate body, as they come in.
public struct CertificateSignatures: Sendable, Hashable {
  public let body: KeyCertificateBody
  public private(set) var signatures: [PartyID: [UInt8]] = [:]

  public init(_ body: KeyCertificateBody) { self.body = body }

  /// This member's signature, to be recorded durably before it leaves.
  ///
  /// - Parameter sign: signs with the node's identity key (Ed25519).
  public static func make<Failure: Error>(
    for body: KeyCertificateBody, sign: ([UInt8]) throws(Failure) -> [UInt8]
  ) throws(Failure) -> [UInt8] {
    try sign(body.messageToSign)
  }

  /// Adds a member's signature.
  ///
  /// - Returns: false, with nothing added, when it is not that member's signature of this body.
  public mutating func add(_ signature: [UInt8], of party: PartyID) -> Bool {
    guard let member = body.members.first(where: { $0.party == party }),
      Ed25519.isValid(signature: signature, message: body.messageToSign, publicKey: member.identityKey)
    else { return false }
    signatures[party] = signature
    return true
  }

  public var areComplete: Bool { body.members.allSatisfy { signatures[$0.party] != nil } }

  /// The finished certificate, verified again as everybody else does.
  ///
  /// - Throws: ``KeyCertificateError/missingSignatures(_:)`` while any is missing.
  public func certificate() throws(KeyCertificateError) -> KeyCertificate {
    let entries = body.members.compactMap { member in
      signatures[member.party].map { UnverifiedKeyCertificate.MemberSignature(node: member.node, signature: $0) }
    }
    let identityKeys = Dictionary(body.members.map { ($0.node, $0.identityKey) }) { first, _ in first }
    return try UnverifiedKeyCertificate(body: body, signatures: entries)
      .verified(network: body.network, epoch: body.epoch, anchor: .members(identityKeys))
  }
}
