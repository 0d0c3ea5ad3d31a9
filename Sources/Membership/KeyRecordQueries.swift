public import Identifiers

extension MembershipSnapshot {
  /// Every key record a wallet owns or may use, ordered by key id.
  public func keyRecords(of wallet: WalletAddress) -> [KeyRecord] {
    keyRecords.values
      .filter { $0.owner == wallet || $0.wallets.contains(wallet) }
      .sorted { $0.key < $1.key }
  }
}
