internal import Identifiers

extension OperationRequest {
  /// Has it done, everything but a nested call, and gives the result in the form the interface shows.
  func perform(
    by operations: any ActionOperations, for caller: ActionCaller
  ) async throws(OperationRefusal) -> JSONValue {
    switch self {
    case .sign(let order):
      try await operations.sign(order, by: caller)
      return .null
    case .signPersonalMessage(let order):
      try await operations.signPersonalMessage(order, by: caller)
      return .null
    case .signAndCombine(let order):
      return .string(try await operations.signAndCombine(order, by: caller).interfaceText)
    case .signAsAction(let order):
      return .string(try await operations.signAsAction(order, by: caller).interfaceText)
    case .publicKey(let action, let scheme):
      return .string(Hex.encode(try await operations.publicKey(of: action, scheme: scheme, by: caller)))
    case .verify(let check):
      return .bool(try await operations.verify(check, by: caller))
    case .encrypt(let order):
      let data = try await operations.encrypt(order, by: caller)
      return .object([
        JSONMember("ciphertext", .string(data.ciphertext)), JSONMember("dataToEncryptHash", .string(data.dataHash)),
      ])
    case .decrypt(let order):
      return .string(Base64URL.encode(try await operations.decrypt(order, by: caller) ?? []))
    case .checkConditions(let check):
      return .bool(try await operations.checkConditions(check, by: caller))
    case .broadcast(let name, let value):
      // Sorted, so that every node of the quorum sees the same list.
      let values = try await operations.broadcast(name: name, value: value, by: caller)
      let sorted = values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return .array(sorted.map { .string($0) })
    case .runOnceRole(let name, _):
      return .bool(try await operations.isLeader(ofRunOnce: name, by: caller))
    case .runOncePublish(let name, _, let value):
      try await operations.publish(value, ofRunOnce: name, by: caller)
      return .null
    case .runOnceAwait(let name, _):
      return .string(try await operations.result(ofRunOnce: name, by: caller))
    case .callContract(let chain, let transaction):
      let result = try await operations.callContract(chain: chain, transaction: transaction, by: caller)
      return .string("0x" + Hex.encode(result))
    case .latestNonce(let address, let chain):
      return .string(try await operations.latestNonce(address: address, chain: chain, by: caller))
    case .rpcURL(let chain):
      return .string(try await operations.rpcURL(chain: chain, by: caller))
    case .permission(let query):
      return try await operations.permission(query, by: caller).interfaceValue
    case .claimKey(let id):
      try await operations.claimKey(id, by: caller)
      return .null
    case .fetch(let request):
      return try await operations.fetch(request, by: caller).interfaceValue
    case .call:
      throw .notProvided("call")
    }
  }
}

extension CombinedSignature {
  /// JSON as the interface returns it: hexadecimal without prefix.
  fileprivate var interfaceText: String {
    let value: JSONValue
    switch self {
    case .ecdsa(let r, let s, let recoveryID):
      value = .object([
        JSONMember("r", .string(Hex.encode(r))), JSONMember("s", .string(Hex.encode(s))),
        JSONMember("v", JSONValue(Int(recoveryID))),
      ])
    case .schnorr(let r, let s):
      value = .object([JSONMember("r", .string(Hex.encode(r))), JSONMember("s", .string(Hex.encode(s)))])
    case .bls(let point):
      value = .object([JSONMember("value", .string(Hex.encode(point)))])
    }
    return String(decoding: value.serialized, as: UTF8.self)
  }
}

extension ActionSignature {
  fileprivate var interfaceText: String {
    let value = JSONValue.object([
      JSONMember("signature", .string(Hex.encode(signature))),
      JSONMember("verifying_key", .string(Hex.encode(verifyingKey))),
      JSONMember("signed_data", .string(Hex.encode(signedData))),
      JSONMember("recovery_id", recoveryID.map { JSONValue(Int($0)) } ?? .null),
    ])
    return String(decoding: value.serialized, as: UTF8.self)
  }
}

extension PermissionAnswer {
  fileprivate var interfaceValue: JSONValue {
    switch self {
    case .decision(let isPermitted): .bool(isPermitted)
    case .names(let names): .array(names.map { .string($0) })
    case .scopes(let scopes): .array(scopes.map { .bool($0) })
    case .methods(let methods):
      .array(
        methods.map { method in
          .object([
            JSONMember("auth_method_type", .integer(method.type)),
            JSONMember("id", .string("0x" + Hex.encode(method.userID))),
            JSONMember("user_pubkey", .string("0x" + Hex.encode(method.userPublicKey))),
          ])
        })
    }
  }
}

extension FetchResponse {
  fileprivate var interfaceValue: JSONValue {
    .object([
      JSONMember("status", JSONValue(status)), JSONMember("statusText", .string(statusText)),
      JSONMember("headers", .array(headers.map { .array([.string($0.name), .string($0.value)]) })),
      JSONMember("body", .string(Base64URL.encode(body))), JSONMember("url", .string(url)),
      JSONMember("redirected", .bool(isRedirected)),
    ])
  }
}
