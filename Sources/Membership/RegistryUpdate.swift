public import Identifiers
import Transcripts
public import Wire

/// One entry of the registry before anybody signed it.
public struct RegistryProposal: Sendable, Hashable {
  public let network: NetworkID
  /// Counted from 1 without gaps.
  public let number: UInt64
  /// Digest of the entry before; of the first, the network id.
  public let previous: Digest32
  public let kind: RegistryUpdateKind
  /// JSON, kept as exact bytes.
  public let body: [UInt8]

  init(network: NetworkID, number: UInt64, previous: Digest32, kind: RegistryUpdateKind, body: [UInt8]) {
    self.network = network
    self.number = number
    self.previous = previous
    self.kind = kind
    self.body = body
  }

  /// Covers everything but the signatures: whoever signs does not change the history.
  public var digest: Digest32 {
    TaggedHash.sha256(
      .registryUpdate,
      [network.bytes, number.bigEndianBytes, previous.bytes, Array(kind.rawValue.utf8), body])
  }

  /// What a wallet shows its user and signs by EIP-191. The body stands last and in full, so nobody signs blindly. A body
  /// that counts is one line: see ``change()``.
  public var approvalText: String {
    """
    \(Domain.registryApproval.rawValue)
    Network: \(network)
    Number: \(number)
    Kind: \(kind.rawValue)
    Previous: \(previous)
    Digest: \(digest)
    Body: \(String(decoding: body, as: UTF8.self))
    """
  }

  /// What the body says, which has to be written in its one form: white space between its parts could make a terminal or a
  /// wallet show something else than what is signed.
  ///
  /// - Throws: ``RegistryFault/malformed(_:)``.
  func change() throws(RegistryFault) -> RegistryChange {
    let change: RegistryChange
    do {
      change = try RegistryChange(kind: kind, body: body, network: network)
    } catch {
      throw .malformed(error)
    }
    guard change.body == body else { throw .malformed(.invalid("body")) }
    return change
  }

  /// Attaches signatures of ``approvalText``, ordered by signer.
  public func signed(_ signatures: [RegistrySignature]) -> RegistryUpdate {
    RegistryUpdate(proposal: self, signatures: signatures.sorted { $0.signer < $1.signer })
  }
}

/// One entry of the registry; worth nothing until a ``MembershipSnapshot`` applied it.
public struct RegistryUpdate: Sendable, Hashable {
  public let proposal: RegistryProposal
  public let signatures: [RegistrySignature]

  init(proposal: RegistryProposal, signatures: [RegistrySignature]) {
    self.proposal = proposal
    self.signatures = signatures
  }

  public var number: UInt64 { proposal.number }
  public var kind: RegistryUpdateKind { proposal.kind }
  public var digest: Digest32 { proposal.digest }
}

/// An EIP-191 signature of ``RegistryProposal/approvalText``.
public struct RegistrySignature: Sendable, Hashable {
  public let signer: WalletAddress
  /// r ‖ s ‖ v, 65 bytes.
  public let bytes: [UInt8]

  public static let byteCount = 65

  /// - Throws: ``FormatError/invalid(_:)`` unless there are 65 bytes.
  public init(signer: WalletAddress, bytes: [UInt8]) throws(FormatError) {
    guard bytes.count == Self.byteCount else { throw .invalid("signature") }
    self.signer = signer
    self.bytes = bytes
  }
}

extension RegistryUpdate {
  init(_ value: JSONValue, network: NetworkID) throws(FormatError) {
    var fields = try JSONFields(value)
    guard let kind = RegistryUpdateKind(exactly: try fields.string("kind", limit: 32)) else { throw .invalid("kind") }
    proposal = RegistryProposal(
      network: network, number: try fields.unsigned("number"), previous: try fields.identifier("previous"), kind: kind,
      body: Array(try fields.string("body", limit: RegistryLimits.body).utf8))
    var signatures: [RegistrySignature] = []
    for value in try fields.array("signatures", limit: WireLimits.members) {
      var entry = try JSONFields(value)
      let bytes = try entry.prefixedHex("signature", limit: RegistrySignature.byteCount)
      signatures.append(try RegistrySignature(signer: entry.identifier("signer"), bytes: bytes))
      try entry.finish()
    }
    try fields.finish()
    self.signatures = signatures
  }

  var json: JSONValue {
    .object([
      JSONMember("number", JSONValue(number)),
      JSONMember("previous", .text(proposal.previous)),
      JSONMember("kind", .string(kind.rawValue)),
      JSONMember("body", .string(String(decoding: proposal.body, as: UTF8.self))),
      JSONMember(
        "signatures",
        .array(
          signatures.map {
            .object([
              JSONMember("signer", .text($0.signer)), JSONMember("signature", .string("0x" + Hex.encode($0.bytes))),
            ])
          })),
    ])
  }
}

/// How large the parts of a file registry may be.
public enum RegistryLimits {
  /// The whole file, in bytes.
  public static let file = 16 << 20
  /// One update's body, in bytes.
  public static let body = 256 << 10
  /// How many updates there may be.
  public static let updates = 16_384
}
