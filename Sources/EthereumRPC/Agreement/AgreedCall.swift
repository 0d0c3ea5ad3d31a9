internal import EthereumChain
public import Identifiers

extension EndpointSet {
  /// Gas of every read; as much as common clients allow a call, and more than any view of the registry takes.
  public static let callGas: UInt64 = 50_000_000

  /// What views give back, from the first endpoint whose answers together `judge` accepts. The next one is asked when the
  /// one before it failed or takes long.
  ///
  /// For what can be judged without believing anybody: data under a digest that was agreed or proved.
  public func read<Value: Sendable>(
    _ address: WalletAddress, _ calls: [[UInt8]], at block: AgreedBlock,
    judge: @escaping @Sendable ([[UInt8]]) -> Value?
  ) async throws(ChainTrouble) -> Value {
    let pinned = block.pinned
    let places = placesByHealth
    let value = await withTaskGroup(of: Turn<Value>.self) { group -> Value? in
      var (turn, running, isDue) = (0, 0, true)
      while true {
        if isDue, turn < places.count {
          let (place, this) = (places[turn], turn)
          group.addTask { [self] in .answer(await judged(place, address, calls, at: pinned, judge)) }
          group.addTask { [clock] in
            try? await clock.sleep(for: Self.turnLength)
            return .over(this)
          }
          turn += 1
          running += 1
        }
        guard running > 0, let event = await group.next() else { break }
        switch event {
        case .answer(let value?):
          group.cancelAll()
          return value
        case .answer(nil):
          running -= 1
          isDue = true
        case .over(let passed):
          isDue = passed == turn - 1
        }
      }
      group.cancelAll()
      return nil
    }
    guard let value else { throw .notObtainable }
    return value
  }

  /// How long an endpoint is asked alone.
  private static let turnLength = Duration.milliseconds(500)

  private enum Turn<Value: Sendable>: Sendable {
    case answer(Value?)
    case over(Int)
  }

  private func judged<Value: Sendable>(
    _ place: Int, _ address: WalletAddress, _ calls: [[UInt8]], at block: PinnedBlock,
    _ judge: @escaping @Sendable ([[UInt8]]) -> Value?
  ) async -> Value? {
    let answers = try? await answer(of: place) { (endpoint, _) throws(RPCFailure) in
      var answers: [[UInt8]] = []
      for data in calls { answers.append(try await endpoint.call(address, data, gas: Self.callGas, at: block)) }
      return answers
    }
    guard let answers else { return nil }
    if let value = judge(answers) { return value }
    contradicted(place, about: .data)
    return nil
  }

  /// How a call that every endpoint runs for itself came out.
  public enum Outcome: Sendable, Hashable {
    case returned([UInt8])
    case reverted
    /// It gives back more than was asked for.
    case tooLong
  }

  /// What the rule's count of endpoints say that a call comes to. Nothing proves how code runs, so agreement is all.
  public func agreedCall(
    _ address: WalletAddress, _ data: [UInt8], gas: UInt64, at block: AgreedBlock
  ) async throws(ChainTrouble) -> Outcome {
    try await agreedCall(
      address, data, gas: gas, at: block.pinned, limit: RPCLimits.callResult, for: .registry)
  }

  /// - Parameter limit: of what the contract gives back, in bytes.
  func agreedCall(
    _ address: WalletAddress, _ data: [UInt8], gas: UInt64, at block: PinnedBlock, limit: Int, for asker: Asker
  ) async throws(ChainTrouble) -> Outcome {
    func said(_ all: [Answer<Outcome?>]) -> [Answer<Outcome>] {
      all.compactMap { answer in answer.value.map { Answer(place: answer.place, value: $0) } }
    }
    let all = await askAgain(for: asker, until: { self.agreed(said($0)) != nil }) {
      (endpoint, _) throws(RPCFailure) -> Outcome? in
      do throws(RPCFailure) {
        return .returned(try await endpoint.call(address, data, gas: gas, at: block, limit: limit))
      } catch {
        switch error {
        case .said(let said): return said.isRevert ? .reverted : nil
        case .resultTooLong: return .tooLong
        default: throw error
        }
      }
    }
    return try requireAgreement(said(all), for: asker, about: asker == .stranger ? .wallet : .call)
  }
}
