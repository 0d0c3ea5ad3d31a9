internal import ActionNames
internal import Identifiers

/// One operation as a worker asked for it, in types.
enum OperationRequest: Sendable, Hashable {
  case sign(SigningOrder)
  case signPersonalMessage(PersonalMessageOrder)
  case signAndCombine(SigningOrder)
  case signAsAction(ActionSigningOrder)
  case publicKey(of: ActionID, scheme: SigningScheme)
  case verify(ActionSignatureCheck)
  case encrypt(EncryptionOrder)
  case decrypt(DecryptionOrder)
  case checkConditions(ConditionCheck)
  case broadcast(name: String, value: String)
  /// The number tells the uses of `runOnce` in one worker apart, alike on all nodes.
  case runOnceRole(name: String, number: Int64)
  case runOncePublish(name: String, number: Int64, value: String)
  case runOnceAwait(name: String, number: Int64)
  case call(ActionID, parameters: String)
  case callContract(chain: String, transaction: [UInt8])
  case latestNonce(address: String, chain: String)
  case rpcURL(chain: String)
  case permission(PermissionQuery)
  case claimKey(String)
  case fetch(FetchRequest)

  /// What names its session where the leader and the others ask for different operations, which each count their own.
  var sharedLabel: String? {
    switch self {
    case .runOncePublish(_, let number, _), .runOnceAwait(_, let number):
      "runOnce#\(number)"
    default: nil
    }
  }

  /// Every counter it moves besides that of all operations.
  var costs: [ActionCost] {
    switch self {
    case .sign, .signPersonalMessage: [.signature]
    case .signAndCombine, .signAsAction: [.signature, .broadcast]
    case .decrypt: [.decryption, .broadcast]
    case .broadcast, .runOncePublish, .runOnceAwait: [.broadcast]
    case .call: [.call]
    case .callContract, .latestNonce: [.contractCall]
    case .fetch: [.fetch]
    case .publicKey, .verify, .encrypt, .checkConditions, .runOnceRole, .rpcURL, .permission, .claimKey: []
    }
  }
}

/// Why a request is not done.
enum RequestProblem: Error, Sendable, Hashable {
  /// The worker's own script would never have sent it.
  case violation(WorkerViolation)
  /// The action passed something that is not what the function takes; it learns what.
  case refused(OperationRefusal)
}

extension OperationRequest {
  init(_ name: String, _ members: [JSONMember]) throws(RequestProblem) {
    var input = OperationInput(members)
    guard let request = try Self.read(name, &input) else { throw .violation(.unknownOperation) }
    try input.finish()
    self = request
  }

  private static func read(
    _ name: String, _ input: inout OperationInput
  ) throws(RequestProblem) -> OperationRequest? {
    switch name {
    case "sign": .sign(try signing(&input))
    case "signAndCombine": .signAndCombine(try signing(&input))
    case "signPersonalMessage":
      .signPersonalMessage(
        PersonalMessageOrder(
          message: try input.text("message"), publicKey: try input.hex("publicKey"), name: try input.text("name")))
    case "signAsAction":
      .signAsAction(
        ActionSigningOrder(
          scheme: try input.scheme(), toSign: try input.bytes("toSign"), name: try input.text("name")))
    case "actionPublicKey": .publicKey(of: try input.action(), scheme: try input.scheme())
    case "verifyActionSignature":
      .verify(
        ActionSignatureCheck(
          scheme: try input.scheme(), action: try input.action(), toSign: try input.bytes("toSign"),
          signature: try input.text("signature")))
    case "encrypt":
      .encrypt(
        EncryptionOrder(conditions: try input.text("conditions"), plaintext: try input.bytes("plaintext")))
    case "decryptAndCombine": .decrypt(try decryption(&input, isForLeaderOnly: false))
    case "decryptToSingleNode": .decrypt(try decryption(&input, isForLeaderOnly: true))
    case "checkConditions":
      .checkConditions(
        ConditionCheck(
          conditions: try input.text("conditions"), authSig: try input.optionalText("authSig"),
          chain: try input.optionalText("chain")))
    case "broadcastAndCollect": .broadcast(name: try input.text("name"), value: try input.text("value"))
    case "runOnceRole": .runOnceRole(name: try input.text("name"), number: try input.integer("number"))
    case "runOncePublish":
      .runOncePublish(
        name: try input.text("name"), number: try input.integer("number"), value: try input.text("value"))
    case "runOnceAwait": .runOnceAwait(name: try input.text("name"), number: try input.integer("number"))
    case "call": .call(try input.action(), parameters: try input.optionalText("parameters") ?? "{}")
    case "callContract":
      .callContract(chain: try input.text("chain"), transaction: try input.hex("transaction"))
    case "latestNonce": .latestNonce(address: try input.text("address"), chain: try input.text("chain"))
    case "rpcURL": .rpcURL(chain: try input.text("chain"))
    case "claimKey": .claimKey(try input.text("key"))
    case "fetch": .fetch(try fetching(&input))
    default: try permission(name, &input).map { .permission($0) }
    }
  }

  private static func signing(_ input: inout OperationInput) throws(RequestProblem) -> SigningOrder {
    SigningOrder(
      scheme: try input.scheme(), toSign: try input.bytes("toSign"), publicKey: try input.hex("publicKey"),
      name: try input.text("name"))
  }

  private static func decryption(
    _ input: inout OperationInput, isForLeaderOnly: Bool
  ) throws(RequestProblem) -> DecryptionOrder {
    DecryptionOrder(
      conditions: try input.text("conditions"), ciphertext: try input.text("ciphertext"),
      dataHash: try input.text("dataHash"), authSig: try input.optionalText("authSig"),
      chain: try input.optionalText("chain"), isForLeaderOnly: isForLeaderOnly)
  }

  private static func fetching(_ input: inout OperationInput) throws(RequestProblem) -> FetchRequest {
    guard let redirect = FetchRequest.Redirect(rawValue: try input.text("redirect")) else {
      throw .violation(.malformedOperation)
    }
    return FetchRequest(
      url: try input.text("url"), method: try input.text("method"), headers: try input.headers(),
      body: try input.optionalBytes("body"), redirect: redirect)
  }

  private static func permission(
    _ name: String, _ input: inout OperationInput
  ) throws(RequestProblem) -> PermissionQuery? {
    switch name {
    case "isPermittedAction":
      .isActionPermitted(token: try input.token(), action: try input.text("action"))
    case "isPermittedAddress":
      .isAddressPermitted(token: try input.token(), address: try input.text("address"))
    case "isPermittedAuthMethod":
      .isMethodPermitted(
        token: try input.token(), type: try input.integer("type"), user: try input.bytes("user"))
    case "permittedActions": .permittedActions(token: try input.token())
    case "permittedAddresses": .permittedAddresses(token: try input.token())
    case "permittedAuthMethods": .permittedMethods(token: try input.token())
    case "permittedAuthMethodScopes":
      .permittedScopes(
        token: try input.token(), type: try input.integer("type"), user: try input.bytes("user"),
        largest: try input.integer("largest"))
    default: nil
    }
  }
}
