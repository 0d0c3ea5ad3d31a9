/// What a running node has to keep in its vault, and serves nothing while it cannot.
enum VaultDuty: Sendable, Hashable, CaseIterable {
  /// Shares, certificate signature and certificate.
  case keys
  /// How far the registry had come.
  case registry
  /// The highest wall clock.
  case clock
}
