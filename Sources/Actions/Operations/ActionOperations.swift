public import ActionNames

/// What an action can ask for. The node provides it; each call is judged as if the action's author had written it by
/// hand, for the user of the request and for the action's own name.
///
/// A call returns soon after its task is cancelled: the run it belongs to is over then. What is not provided throws,
/// which the action can catch.
public protocol ActionOperations: Sendable {
  /// Leaves a signature share under its name for the user to combine.
  func sign(_ order: SigningOrder, by caller: ActionCaller) async throws(OperationRefusal)
  /// EIP-191 over a text, as ``sign(_:by:)``.
  func signPersonalMessage(_ order: PersonalMessageOrder, by caller: ActionCaller) async throws(OperationRefusal)
  /// Signs with the quorum and combines; every member learns the signature.
  func signAndCombine(
    _ order: SigningOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) -> CombinedSignature
  /// Signs with the key that belongs to the action itself.
  func signAsAction(
    _ order: ActionSigningOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) -> ActionSignature
  func publicKey(
    of action: ActionID, scheme: SigningScheme, by caller: ActionCaller
  ) async throws(OperationRefusal) -> [UInt8]
  /// Whether the action signed exactly these bytes.
  func verify(_ check: ActionSignatureCheck, by caller: ActionCaller) async throws(OperationRefusal) -> Bool

  func encrypt(_ order: EncryptionOrder, by caller: ActionCaller) async throws(OperationRefusal) -> EncryptedData
  /// The plaintext; nil where it is for another node of the quorum only.
  func decrypt(_ order: DecryptionOrder, by caller: ActionCaller) async throws(OperationRefusal) -> [UInt8]?
  func checkConditions(_ check: ConditionCheck, by caller: ActionCaller) async throws(OperationRefusal) -> Bool

  /// What every node of the quorum gave for this name, in any order.
  func broadcast(name: String, value: String, by caller: ActionCaller) async throws(OperationRefusal) -> [String]
  /// Whether this node runs what `runOnce` of this name wraps. In the next two the label is the same for one use of
  /// `runOnce` on all nodes.
  func isLeader(ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) -> Bool
  /// Tells the others what it came to.
  func publish(_ value: String, ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal)
  /// What the leader published.
  func result(ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) -> String

  /// The bytes of a nested call's action. Compared with the name before they run.
  func code(of action: ActionID, by caller: ActionCaller) async throws(OperationRefusal) -> [UInt8]
  func fetch(_ request: FetchRequest, by caller: ActionCaller) async throws(OperationRefusal) -> FetchResponse

  /// `eth_call` of an unsigned legacy transaction; `0x` and the result in hexadecimal.
  func callContract(
    chain: String, transaction: [UInt8], by caller: ActionCaller
  ) async throws(OperationRefusal) -> [UInt8]
  /// `0x` and the number in hexadecimal.
  func latestNonce(address: String, chain: String, by caller: ActionCaller) async throws(OperationRefusal) -> String
  func rpcURL(chain: String, by caller: ActionCaller) async throws(OperationRefusal) -> String

  func permission(
    _ query: PermissionQuery, by caller: ActionCaller
  ) async throws(OperationRefusal) -> PermissionAnswer
  /// Claims the key that an id and the action's own name derive.
  func claimKey(_ id: String, by caller: ActionCaller) async throws(OperationRefusal)
}

/// Why an operation was not done. The action gets the message as an `Error`: it says nothing the user may not know.
public struct OperationRefusal: Error, Sendable, Hashable {
  public let message: String

  public init(_ message: String) {
    self.message = message
  }

  static func notProvided(_ name: String) -> OperationRefusal {
    OperationRefusal("Lit.Actions.\(name) is not provided by this network")
  }
}

/// On whose behalf an operation is asked for. Made by the host; nothing of it comes from the worker.
public struct ActionCaller: Sendable, Hashable {
  /// Outermost first; the last one asks.
  public let stack: [ActionID]
  /// Names this operation among all of the run, alike on every node that runs the same code with the same results:
  /// `sign#0`, `call#1/sign#0`.
  public let label: String

  /// Whose permission counts.
  public var action: ActionID? { stack.last }
}
