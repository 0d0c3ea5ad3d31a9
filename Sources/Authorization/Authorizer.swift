import ActionNames
public import Identifiers
public import Membership
import PublicKeys
import SigningContent
import Transcripts
public import Wire

/// Decides by itself whether this node may do what a request orders. Pure: clock, registry and certificate are given.
public struct Authorizer: Sendable {
  /// How far a user's clock may be ahead of this node's, in seconds.
  public static let clockSkew: Int64 = 5

  public let node: NodeID
  public let instance: Instance
  private let examiner: any Examiner

  public init(node: NodeID, instance: Instance) {
    self.init(node: node, instance: instance, examiner: PlainExaminer())
  }

  init(node: NodeID, instance: Instance, examiner: any Examiner) {
    self.node = node
    self.instance = instance
    self.examiner = examiner
  }

  /// Steps 1 to 5 on the body of `POST /v1/sign`, `/v1/decrypt` or `/v1/execute`.
  public func authorize(
    body: [UInt8], at clock: ClockReading, in snapshot: MembershipSnapshot, under rules: QuorumRules
  ) throws(Refusal) -> AuthorizedOperation {
    let submission: RequestSubmission
    do { submission = try RequestSubmission(decoding: body) } catch { throw Refusal(.malformed(error)) }
    return try authorize(submission, at: clock, in: snapshot, under: rules)
  }

  /// Steps 2 to 5 on a submission that decoded, which is step 1. Each step runs only when all before it passed;
  /// of a contract wallet the time is looked at before anybody asks the contract.
  ///
  /// - Parameter finding: what the wallet's contract said, where the wallet is one. Without it such a request is
  ///   refused with ``CapabilityRefusal/contractNotAsked``; whoever asks the contract then comes again.
  public func authorize(
    _ submission: RequestSubmission, finding: ContractFinding? = nil, at clock: ClockReading,
    in snapshot: MembershipSnapshot, under rules: QuorumRules
  ) throws(Refusal) -> AuthorizedOperation {
    let request = submission.request
    let id = request.id
    try checkAddressee(submission, id: id, in: snapshot, under: rules)
    let capability: VerifiedCapability
    let unverified: UnverifiedCapability
    do {
      unverified = try CapabilityRules.read(request.payload.capability, sessionKey: request.sessionKey, in: snapshot)
    } catch {
      throw Refusal(.capability(error), request: id)
    }
    let timeProblem = Self.timeProblem(of: request.payload, with: unverified, at: clock)
    // To ask a contract costs more than to look at the clock.
    if unverified.signed.block != nil, let timeProblem { throw Refusal(timeProblem, request: id) }
    do {
      capability = try CapabilityRules.verify(unverified, finding: finding, in: snapshot, examiner: examiner)
    } catch {
      throw Refusal(.capability(error), request: id)
    }
    if let timeProblem { throw Refusal(timeProblem, request: id) }
    let work = try permittedWork(
      of: request.payload.operation, for: .user(capability), request: id, in: snapshot, under: rules)
    return AuthorizedOperation(
      request, id: id, capability: capability, certificate: rules.certificate,
      replyContext: ReplyContext(request: id, node: node, instance: instance), work: work)
  }

  /// Step 2: comparisons first, then the two signatures.
  ///
  /// A view that has not come as far as the request wants is compared with nothing: quorum and epoch may be of a later
  /// one.
  private func checkAddressee(
    _ submission: RequestSubmission, id: RequestID, in snapshot: MembershipSnapshot, under rules: QuorumRules
  ) throws(Refusal) {
    let request = submission.request
    let payload = request.payload
    guard payload.network == snapshot.network else { throw Refusal(.network) }
    if let number = payload.registryNumber, number > snapshot.number {
      try checkSignatures(submission, id: id)
      throw Refusal(.viewBehind, request: id)
    }
    guard payload.epoch == rules.epoch, payload.epoch == snapshot.epoch,
      snapshot.certificateDigest(of: payload.epoch).map({ $0 == rules.certificate }) ?? true
    else { throw Refusal(.epoch) }
    guard payload.quorum.instance(of: node) == instance else { throw Refusal(.notThisInstance) }
    guard Self.sizes(of: payload.operation, under: rules).contains(payload.quorum.count) else {
      throw Refusal(.quorumSize)
    }
    guard payload.quorum.nodes.allSatisfy({ rules.members.contains($0) && snapshot.eligibleMember($0) != nil }) else {
      throw Refusal(.quorumMember)
    }
    try checkSignatures(submission, id: id)
  }

