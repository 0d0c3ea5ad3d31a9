public import Identifiers
import Signatures

/// A Sign-In with Ethereum message (EIP-4361), version 1.
///
/// Parsing accepts exactly what the grammar allows and ``text`` gives back exactly what was parsed. What this network
/// demands beyond the grammar is in ``CapabilityRules``.
public struct SIWEMessage: Sendable, Hashable {
  public var scheme: String?
  /// An RFC 3986 authority.
  public var domain: String
  /// Written in its EIP-55 form.
  public var address: WalletAddress
  public var statement: String?
  public var uri: String
  public var chainID: UInt64
  public var nonce: String
  public var issuedAt: SIWETime
  public var expirationTime: SIWETime?
  public var notBefore: SIWETime?
  public var requestID: String?
  /// Nil without the section, empty when the section lists nothing.
  public var resources: [String]?

  public init(
    scheme: String? = nil, domain: String, address: WalletAddress, statement: String? = nil, uri: String,
    chainID: UInt64, nonce: String, issuedAt: SIWETime, expirationTime: SIWETime? = nil, notBefore: SIWETime? = nil,
    requestID: String? = nil, resources: [String]? = nil
  ) {
    self.scheme = scheme
    self.domain = domain
    self.address = address
    self.statement = statement
    self.uri = uri
    self.chainID = chainID
    self.nonce = nonce
    self.issuedAt = issuedAt
    self.expirationTime = expirationTime
    self.notBefore = notBefore
    self.requestID = requestID
    self.resources = resources
  }

  /// The text a wallet shows and signs.
  public var text: String {
    var lines = [
      (scheme.map { $0 + "://" } ?? "") + domain + SIWELine.greeting, address.checksumText, "",
    ]
    if let statement { lines.append(statement) }
    lines += [
      "", SIWELine.uri + uri, SIWELine.version + "1", SIWELine.chainID + String(chainID), SIWELine.nonce + nonce,
      SIWELine.issuedAt + issuedAt.text,
    ]
    if let expirationTime { lines.append(SIWELine.expirationTime + expirationTime.text) }
    if let notBefore { lines.append(SIWELine.notBefore + notBefore.text) }
    if let requestID { lines.append(SIWELine.requestID + requestID) }
    if let resources { lines += [SIWELine.resources] + resources.map { SIWELine.resource + $0 } }
    return lines.joined(separator: "\n")
  }

  /// Whether the wallet this message names signed `text` by EIP-191.
  ///
  /// - Parameters:
  ///   - text: the message as received.
  ///   - signature: r ‖ s ‖ v with low s and v 27 or 28, 65 bytes.
  public func isSigned(_ signature: [UInt8], text: String) -> Bool {
    let digest = EIP191.digest(Array(text.utf8))
    guard let signer = try? EthereumSignature.recover(digest: digest, signature: signature) else { return false }
    return signer == address
  }

  /// Whether the message's own window contains the moment: from `Not Before`, until but without `Expiration Time`.
  public func isValid(at moment: Timestamp) -> Bool {
    (notBefore.map { $0.moment <= moment } ?? true) && (expirationTime.map { moment < $0.moment } ?? true)
  }
}

/// The fixed words of the format.
enum SIWELine {
  static let greeting = " wants you to sign in with your Ethereum account:"
  static let uri = "URI: "
  static let version = "Version: "
  static let chainID = "Chain ID: "
  static let nonce = "Nonce: "
  static let issuedAt = "Issued At: "
  static let expirationTime = "Expiration Time: "
  static let notBefore = "Not Before: "
  static let requestID = "Request ID: "
  static let resources = "Resources:"
  static let resource = "- "
}

/// Which line of a message is not as EIP-4361 demands. Never what stood there.
public enum SIWEError: Error, Sendable, Hashable {
  case greeting
  case domain
  case address
  case statement
  case uri
  case version
  case chainID
  case nonce
  case time
  case requestID
  case resources
  case unexpectedLine
}
