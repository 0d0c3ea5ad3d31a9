import EthereumRPC
import Identifiers
import Membership
import SigningContent

/// Goes from one agreed block to the next, and reads what changed in between.
struct RegistryReader: Sendable {
  let founding: FoundingDocument
  let terms: ChainRegistryTerms
  let endpoints: EndpointSet
  private let shelf = KeyShelf()

  init(founding: FoundingDocument, terms: ChainRegistryTerms, endpoints: EndpointSet) {
    self.founding = founding
    self.terms = terms
    self.endpoints = endpoints
  }

  /// One reading: everything at one block.
  struct Reading: Sendable {
    let block: AgreedBlock
    let content: RegistryContent
    let snapshot: MembershipSnapshot
  }

  /// The slot in which both contracts keep the digest of all they hold.
  private static let digestSlot = Digest32.zero

  func read(after previous: Reading?) async throws(ChainTrouble) -> Reading {
    try await read(at: try await endpoints.agreeOnBlock(after: previous?.block), after: previous)
  }

  func read(at block: AgreedBlock, after previous: Reading? = nil) async throws(ChainTrouble) -> Reading {
    if let previous, block.hash == previous.block.hash {
      return Reading(block: block, content: previous.content, snapshot: previous.snapshot)
    }
    let known = previous?.content
    let stakingDigest = try await stateDigest(of: terms.staking, code: terms.stakingCode, at: block, known != nil)
    let keysDigest = try await stateDigest(of: terms.keys, code: terms.keysCode, at: block, known != nil)

    let staking: StakingContent
    if let known, known.staking.overview.stateDigest == stakingDigest {
      staking = known.staking
    } else {
      staking = try await StakingReader(address: terms.staking, endpoints: endpoints)
        .read(stakingDigest, at: block, after: known?.staking)
    }
    let keys: KeysContent
    if let known, known.keys.overview.stateDigest == keysDigest {
      keys = known.keys
    } else {
      keys = try await KeysReader(address: terms.keys, network: founding.network, endpoints: endpoints, shelf: shelf)
        .read(keysDigest, at: block, after: known?.keys)
    }
    let content = RegistryContent(staking: staking, keys: keys)
    try content.check(founding, terms)
    let snapshot = try content.snapshot(founding, at: block, after: previous?.snapshot)
    return Reading(block: block, content: content, snapshot: snapshot)
  }

  /// - Parameter isCodeKnown: whether the code was seen before. Nothing changes the code of these contracts, so without
  ///   proofs it is asked for once; with them it comes along every time.
  func stateDigest(
    of contract: WalletAddress, code: Digest32, at block: AgreedBlock, _ isCodeKnown: Bool = false
  ) async throws(ChainTrouble) -> Digest32 {
    let storage = try await endpoints.words(of: contract, [Self.digestSlot], at: block)
    if let proof = storage.proof {
      guard proof.codeHash == code else { throw .notARegistry("code") }
    } else if !isCodeKnown {
      guard try await endpoints.codeHash(of: contract, at: block) == code else { throw .notARegistry("code") }
    }
    guard let word = storage.words.first, let digest = try? Digest32(bytes: word.bigEndianBytes) else {
      throw .notARegistry("state")
    }
    return digest
  }
}
