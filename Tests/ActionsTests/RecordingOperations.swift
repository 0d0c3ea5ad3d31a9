import ActionNames
import Actions
import Synchronization

/// Answers every operation with something simple and remembers who asked.
final class RecordingOperations: ActionOperations {
  private let record = Mutex<[(ActionCaller, String)]>([])
  private let actions: [ActionID: [UInt8]]
  private let pause: Duration

  init(actions: [String] = [], pause: Duration = .zero) {
    self.actions = Dictionary(actions.map { (ActionID(of: Array($0.utf8)), Array($0.utf8)) }) { first, _ in first }
    self.pause = pause
  }

  /// What was asked, in order.
  var labels: [String] { record.withLock { $0.map(\.0.label) } }
  var callers: [ActionCaller] { record.withLock { $0.map(\.0) } }
  var details: [String] { record.withLock { $0.map(\.1) } }

  private func note(_ caller: ActionCaller, _ detail: String) async {
    record.withLock { $0.append((caller, detail)) }
    if pause > .zero { try? await Task.sleep(for: pause) }
  }

  func sign(_ order: SigningOrder, by caller: ActionCaller) async throws(OperationRefusal) {
    await note(caller, "\(order.scheme.rawValue) \(order.toSign) \(order.publicKey) \(order.name)")
    if order.name == "refused" { throw OperationRefusal("this key is not for this action") }
  }

  func signPersonalMessage(_ order: PersonalMessageOrder, by caller: ActionCaller) async throws(OperationRefusal) {
    await note(caller, order.message)
  }

  func signAndCombine(
    _ order: SigningOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) -> CombinedSignature {
    await note(caller, order.scheme.rawValue)
    return switch order.scheme {
    case .ecdsaSecp256k1: .ecdsa(r: [1, 2], s: [3, 4], recoveryID: 1)
    case .bls12381: .bls([5])
    default: .schnorr(r: [6], s: [7])
    }
  }

  func signAsAction(
    _ order: ActionSigningOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) -> ActionSignature {
    await note(caller, order.name)
    return ActionSignature(signature: [1], verifyingKey: [2], signedData: order.toSign, recoveryID: 0)
  }

  func publicKey(
    of action: ActionID, scheme: SigningScheme, by caller: ActionCaller
  ) async throws(OperationRefusal) -> [UInt8] {
    await note(caller, action.text)
    return [4, 2]
  }

  func verify(_ check: ActionSignatureCheck, by caller: ActionCaller) async throws(OperationRefusal) -> Bool {
    await note(caller, check.signature)
    return check.toSign == [9]
  }

  func encrypt(_ order: EncryptionOrder, by caller: ActionCaller) async throws(OperationRefusal) -> EncryptedData {
    await note(caller, order.conditions)
    return EncryptedData(ciphertext: "c2VhbGVk", dataHash: "00")
  }

  func decrypt(_ order: DecryptionOrder, by caller: ActionCaller) async throws(OperationRefusal) -> [UInt8]? {
    await note(caller, order.authSig ?? "none")
    return order.isForLeaderOnly ? nil : order.ciphertext == "binary" ? [0xff] : Array("plain é".utf8)
  }

  func checkConditions(_ check: ConditionCheck, by caller: ActionCaller) async throws(OperationRefusal) -> Bool {
    await note(caller, check.conditions)
    return true
  }

  func broadcast(name: String, value: String, by caller: ActionCaller) async throws(OperationRefusal) -> [String] {
    await note(caller, name)
    return ["c", value, "a"]
  }

  func isLeader(ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) -> Bool {
    await note(caller, name)
    return name != "follow"
  }

  func publish(_ value: String, ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) {
    await note(caller, value)
  }

  func result(ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) -> String {
    await note(caller, name)
    return "from the leader"
  }

  func code(of action: ActionID, by caller: ActionCaller) async throws(OperationRefusal) -> [UInt8] {
    await note(caller, action.text)
    guard let code = actions[action] else { throw OperationRefusal("no such action") }
    return code
  }

  func fetch(_ request: FetchRequest, by caller: ActionCaller) async throws(OperationRefusal) -> FetchResponse {
    await note(caller, "\(request.method) \(request.url) \(request.redirect.rawValue)")
    if request.url.hasSuffix("/refused") { throw OperationRefusal("this address is not allowed") }
    return FetchResponse(
      status: request.url.hasSuffix("/none") ? 204 : 200, statusText: "OK",
      headers: [FetchHeader("content-type", "application/json"), FetchHeader("x-seen", request.method)],
      body: request.body ?? Array(#"{"a":1}"#.utf8), url: request.url)
  }

  func callContract(
    chain: String, transaction: [UInt8], by caller: ActionCaller
  ) async throws(OperationRefusal) -> [UInt8] {
    await note(caller, chain)
    return transaction
  }

  func latestNonce(
    address: String, chain: String, by caller: ActionCaller
  ) async throws(OperationRefusal) -> String {
    await note(caller, address)
    return "0x7"
  }

  func rpcURL(chain: String, by caller: ActionCaller) async throws(OperationRefusal) -> String {
    await note(caller, chain)
    return chain
  }

  func permission(
    _ query: PermissionQuery, by caller: ActionCaller
  ) async throws(OperationRefusal) -> PermissionAnswer {
    await note(caller, "\(query)")
    return switch query {
    case .isActionPermitted, .isAddressPermitted, .isMethodPermitted: .decision(true)
    case .permittedActions, .permittedAddresses: .names(["x"])
    case .permittedMethods: .methods([PermittedMethod(type: 1, userID: [1], userPublicKey: [])])
    case .permittedScopes(_, _, _, let largest): .scopes([Bool](repeating: true, count: Int(largest)))
    }
  }

  func claimKey(_ id: String, by caller: ActionCaller) async throws(OperationRefusal) {
    await note(caller, id)
  }
}
