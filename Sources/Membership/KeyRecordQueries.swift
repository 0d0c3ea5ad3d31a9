public import ActionNames
public import Identifiers

extension MembershipSnapshot {
  /// Every key record a wallet owns or may use, ordered by key id.
  public func keyRecords(of wallet: WalletAddress) -> [KeyRecord] {
    keyRecords.values
      .filter { $0.owner == wallet || $0.wallets.contains(wallet) }
      .sorted { $0.key < $1.key }
  }

  /// Every key record that lets a wallet or an action use its key, ordered by key id.
  public func keyRecords(of wallet: WalletAddress, or action: ActionID?) -> [KeyRecord] {
    keyRecords.values
      .filter { record in record.wallets.contains(wallet) || action.map { record.actions.contains($0) } ?? false }
      .sorted { $0.key < $1.key }
  }
}
