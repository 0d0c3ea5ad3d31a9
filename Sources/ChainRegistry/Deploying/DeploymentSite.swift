import EthereumChain
package import EthereumRPC
package import Identifiers
package import Membership
import Signatures
import SigningContent

/// The two places of a chain where a network's contracts belong: what lies there now, and whether it is what the founding
/// document says.
package struct DeploymentSite: Sendable {
  private let founding: FoundingDocument
  private let terms: ChainRegistryTerms
  /// Takes the newest block for the chain's word: whoever deploys goes on from there.
  private let newest: EndpointSet
  /// Takes what the network's readers take.
  private let settled: EndpointSet
  private let clock: any LocalClock

  private static let pollInterval = Duration.seconds(1)
  /// How long the chain may say nothing.
  package static let troublePatience = Duration.seconds(60)
  /// How far from the deployer's next nonce one is looked for that fits.
  private static let nonceDistance: UInt64 = 1_000
  private static let noCode = Digest32.keccak256([])

  package init(
    _ founding: FoundingDocument, _ list: EndpointList, clock: any LocalClock
  ) throws(ChainRegistryError) {
    guard case .chain(let terms) = founding.registry else { throw .notOnAChain }
    self.founding = founding
    self.terms = terms
    self.clock = clock
    func endpoints(depth: UInt64) throws(ChainRegistryError) -> EndpointSet {
      let rules = ChainRules(
        chainID: terms.chainID, finalityDepth: depth, headAgeLimit: .seconds(terms.headAgeSeconds))
      return try EndpointSet(list, rules: rules, clock: clock)
    }
    newest = try endpoints(depth: 0)
    settled = try endpoints(depth: terms.finalityDepth)
  }

  /// What lies there, at the newest block that enough endpoints have.
  ///
  /// - Parameter number: of a block that has to be part of it; endpoints hear of it one after another.
  /// - Returns: the stage, and the number of the block it was read at.
  package func stage(
    from number: UInt64 = 0, within patience: Duration = troublePatience
  ) async throws(DeploymentFailure) -> (stage: DeploymentStage, block: UInt64) {
    let (block, staking, keys): (AgreedBlock, Digest32, Digest32)
    do throws(ChainTrouble) {
      block = try await self.block(of: newest, from: number, within: patience)
      staking = try await newest.codeHash(of: terms.staking, at: block)
      keys = try await newest.codeHash(of: terms.keys, at: block)
    } catch {
      throw .chain(error)
    }
    guard staking == terms.stakingCode || staking == Self.noCode else { throw .occupied(terms.staking) }
    guard keys == terms.keysCode || keys == Self.noCode else { throw .occupied(terms.keys) }
    switch (staking == terms.stakingCode, keys == terms.keysCode) {
    case (true, true): return (.complete, block.number)
    case (true, false):
      // Keys would be for nothing beside a contract of another network.
      do { try await checkStaking(at: block) } catch { throw .chain(error) }
      return (.stakingAlone, block.number)
    case (false, false): return (.nothing, block.number)
    case (false, true): throw .occupied(terms.keys)
    }
  }

  private func checkStaking(at block: AgreedBlock) async throws(ChainTrouble) {
    let digest = try await RegistryReader(founding: founding, terms: terms, endpoints: newest)
      .stateDigest(of: terms.staking, code: terms.stakingCode, at: block)
    let staking = try await StakingReader(address: terms.staking, endpoints: newest)
      .read(digest, at: block, after: nil)
    try staking.overview.check(founding, terms)
  }

  /// The nonce of the transaction that makes the contract which is missing first.
  ///
  /// - Throws: unless it is the deployer's next one: the contract would land elsewhere.
  package func nonce(
    after stage: DeploymentStage, of deployer: WalletAddress, resending: Bool = false
  ) async throws(DeploymentFailure) -> UInt64 {
    let nonces = try await nonces(of: deployer)
    guard resending || !nonces.hasWaiting else { throw .transactionsWait }
    let next = nonces.afterBlocks
    func fits(_ nonce: UInt64) -> Bool {
      guard stage == .nothing else { return WalletAddress(contractCreatedBy: deployer, nonce: nonce) == terms.keys }
      guard let addresses = Deployment.addresses(deployer: deployer, nonce: nonce) else { return false }
      return addresses == (terms.staking, terms.keys)
    }
    if fits(next) { return next }
    let nearest = next > Self.nonceDistance ? next - Self.nonceDistance : 0
    let farthest = min(next, .max - Self.nonceDistance) + Self.nonceDistance
    guard let needed = (nearest...farthest).first(where: fits) else { throw .otherDeployer }
    throw .otherNonce(next: next, needed: needed)
  }

  /// Where the deployer goes on: the nonce of its next creation, or none where both contracts are there.
  ///
  /// Stage and nonce are not of the same block. Where the nonce needed is spent, the contract itself may have spent it
  /// since, so what lies there is read once more before that is anybody's fault.
  ///
  /// - Parameters:
  ///   - read: what was found there before.
  ///   - resending: whether transactions that wait do not matter, because theirs are the nonces that are wanted.
  package func next(
    for deployer: WalletAddress, after read: (stage: DeploymentStage, block: UInt64), resending: Bool = false
  ) async throws(DeploymentFailure) -> (stage: DeploymentStage, block: UInt64, nonce: UInt64?) {
    var read = read
    while read.stage != .complete {
      do throws(DeploymentFailure) {
        return (read.stage, read.block, try await nonce(after: read.stage, of: deployer, resending: resending))
      } catch {
        guard case .otherNonce(let next, let needed) = error, next > needed else { throw error }
        let now = try await stage(from: read.block)
        guard now.stage > read.stage else { throw error }
        read = now
      }
    }
    return (read.stage, read.block, nil)
  }

  /// Waits until all the deployer's transactions are in blocks, and endpoints agree on that: one that waits may be a
  /// contract's.
  package func settle(_ deployer: WalletAddress, within patience: Duration) async throws(DeploymentFailure) {
    let deadline = clock.monotonicNow() + patience
    while true {
      var failure = DeploymentFailure.transactionsWait
      do throws(DeploymentFailure) {
        if try await !nonces(of: deployer).hasWaiting { return }
      } catch {
        failure = error
      }
      guard clock.monotonicNow() < deadline, (try? await clock.sleep(for: Self.pollInterval)) != nil else {
        throw failure
      }
    }
  }

  private func nonces(of deployer: WalletAddress) async throws(DeploymentFailure) -> AccountNonces {
    do { return try await TransactionSender(newest).nonces(of: deployer) } catch { throw .chain(error) }
  }

  /// Reads both contracts in full as the network's nodes do, and compares them with the founding document: code, network,
  /// parameters, the address each names. First at the newest block, then at one that counts for the network. There the
  /// transactions that made them are compared too, so that the storage holds nothing but what the constructors wrote and
  /// what was done since.
  ///
  /// - Parameters:
  ///   - creations: the hashes of the transactions said to have made both, whoever says so, and what those should have been.
  ///   - number: of a block in which both were there.
  ///   - patience: how long to wait until that block counts.
  /// - Throws: ``ChainTrouble/notARegistry(_:)`` for what is not what it should be, ``CreationMismatch`` for what was not
  ///   made as it should.
  package func verify(
    _ creations: DeploymentCreations, from number: UInt64 = 0, within patience: Duration
  ) async throws(VerificationFailure) -> VerifiedContracts {
    let last: AgreedBlock
    do throws(ChainTrouble) {
      let first = try await block(of: newest, from: number, within: Self.troublePatience)
      _ = try await RegistryReader(founding: founding, terms: terms, endpoints: newest).read(at: first)
      last = try await block(of: settled, from: number, within: patience)
      _ = try await RegistryReader(founding: founding, terms: terms, endpoints: settled).read(at: last)
    } catch {
      throw .chain(error)
    }
    return VerifiedContracts(
      block: last, staking: try await creation(of: terms.staking, creations.staking, at: last),
      keys: try await creation(of: terms.keys, creations.keys, at: last))
  }

  private func creation(
    of contract: WalletAddress, _ said: DeploymentCreations.Said, at block: AgreedBlock
  ) async throws(VerificationFailure) -> ContractCreation {
    let mined: MinedTransaction?
    do { mined = try await settled.transaction(said.hash, under: block) } catch { throw .chain(error) }
    do throws(CreationMismatch) {
      guard let mined else { throw .notInABlock }
      return try ContractCreation(mined, of: contract, by: said.order, on: terms.chainID)
    } catch {
      throw .creation(of: contract, error)
    }
  }

  /// Waits for an agreed block with at least this number: as long as the chain goes on until `patience` is over, and while
  /// it is in trouble no longer than ``troublePatience``.
  private func block(
    of endpoints: EndpointSet, from number: UInt64, within patience: Duration
  ) async throws(ChainTrouble) -> AgreedBlock {
    let deadline = clock.monotonicNow() + patience
    var troubleDeadline = clock.monotonicNow() + Self.troublePatience
    while true {
      var trouble = ChainTrouble.notObtainable
      var limit = deadline
      do throws(ChainTrouble) {
        let block = try await endpoints.agreeOnBlock(after: nil)
        if block.number >= number { return block }
        trouble = .behind(number: block.number, known: number)
        troubleDeadline = clock.monotonicNow() + Self.troublePatience
      } catch {
        trouble = error
        limit = min(deadline, troubleDeadline)
      }
      guard clock.monotonicNow() < limit, (try? await clock.sleep(for: Self.pollInterval)) != nil else {
        throw trouble
      }
    }
  }
}
