import Attestation
public import Identifiers
import Signatures
import Wire

extension MembershipSnapshot {
  /// The view after one more update.
  ///
  /// - Throws: ``RegistryFault`` unless the update continues this very history, is signed by whom its kind demands and
  ///   obeys every rule.
  public func applying(_ update: RegistryUpdate) throws(RegistryFault) -> MembershipSnapshot {
    guard update.number == number + 1 else { throw .wrongNumber(expected: number + 1, found: update.number) }
    guard update.proposal.network == network, update.proposal.previous == digest else {
      throw .brokenLink(number: update.number)
    }
    guard update.number <= RegistryLimits.updates else { throw .notAllowed(number: update.number, .tooManyUpdates) }
    let change: RegistryChange
    do {
      change = try RegistryChange(kind: update.kind, body: update.proposal.body, network: network)
    } catch {
      throw .malformed(error)
    }
    try checkSignatures(of: update, saying: change)
    var next = self
    do {
      try next.apply(change)
    } catch {
      throw .notAllowed(number: update.number, error)
    }
    next.history.append(update.digest)
    return next
  }

  /// The next entry of this history, ready to be signed.
  ///
  /// - Throws: ``RegistryFault/notAllowed(number:_:)`` when no signature could make it acceptable.
  public func proposing(_ change: RegistryChange) throws(RegistryFault) -> RegistryProposal {
    var trial = self
    do { try trial.apply(change) } catch { throw .notAllowed(number: number + 1, error) }
    return RegistryProposal(
      network: network, number: number + 1, previous: digest, kind: change.kind, body: change.body)
  }

  /// Whose signatures an update with this content may carry, and how many it needs.
  public func signers(of change: RegistryChange) -> (allowed: Set<WalletAddress>, needed: Int) {
    switch change {
    case .members, .epoch, .policy, .measurements, .keyCertificate:
      (Set(stakers), stakers.count * 2 / 3 + 1)
    case .keyRecord(let record):
      ([record.owner], 1)
    case .notBefore(let wallet, _):
      ([wallet], 1)
    }
  }

  private func checkSignatures(
    of update: RegistryUpdate, saying change: RegistryChange
  ) throws(RegistryFault) {
    let number = update.number
    let (allowed, needed) = signers(of: change)
    guard update.signatures.count >= needed else {
      throw .tooFewSignatures(number: number, found: update.signatures.count, needed: needed)
    }
    let digest = EIP191.digest(Array(update.proposal.approvalText.utf8))
    var seen: Set<WalletAddress> = []
    for signature in update.signatures {
      guard allowed.contains(signature.signer) else { throw .foreignSigner(number: number, signature.signer) }
      guard seen.insert(signature.signer).inserted else { throw .repeatedSigner(number: number, signature.signer) }
      let recovered = try? EthereumSignature.recover(digest: digest, signature: signature.bytes)
      guard recovered == signature.signer else {
        throw .invalidSignature(number: number, signature.signer)
      }
    }
  }

  private mutating func apply(_ change: RegistryChange) throws(RegistryRule) {
    switch change {
    case .members(let members):
      try check(members)
      self.members = members
    case .epoch(let next):
      guard next == epoch + 1 else { throw .epochNotNext }
      epoch = next
    case .policy(let kinds, let stake, let requirements):
      guard !kinds.isEmpty, Set(kinds).isSubset(of: founding.evidenceKinds) else { throw .evidenceKindNotFounded }
      guard (1...UInt64(JSONValue.largestInteger)).contains(stake) else { throw .minimumStakeOutOfRange }
      if let requirements {
        guard requirements.kinds.allSatisfy({ founding.evidenceKinds.contains($0.text) }) else {
          throw .evidenceKindNotFounded
        }
        self.requirements = requirements
      }
      evidenceKinds = kinds
      minimumStake = stake
    case .measurements(let measurements):
      guard Set(measurements.keys).isSubset(of: founding.evidenceKinds) else { throw .evidenceKindNotFounded }
      self.measurements = measurements
    case .keyCertificate(let of, let digest):
      guard of == epoch else { throw .certificateOfOtherEpoch }
      guard certificates[of] == nil else { throw .certificateAlreadyNamed }
      certificates[of] = digest
    case .keyRecord(let record):
      keyRecords[record.key] = record
    case .notBefore(let wallet, let moment):
      guard notBefore[wallet].map({ $0 <= moment }) ?? true else { throw .notBeforeGoesBack }
      notBefore[wallet] = moment
    }
  }

  private func check(_ members: [Member]) throws(RegistryRule) {
    guard members.count >= founding.minimumMembers, members.count <= WireLimits.members else { throw .tooFewMembers }
    for (earlier, later) in zip(members, members.dropFirst()) {
      guard earlier.node < later.node else { throw .membersUnordered }
    }
    guard Set(members.map(\.identityKey)).count == members.count else { throw .sharedIdentityKey }
    guard Set(members.flatMap { [$0.peerEndpoint, $0.clientEndpoint] }).count == 2 * members.count else {
      throw .sharedEndpoint
    }
    for member in members where !member.registration.isProved(for: network) {
      throw .unprovedIdentityKey(member.node)
    }
  }
}
