public import Identifiers
internal import SigningContent
import Wire

/// Where a network's registry is, as its founding document fixes it.
public enum RegistryPlace: Sendable, Hashable {
  /// A file that nodes and users share.
  case file
  /// Contracts on a chain.
  case chain(ChainRegistryTerms)
}

/// The contracts that are a network's registry, and what they were deployed with.
///
/// JSON: `{"chain": u64, "staking": address, "keys": address, "stakingCode": hex32, "keysCode": hex32,
/// "window": seconds, "notice": seconds, "unstakeDelay": seconds, "keyDeposit": decimal wei,
/// "finalityDepth": blocks, "headAge": seconds}`.
public struct ChainRegistryTerms: Sendable, Hashable {
  /// The chain the contracts are on; capabilities may name another one.
  public var chainID: UInt64
  public var staking: WalletAddress
  public var keys: WalletAddress
  /// Keccak-256 of the contracts' code as it lies on the chain: an address alone would not say what is there.
  public var stakingCode: Digest32
  public var keysCode: Digest32
  /// How long a ballot is open, in seconds.
  public var window: UInt64
  /// How long before it counts a measurement is announced, in seconds.
  public var notice: UInt64
  /// How long a stake that leaves can still be slashed, in seconds.
  public var unstakeDelay: UInt64
  /// What a key record costs until it is taken off, in wei as decimal text.
  public var keyDeposit: String
  /// How many blocks must lie on a block before its state counts.
  public var finalityDepth: UInt64
  /// How old the chain's newest block may be, in seconds.
  public var headAgeSeconds: Int

  /// What the contract takes of a founding document, in bytes.
  static let documentLimit = 16 << 10
  static let finalityDepths: ClosedRange<UInt64> = 0...10_000
  /// In wei: places in a list that everybody reads are not for nothing.
  static let smallestDeposit = UInt256(100_000_000_000_000 as UInt64)
  static let headAges = 1...3_600
  static let durations: ClosedRange<UInt64> = 1...31_536_000

  public init(
    chainID: UInt64, staking: WalletAddress, keys: WalletAddress, stakingCode: Digest32, keysCode: Digest32,
    window: UInt64, notice: UInt64, unstakeDelay: UInt64, keyDeposit: String, finalityDepth: UInt64,
    headAgeSeconds: Int
  ) {
    self.chainID = chainID
    self.staking = staking
    self.keys = keys
    self.stakingCode = stakingCode
    self.keysCode = keysCode
    self.window = window
    self.notice = notice
    self.unstakeDelay = unstakeDelay
    self.keyDeposit = keyDeposit
    self.finalityDepth = finalityDepth
    self.headAgeSeconds = headAgeSeconds
  }
}