  private func checkSignatures(_ submission: RequestSubmission, id: RequestID) throws(Refusal) {
    let request = submission.request
    guard submission.delivery.isValid(of: id, node: node, instance: instance, sessionKey: request.sessionKey) else {
      throw Refusal(.delivery)
    }
    guard request.hasValidSignature else { throw Refusal(.signature) }
  }

  /// Interactive operations need exactly `t` nodes; a decryption share stands alone, so more may be asked.
  private static func sizes(of operation: Operation, under rules: QuorumRules) -> ClosedRange<Int> {
    switch operation {
    case .sign, .execute, .executeNamed: rules.threshold...rules.threshold
    case .decrypt: rules.threshold...max(rules.threshold, rules.members.count)
    }
  }

  /// Step 4: a clock to trust, the request inside the capability, now inside the request.
  private static func timeProblem(
    of payload: RequestPayload, with capability: UnverifiedCapability, at clock: ClockReading
  ) -> Refusal.Reason? {
    guard clock.isTrustworthy else { return .clockWentBack }
    guard payload.issuedAt >= capability.validFrom, payload.expiresAt <= capability.expiresAt else {
      return .outsideCapability
    }
    guard payload.issuedAt <= clock.wall.adding(seconds: clockSkew) else { return .notYetValid }
    guard clock.wall < payload.expiresAt else { return .expired }
    return nil
  }

  /// Step 5. Content is read before anybody looks at a key; everything else is one and the same refusal.
  func permittedWork(
    of operation: Operation, for asker: Asker, request: RequestID, in snapshot: MembershipSnapshot,
    under rules: QuorumRules
  ) throws(Refusal) -> AuthorizedOperation.Work {
    let order: ReadableOrder
    do { order = try ReadableOrder(operation, examiner) } catch { throw Refusal(.content(error), request: request) }
    guard let work = permittedWork(of: order, for: asker, in: snapshot, under: rules) else {
      throw Refusal(.notPermitted, request: request)
    }
    return work
  }

  /// Nil for whatever reason it is not permitted. Every question is asked whatever the answers before it, so that the
  /// work done does not tell which of them was no.
  private func permittedWork(
    of order: ReadableOrder, for asker: Asker, in snapshot: MembershipSnapshot, under rules: QuorumRules
  ) -> AuthorizedOperation.Work? {
    switch order {
    case .sign(let key, let kind, let content):
      let known = examiner.record(of: key, in: snapshot)
      guard let record = known ?? Self.nobodysRecord(signing: kind) else { return nil }
      let mayAsk = asker.may(use: key, of: record, examiner)
      let isAllowedKind = examiner.allows(record, kind)
      let contentKey = content.isReadable ? examiner.contentKey(of: record, under: rules) : nil
      let isPermitted = examiner.permits(record, content, by: contentKey)
      let message = examiner.message(of: content, for: record.purpose, by: contentKey)
      guard known != nil, mayAsk, isAllowedKind, isPermitted, let message else { return nil }
      return .sign(record, message: message)
    case .decrypt(let bytes, let dataKeyHash):
      let hash = Digest32.sha256(of: bytes)
      let policy = examiner.policy(bytes)
      guard asker.mayDecrypt(under: hash, policy, examiner) else { return nil }
      return .decrypt(identity: DecryptionPolicy.identity(policyHash: hash, dataKeyHash: dataKeyHash))
    case .execute(let action):
      guard asker.mayExecute(action, examiner) else { return nil }
      return .execute(action)
    }
  }

  /// What the questions are asked about when there is no record: a key that could sign such content.
  private static func nobodysRecord(signing kind: SigningKind) -> KeyRecord? {
    let purpose: KeyPurpose = KeyPurpose.ed25519Sign.signs(kind) ? .ed25519Sign : .secp256k1ECDSA
    return try? KeyRecord(
      network: .zero, purpose: purpose, owner: .zero, salt: [UInt8](repeating: 0, count: 16), kinds: [kind],
      wallets: [.zero])
  }
}

/// An operation whose content was read.
private enum ReadableOrder {
  case sign(KeyID, SigningKind, ReadableContent)
  case decrypt(policy: [UInt8], dataKeyHash: Digest32)
  case execute(ActionID)

  init(_ operation: Operation, _ examiner: any Examiner) throws(ContentError) {
    switch operation {
    case .sign(let key, let content): self = .sign(key, content.kind, try examiner.read(content))
    case .decrypt(let policy, let hash): self = .decrypt(policy: policy, dataKeyHash: hash)
    case .execute(let code, _): self = .execute(ActionID(of: code))
    case .executeNamed(let action, _): self = .execute(action)
    }
  }
}
