public import Identifiers
import Membership
import Signatures
import Wire

/// A capability whose signature, binding and form were checked; its window is still to be compared with the clock.
public struct VerifiedCapability: Sendable, Hashable {
  public let wallet: WalletAddress
  public let reCap: ReCap
  let issuedAt: Timestamp
  /// The later of `Issued At` and `Not Before`.
  public let validFrom: Timestamp
  public let expiresAt: Timestamp

  init(wallet: WalletAddress, reCap: ReCap, issuedAt: Timestamp, validFrom: Timestamp, expiresAt: Timestamp) {
    self.wallet = wallet
    self.reCap = reCap
    self.issuedAt = issuedAt
    self.validFrom = validFrom
    self.expiresAt = expiresAt
  }
}

extension VerifiedCapability {
  /// Whether it was issued before the wallet's `notBefore`.
  func isRevoked(in snapshot: MembershipSnapshot) -> Bool {
    snapshot.notBefore(of: wallet).map { issuedAt < $0 } ?? false
  }
}

/// A capability in the right form that nobody may have signed.
struct UnverifiedCapability: Sendable {
  let signed: Capability
  let message: SIWEMessage
  let reCap: ReCap
  let validFrom: Timestamp
  let expiresAt: Timestamp
}

/// What this network demands of a capability beyond EIP-4361 and ERC-5573.
enum CapabilityRules {
  /// A capability lives at most a day.
  static let lifetimeLimit: Int64 = 24 * 3_600

  /// `quorate://<network>/session/<session key>`, the key in base64url as in the request's header.
  static func uri(network: NetworkID, sessionKey: [UInt8]) -> String {
    "quorate://\(network)/session/\(Base64URL.encode(sessionKey))"
  }

  /// What can be said without asking whose signature it is. Cheap checks first.
  static func read(
    _ capability: Capability, sessionKey: [UInt8], in snapshot: MembershipSnapshot
  ) throws(CapabilityRefusal) -> UnverifiedCapability {
    let founding = snapshot.founding
    let message: SIWEMessage
    do { message = try SIWEMessage(parsing: capability.siwe) } catch { throw .malformed(error) }
    guard message.scheme == nil, message.domain.utf8.elementsEqual(founding.domain.utf8) else { throw .domain }
    guard message.chainID == founding.chainID else { throw .chain }
    guard message.uri.utf8.elementsEqual(uri(network: founding.network, sessionKey: sessionKey).utf8) else {
      throw .sessionKey
    }
    let (from, until) = try window(of: message)
    return UnverifiedCapability(
      signed: capability, message: message, reCap: try reCap(of: message), validFrom: from, expiresAt: until)
  }

  /// Whose signature it is.
  ///
  /// - Parameter finding: what the contract said, of a wallet that is one.
  static func verify(
    _ unverified: UnverifiedCapability, finding: ContractFinding?, in snapshot: MembershipSnapshot,
    examiner: any Examiner
  ) throws(CapabilityRefusal) -> VerifiedCapability {
    let (message, signed) = (unverified.message, unverified.signed)
    if let block = signed.block {
      let signature = ContractSignature(signed, of: message.address, at: block)
      guard try isValid(signature, finding, in: snapshot) else { throw .signature }
    } else {
      guard examiner.isSigned(message, signed.signature, text: signed.siwe) else { throw .signature }
    }
    let capability = VerifiedCapability(
      wallet: message.address, reCap: unverified.reCap, issuedAt: message.issuedAt.moment,
      validFrom: unverified.validFrom, expiresAt: unverified.expiresAt)
    guard !capability.isRevoked(in: snapshot) else { throw .revoked }
    return capability
  }

  private static func isValid(
    _ signature: ContractSignature, _ finding: ContractFinding?, in snapshot: MembershipSnapshot
  ) throws(CapabilityRefusal) -> Bool {
    guard snapshot.founding.asksContracts, let chain = snapshot.chain else { throw .noChain }
    guard signature.block.number <= chain.block.number else { throw .blockAhead }
    guard let finding, finding.signature == signature else { throw .contractNotAsked }
    return finding.isValid
  }

  private static func window(
    of message: SIWEMessage
  ) throws(CapabilityRefusal) -> (from: Timestamp, until: Timestamp) {
    guard let expiration = message.expirationTime else { throw .noExpiration }
    let times = [message.issuedAt, expiration] + (message.notBefore.map { [$0] } ?? [])
    guard times.allSatisfy(\.isCanonical) else { throw .timeFormat }
    let issuedAt = message.issuedAt.moment
    guard (1...lifetimeLimit).contains(expiration.moment.seconds(since: issuedAt)) else { throw .lifetime }
    let from = message.notBefore.map { max($0.moment, issuedAt) } ?? issuedAt
    return (from, expiration.moment)
  }

  /// Exactly one resource, a ReCap, and a statement that ends with what it grants.
  private static func reCap(of message: SIWEMessage) throws(CapabilityRefusal) -> ReCap {
    guard let resources = message.resources, resources.count == 1, let resource = resources.first else {
      throw .resources
    }
    let reCap: ReCap
    do { reCap = try ReCap(resource: resource) } catch { throw .reCap(error) }
    let statement = Array((message.statement ?? "").utf8)
    let generated = Array(reCap.statement.utf8)
    guard statement == generated || statement.reversed().starts(with: (Array(" ".utf8) + generated).reversed()) else {
      throw .statement
    }
    return reCap
  }
}

/// Why a capability does not count.
public enum CapabilityRefusal: Error, Sendable, Hashable {
  case malformed(SIWEError)
  case domain
  case chain
  /// Given to another session key, or for another network.
  case sessionKey
  case noExpiration
  case timeFormat
  case lifetime
  case resources
  case reCap(ReCapError)
  case statement
  case signature
  /// A contract's signature where nobody can ask contracts: the registry is a file, or on another chain than the text.
  case noChain
  /// The contract is to be asked at a block this node has not come to yet.
  case blockAhead
  /// Everything up to here is in order, and what the contract says is not known.
  case contractNotAsked
  /// Issued before the wallet's `notBefore`.
  case revoked
}
