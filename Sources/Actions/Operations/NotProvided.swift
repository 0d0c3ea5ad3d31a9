public import ActionNames

/// A node without some operation says so by its name in the interface.
extension ActionOperations {
  public func sign(_ order: SigningOrder, by caller: ActionCaller) async throws(OperationRefusal) {
    throw .notProvided("sign")
  }

  public func signPersonalMessage(
    _ order: PersonalMessageOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) {
    throw .notProvided("ethPersonalSignMessageEcdsa")
  }

  public func signAndCombine(
    _ order: SigningOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) -> CombinedSignature {
    throw .notProvided("signAndCombine")
  }

  public func signAsAction(
    _ order: ActionSigningOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) -> ActionSignature {
    throw .notProvided("signAsAction")
  }

  public func publicKey(
    of action: ActionID, scheme: SigningScheme, by caller: ActionCaller
  ) async throws(OperationRefusal) -> [UInt8] {
    throw .notProvided("getActionPublicKey")
  }

  public func verify(
    _ check: ActionSignatureCheck, by caller: ActionCaller
  ) async throws(OperationRefusal) -> Bool {
    throw .notProvided("verifyActionSignature")
  }

  public func encrypt(
    _ order: EncryptionOrder, by caller: ActionCaller
  ) async throws(OperationRefusal) -> EncryptedData {
    throw .notProvided("encrypt")
  }

  public func decrypt(_ order: DecryptionOrder, by caller: ActionCaller) async throws(OperationRefusal) -> [UInt8]? {
    throw .notProvided(order.isForLeaderOnly ? "decryptToSingleNode" : "decryptAndCombine")
  }

  public func checkConditions(
    _ check: ConditionCheck, by caller: ActionCaller
  ) async throws(OperationRefusal) -> Bool {
    throw .notProvided("checkConditions")
  }

  public func broadcast(
    name: String, value: String, by caller: ActionCaller
  ) async throws(OperationRefusal) -> [String] {
    throw .notProvided("broadcastAndCollect")
  }

  public func isLeader(ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) -> Bool {
    throw .notProvided("runOnce")
  }

  public func publish(
    _ value: String, ofRunOnce name: String, by caller: ActionCaller
  ) async throws(OperationRefusal) {
    throw .notProvided("runOnce")
  }

  public func result(ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) -> String {
    throw .notProvided("runOnce")
  }

  public func code(of action: ActionID, by caller: ActionCaller) async throws(OperationRefusal) -> [UInt8] {
    throw .notProvided("call")
  }

  public func fetch(
    _ request: FetchRequest, by caller: ActionCaller
  ) async throws(OperationRefusal) -> FetchResponse {
    throw OperationRefusal("fetch is not provided by this network")
  }

  public func callContract(
    chain: String, transaction: [UInt8], by caller: ActionCaller
  ) async throws(OperationRefusal) -> [UInt8] {
    throw .notProvided("callContract")
  }

  public func latestNonce(
    address: String, chain: String, by caller: ActionCaller
  ) async throws(OperationRefusal) -> String {
    throw .notProvided("getLatestNonce")
  }

  public func rpcURL(chain: String, by caller: ActionCaller) async throws(OperationRefusal) -> String {
    throw .notProvided("getRpcUrl")
  }

  public func permission(
    _ query: PermissionQuery, by caller: ActionCaller
  ) async throws(OperationRefusal) -> PermissionAnswer {
    throw .notProvided(query.functionName)
  }

  public func claimKey(_ id: String, by caller: ActionCaller) async throws(OperationRefusal) {
    throw .notProvided("claimKey")
  }
}
