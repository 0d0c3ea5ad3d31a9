internal import EthereumChain
public import Identifiers
internal import Signatures
public import SigningContent

/// Words of a contract's storage at an agreed block.
public struct AgreedWords: Sendable, Hashable {
  public let words: [UInt256]
  /// What the same proof said about the code at the address: nil where there is no account. Without a proof nothing is
  /// known of it.
  public let proof: Proof?

  public struct Proof: Sendable, Hashable {
    public let codeHash: Digest32?
  }
}

extension EndpointSet {
  private enum Reading: Sendable {
    /// Verified under the state root of the block.
    case proof(ProvenState)
    case falseProof
    /// - Parameter hasNone: whether the endpoint says that it never gives proofs.
    case claim([UInt256], hasNone: Bool)
  }

  /// The words of these slots.
  ///
  /// One proof that fits the agreed state root settles it, and shows who says otherwise. Where no endpoint offers proofs
  /// the rule's count of them must say the same.
  public func words(
    of address: WalletAddress, _ keys: [Digest32], at block: AgreedBlock
  ) async throws(ChainTrouble) -> AgreedWords {
    let pinned = block.pinned
    let root = block.header.stateRoot
    func claimed(_ readings: [Answer<Reading>]) -> [Answer<[UInt256]>] {
      readings.compactMap { reading in
        guard case .claim(let words, _) = reading.value else { return nil }
        return Answer(place: reading.place, value: words)
      }
    }
    func proven(_ readings: [Answer<Reading>]) -> ProvenState? {
      for case .proof(let state) in readings.lazy.map(\.value) { return state }
      return nil
    }
    func isSettled(_ readings: [Answer<Reading>]) -> Bool {
      proven(readings) != nil || agreed(claimed(readings)) != nil
    }
    let readings = await askAgain(until: isSettled) { (endpoint, health) throws(RPCFailure) -> Reading in
      var hasNone = health.lacksProofs
      if !hasNone {
        do throws(RPCFailure) {
          let proof = try await endpoint.proof(of: address, keys, at: pinned)
          return (try? proof.verified(under: root)).map(Reading.proof) ?? .falseProof
        } catch {
          // Some know proofs of the newest blocks only, and say so in many ways.
          guard case .said(let said) = error else { throw error }
          hasNone = said.isMethodMissing
        }
      }
      var words: [UInt256] = []
      for key in keys { words.append(try await endpoint.word(of: address, key, at: pinned)) }
      return .claim(words, hasNone: hasNone)
    }
    for reading in readings {
      switch reading.value {
      case .proof: break
      case .falseProof: contradicted(reading.place, about: .storage)
      case .claim(_, let hasNone): if hasNone { lacksProofs(reading.place) }
      }
    }
    let claims = claimed(readings)
    if let proven = proven(readings) {
      for claim in claims where claim.value != proven.words { contradicted(claim.place, about: .storage) }
      return AgreedWords(words: proven.words, proof: .init(codeHash: proven.account?.codeHash))
    }
    // Without a proof that holds, the others gave one that does not.
    let words = try requireAgreement(claims, others: readings.count - claims.count, about: .storage)
    return AgreedWords(words: words, proof: nil)
  }

  /// Keccak-256 of the code at an address, which the rule's count of endpoints give alike: for endpoints without proofs.
  public func codeHash(of address: WalletAddress, at block: AgreedBlock) async throws(ChainTrouble) -> Digest32 {
    let pinned = block.pinned
    let answers = await askAgain(until: { self.agreed($0) != nil }) { (endpoint, _) throws(RPCFailure) -> Digest32 in
      .keccak256(try await endpoint.code(at: address, at: pinned))
    }
    return try requireAgreement(answers, about: .storage)
  }
}
