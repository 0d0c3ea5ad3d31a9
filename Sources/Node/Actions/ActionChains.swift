internal import ActionFetch
internal import Actions
internal import EthereumChain
internal import Identifiers
internal import Wire

/// What actions ask chains, at the endpoints of this node's operator and nowhere else.
extension ActionSessions {
  /// Bytes an action is told of what a reverted call returned.
  private static let mostRevertData = 4 << 10

  func callContract(
    chain: String, transaction: [UInt8], by caller: ActionCaller
  ) async throws(OperationRefusal) -> [UInt8] {
    guard let call = ContractCall(transaction: transaction) else {
      throw OperationRefusal("txn is no unsigned legacy transaction that calls a contract")
    }
    let answer = try await ask("eth_call", [call.json, .string("latest")], of: chain, for: "callContract")
    guard let result = ChainEndpoints.hexadecimal(answer) else { throw .noAnswer("callContract", chain) }
    return result
  }

  func latestNonce(address: String, chain: String, by caller: ActionCaller) async throws(OperationRefusal) -> String {
    guard let address = try? WalletAddress(text: address) else {
      throw OperationRefusal("address is no address: 0x and 40 hexadecimal digits")
    }
    let answer = try await ask(
      "eth_getTransactionCount", [.text(address), .string("latest")], of: chain, for: "getLatestNonce")
    let digits = answer.dropFirst(2)
    guard answer.hasPrefix("0x"), digits.allSatisfy(\.isHexDigit), let nonce = UInt64(digits, radix: 16) else {
      throw .noAnswer("getLatestNonce", chain)
    }
    // In one spelling, whatever the endpoint's is.
    return HexText.write(nonce)
  }

  func rpcURL(chain: String, by caller: ActionCaller) async throws(OperationRefusal) -> String {
    // Never the endpoint this node asks itself: its URL may hold a key.
    guard let url = outside.publicChainURLs[chain] else {
      throw OperationRefusal("Lit.Actions.getRpcUrl: this node has no public URL for the chain \(chain)")
    }
    return url
  }

  private func ask(
    _ method: String, _ parameters: [JSONValue], of chain: String, for function: String
  ) async throws(OperationRefusal) -> String {
    guard let chains = outside.chains else { throw .noURL(function, chain) }
    do throws(ChainFailure) {
      return try await chains.ask(method, parameters, of: chain)
    } catch {
      switch error {
      case .unknownChain: throw .noURL(function, chain)
      case .noAnswer: throw .noAnswer(function, chain)
      case .refused(_, let data?) where data.count <= Self.mostRevertData:
        throw OperationRefusal("Lit.Actions.\(function): reverted with 0x\(Hex.encode(data))")
      case .refused(let code, _):
        throw OperationRefusal("Lit.Actions.\(function): the chain \(chain) refuses (\(code))")
      }
    }
  }
}

extension OperationRefusal {
  fileprivate static func noURL(_ function: String, _ chain: String) -> OperationRefusal {
    OperationRefusal("Lit.Actions.\(function): this node has no URL for the chain \(chain)")
  }

  fileprivate static func noAnswer(_ function: String, _ chain: String) -> OperationRefusal {
    OperationRefusal("Lit.Actions.\(function): the chain \(chain) does not answer")
  }
}
