import Identifiers
public import Signatures
public import Wire

/// A change on its way from one signer to the next: `{"network": id, "update": {…}}`, the update as it will stand in the
/// registry with the signatures it has so far.
public struct RegistryBallot: Sendable, Hashable {
  public let proposal: RegistryProposal
  public private(set) var signatures: [RegistrySignature]

  public init(_ proposal: RegistryProposal) {
    self.proposal = proposal
    signatures = []
  }

  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: RegistryLimits.file))
    let network: NetworkID = try fields.identifier("network")
    let update = try RegistryUpdate(fields.value("update"), network: network)
    try fields.finish()
    proposal = update.proposal
    signatures = update.signatures
  }

  public var encoded: [UInt8] {
    JSONValue.object([JSONMember("network", .text(proposal.network)), JSONMember("update", update.json)]).serialized
  }

  /// What is appended to the registry once it has signatures enough.
  public var update: RegistryUpdate { proposal.signed(signatures) }

  /// Signs with a wallet at hand. A second signature of the same wallet changes nothing.
  public mutating func sign(with wallet: EthereumSigningKey) throws(SignatureError) {
    guard !signatures.contains(where: { $0.signer == wallet.address }) else { return }
    signatures += try proposal.signed(by: [wallet]).signatures
  }
}

extension MembershipSnapshot {
  /// What the ballot would change, if it is the next entry of this very history and no rule is against it.
  ///
  /// - Throws: ``RegistryFault``, such as `brokenLink` where the registry has gone on since it was proposed.
  public func change(in ballot: RegistryBallot) throws(RegistryFault) -> RegistryChange {
    let proposal = ballot.proposal
    guard proposal.network == network else { throw .wrongNetwork }
    guard proposal.number == number + 1 else { throw .wrongNumber(expected: number + 1, found: proposal.number) }
    guard proposal.previous == digest else { throw .brokenLink(number: proposal.number) }
    let change: RegistryChange
    do {
      change = try RegistryChange(kind: proposal.kind, body: proposal.body, network: network)
    } catch {
      throw .malformed(error)
    }
    _ = try proposing(change)
    return change
  }
}
