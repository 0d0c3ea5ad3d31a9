import Identifiers
import Testing

@testable import Node

@Suite struct `Rate limits` {
  private func wallet(_ number: UInt8) throws -> WalletAddress {
    try WalletAddress(bytes: [UInt8](repeating: number, count: 20))
  }

  private var limits: NodeLimits {
    var limits = NodeLimits()
    limits.walletBurst = 2
    limits.walletPerSecond = 1
    limits.globalBurst = 4
    limits.globalPerSecond = 2
    limits.pendingPerWallet = 3
    limits.pendingRequests = 5
    return limits
  }

  @Test func `A12 one wallet runs dry and fills again with time, whatever session keys it uses`() throws {
    var rates = RateLimits(limits, at: .zero)
    for _ in 0..<2 {
      #expect(try rates.begin(wallet(1), at: .zero) == .within)
      try rates.finish(wallet(1))
    }
    #expect(try rates.begin(wallet(1), at: .zero) == .walletExceeded(retryAfter: .seconds(1)))
    #expect(try rates.begin(wallet(2), at: .zero) == .within)
    #expect(try rates.begin(wallet(1), at: .seconds(1)) == .within)
  }

  @Test func `A12 many wallets share the global limit`() throws {
    var rates = RateLimits(limits, at: .zero)
    for number in 1...4 as ClosedRange<UInt8> { #expect(try rates.begin(wallet(number), at: .zero) == .within) }
    #expect(try rates.begin(wallet(5), at: .zero) == .globalExceeded(retryAfter: .seconds(0.5)))
  }

  @Test func `a wallet cannot occupy all places for pending requests`() throws {
    var rates = RateLimits(limits, at: .zero)
    for second in 0..<3 { #expect(try rates.begin(wallet(1), at: .seconds(second)) == .within) }
    #expect(try rates.begin(wallet(1), at: .seconds(10)) == .walletExceeded(retryAfter: .seconds(1)))
    #expect(try rates.begin(wallet(2), at: .seconds(10)) == .within)
    #expect(try rates.begin(wallet(3), at: .seconds(10)) == .within)
    #expect(try rates.begin(wallet(4), at: .seconds(10)) == .globalExceeded(retryAfter: .seconds(1)))
    try rates.finish(wallet(1))
    #expect(try rates.begin(wallet(4), at: .seconds(10)) == .within)
  }

  @Test func `wallets that stopped asking are forgotten`() throws {
    var wide = limits
    wide.globalBurst = 10_000
    wide.globalPerSecond = 10_000
    var rates = RateLimits(wide, at: .zero)
    for number in 0..<1_000 as Range<UInt32> {
      let wallet = try WalletAddress(bytes: [UInt8](repeating: 0, count: 16) + number.bigEndianBytes)
      #expect(rates.begin(wallet, at: .seconds(Int(number))) == .within)
      rates.finish(wallet)
    }
    #expect(rates.walletCount < 20)
  }
}
