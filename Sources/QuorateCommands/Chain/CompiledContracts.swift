import ChainRegistry
import EthereumChain
import Identifiers
import Membership
import Signatures
import SigningContent
import Wire

/// The contracts of a registry on a chain, as `scripts/setup-contracts` compiled them.
struct CompiledContracts: Sendable {
  struct Contract: Sendable {
    let bytecode: [UInt8]
    /// Keccak-256 of the code as it lies on a chain, computed here.
    let codeHash: Digest32
  }

  let staking: Contract
  let keys: Contract

  private static let fileLimit = 4 << 20
  private static let codeLimit = 1 << 20

  static func read() throws(CommandFailure) -> CompiledContracts {
    try CompiledContracts(folder: SourceTree.part("QUORATE_CONTRACTS", "contracts/out"))
  }

  init(folder: String) throws(CommandFailure) {
    staking = try Self.contract(folder + "/Staking.json")
    keys = try Self.contract(folder + "/Keys.json")
  }

  private static func contract(_ file: String) throws(CommandFailure) -> Contract {
    let bytes = try PrivateFile.read(file, maximum: fileLimit)
    do throws(FormatError) {
      // It holds more than is asked here, so it is not finished. Nobody has to believe the hash it states.
      var fields = try JSONFields(JSONValue.parse(bytes, limit: fileLimit))
      let bytecode = try fields.hexBytes("bytecode", limit: codeLimit)
      let runtimeCode = try fields.hexBytes("runtimeCode", limit: codeLimit)
      guard !bytecode.isEmpty, !runtimeCode.isEmpty else { throw .invalid("bytecode") }
      return Contract(bytecode: bytecode, codeHash: .keccak256(runtimeCode))
    } catch {
      throw CommandFailure(.badInput, "\(file) is no compiled contract", advice: "scripts/setup-contracts")
    }
  }

  /// Refuses a founding document that means other contracts.
  func require(_ terms: ChainRegistryTerms) throws(CommandFailure) {
    guard staking.codeHash == terms.stakingCode, keys.codeHash == terms.keysCode else {
      throw CommandFailure(
        .refused, "the founding document means other contracts than those that are compiled here",
        advice: "use the release with which it was made, and run its scripts/setup-contracts")
    }
  }
}

extension CompiledContracts {
  /// Three days for a ballot, a day's notice of new code, and two weeks in which stake that leaves can be slashed.
  static let standard = (window: 259_200 as UInt64, notice: 86_400 as UInt64, unstakeDelay: 1_209_600 as UInt64)
  /// A thousandth of an ether, in wei.
  static let standardDeposit = UInt256(1_000_000_000_000_000)

  /// The terms of a registry in these contracts, with the standard times and deposit.
  ///
  /// - Parameter nonce: of the first of the two transactions by which the deployer makes them.
  func terms(
    on chainID: UInt64, deployer: WalletAddress, nonce: UInt64, finalityDepth: UInt64, headAgeSeconds: Int
  ) throws(CommandFailure) -> ChainRegistryTerms {
    guard let addresses = Deployment.addresses(deployer: deployer, nonce: nonce) else {
      throw CommandFailure(.badInput, "no transaction has nonce \(nonce)")
    }
    return ChainRegistryTerms(
      chainID: chainID, staking: addresses.staking, keys: addresses.keys, stakingCode: staking.codeHash,
      keysCode: keys.codeHash, window: Self.standard.window, notice: Self.standard.notice,
      unstakeDelay: Self.standard.unstakeDelay, keyDeposit: Self.standardDeposit.decimal, finalityDepth: finalityDepth,
      headAgeSeconds: headAgeSeconds)
  }
}
