internal import EthereumChain
public import Identifiers

extension EndpointSet {
  /// Gas of every read; as much as common clients allow a call, and more than any view of the registry takes.
  public static let callGas: UInt64 = 50_000_000

  /// What views give back, from the first endpoint whose answers together `judge` accepts.
  ///
  /// For what can be judged without believing anybody: data under a digest that was agreed or proved.
  public func read<Value: Sendable>(
    _ address: WalletAddress, _ calls: [[UInt8]], at block: AgreedBlock, judge: @Sendable ([[UInt8]]) -> Value?
  ) async throws(ChainTrouble) -> Value {
    let pinned = block.pinned
    for place in placesByHealth {
      let answers = try? await answer(of: place) { (endpoint, _) throws(RPCFailure) in
        var answers: [[UInt8]] = []
        for data in calls { answers.append(try await endpoint.call(address, data, gas: Self.callGas, at: pinned)) }
        return answers
      }
      guard let answers else { continue }
      if let value = judge(answers) { return value }
      contradicted(place, about: .data)
    }
    throw .notObtainable
  }

  /// How a call that every endpoint runs for itself came out.
  public enum Outcome: Sendable, Hashable {
    case returned([UInt8])
    case reverted
  }

  /// What the rule's count of endpoints say that a call comes to. Nothing proves how code runs, so agreement is all.
  public func agreedCall(
    _ address: WalletAddress, _ data: [UInt8], gas: UInt64, at block: AgreedBlock
  ) async throws(ChainTrouble) -> Outcome {
    let pinned = block.pinned
    let all = await ask { (endpoint, _) throws(RPCFailure) -> Outcome? in
      do throws(RPCFailure) {
        return .returned(try await endpoint.call(address, data, gas: gas, at: pinned))
      } catch {
        // Strangers' contracts run here. What an endpoint says of one is no failure of the endpoint.
        guard case .said(let said) = error else { throw error }
        return said.isRevert ? .reverted : nil
      }
    }
    let answers = all.compactMap { answer in answer.value.map { Answer(place: answer.place, value: $0) } }
    guard let (outcome, liars) = agreed(answers) else {
      guard Set(answers.map(\.value)).count > 1 else {
        throw .tooFewEndpoints(answered: answers.count, needed: rule.needed)
      }
      metrics.disagreed(about: .call)
      throw .disagreement(.call)
    }
    for place in liars { contradicted(place, about: .call) }
    return outcome
  }
}
