internal import ActionFetch
internal import ActionNames
internal import Actions
internal import Authorization
internal import Identifiers
internal import KeyGeneration
internal import Membership
internal import PublicKeys
internal import Transcripts
internal import Wire

/// What an action may have this node do: each operation is judged anew, and is a session of the request that runs it.
///
/// Peers can cause none of these sessions: a node is in one only when its own run of the action got there.
struct ActionSessions: ActionOperations {
  /// The request's own operation, which runs the action.
  let run: AuthorizedOperation
  let judge: any RequestJudge
  let standing: Standing
  let sessions: RequestSessions
  let pairs: PairLife
  let clock: any LocalClock
  let limits: NodeLimits
  let counter: BootCounter
  let fetcher: FetchClient?
  let shares = ActionShares()

  func sign(_ order: Actions.SigningOrder, by caller: ActionCaller) async throws(OperationRefusal) {
    guard let purpose = order.scheme.purpose else {
      throw OperationRefusal("signatures of \(order.scheme.rawValue) are not provided by this network")
    }
    try await sign(.raw(order.toSign), purpose, order.publicKey, order.name, caller)
  }

  func broadcast(
    name: String, value: String, by caller: ActionCaller
  ) async throws(OperationRefusal) -> [String] {
    guard value.utf8.count <= ActionExchange.valueLimit else {
      throw OperationRefusal("a value has at most \(ActionExchange.valueLimit) bytes")
    }
    guard let action = caller.action else { throw .notPermitted }
    let serving = try serving()
    let authorized = try authorized(ActionOrder(exchanging: name, by: action, label: caller.label), serving)
    do throws(FailedExchange) {
      let values = try await ActionExchange(signing: signing(authorized, serving)).run(Array(value.utf8))
      return values.map { String(decoding: $0, as: UTF8.self) }
    } catch {
      throw OperationRefusal("the exchange failed: \(error.outcome.code.message)")
    }
  }

  func fetch(
    _ request: FetchRequest, by caller: ActionCaller
  ) async throws(OperationRefusal) -> FetchResponse {
    guard let fetcher else { throw OperationRefusal("fetch is not provided by this network") }
    return try await fetcher.fetch(request)
  }

  func signPersonalMessage(
    _ order: PersonalMessageOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) {
    try await sign(
      .personalMessage(Array(order.message.utf8)), .secp256k1ECDSA, order.publicKey, order.name, caller)
  }

  private func sign(
    _ content: ContentToSign, _ purpose: KeyPurpose, _ publicKey: [UInt8], _ name: String, _ caller: ActionCaller
  ) async throws(OperationRefusal) {
    guard name.utf8.count <= WireLimits.nameOfSignature else {
      throw OperationRefusal("sigName is longer than \(WireLimits.nameOfSignature) bytes")
    }
    guard content.byteCount <= WireLimits.contentOfAction else {
      throw OperationRefusal("what an action signs has at most \(WireLimits.contentOfAction) bytes")
    }
    let serving = try serving()
    let keys = ActionKeys(run: run, caller: caller, purpose: purpose, serving: serving)
    let authorized = try authorized(.sign(key: keys.key(named: publicKey), content: content), caller, serving)
    guard case .sign(let record, let message) = authorized.work, record.purpose == purpose else { throw .notPermitted }
    guard shares.take(name) else { throw OperationRefusal("there is a signature named \(name) already") }

    let signing = signing(authorized, serving)
    let outcome =
      record.purpose == .secp256k1ECDSA
      ? await ECDSASigning(signing: signing, pairs: pairs).sign(record, message)
      : await signing.sign(record, message)
    let share: NamedShare.Share
    switch outcome {
    case .signatureShare(let outcome): share = .schnorr(outcome)
    case .ecdsaShare(let outcome): share = .ecdsa(outcome)
    case .failed(let failed): throw OperationRefusal("signing failed: \(failed.code.message)")
    case .decryptionShare, .execution: throw OperationRefusal("signing failed")
    }
    do {
      shares.put(try NamedShare(name: name, key: record.key, content: content, share: share))
    } catch {
      throw OperationRefusal("signing failed")
    }
  }

  /// The world as it is now: a run may be long.
  private func serving() throws(OperationRefusal) -> Standing.Serving {
    do {
      return try standing.finishing()
    } catch {
      throw OperationRefusal(ErrorCode.notReady.message)
    }
  }

  private func signing(_ authorized: AuthorizedOperation, _ serving: Standing.Serving) -> Signing {
    Signing(
      authorized: authorized, keys: serving.keys, sessions: sessions, clock: clock, limits: limits.ofSessionsInActions,
      counter: counter)
  }

  private func authorized(
    _ operation: Wire.Operation, _ caller: ActionCaller, _ serving: Standing.Serving
  ) throws(OperationRefusal) -> AuthorizedOperation {
    guard let action = caller.action else { throw .notPermitted }
    return try authorized(ActionOrder(operation, by: action, label: caller.label), serving)
  }

  private func authorized(
    _ order: ActionOrder, _ serving: Standing.Serving
  ) throws(OperationRefusal) -> AuthorizedOperation {
    do throws(Refusal) {
      return try judge.authorize(
        order, within: run, at: standing.wallClock.read(), in: serving.snapshot,
        under: QuorumRules(serving.keys.certificate))
    } catch {
      throw OperationRefusal(error.code.message)
    }
  }
}

extension OperationRefusal {
  /// The same for a key nobody has and for one that is not for this action.
  static var notPermitted: OperationRefusal { OperationRefusal(ErrorCode.notPermitted.message) }
}

extension NodeLimits {
  /// Nodes get to an operation of an action less evenly than to a request's own.
  var ofSessionsInActions: NodeLimits {
    var limits = self
    limits.roundDeadline = actionRoundDeadline
    return limits
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
}
