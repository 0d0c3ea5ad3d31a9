internal import Identifiers

/// Where a row lives. All three parts are sealed with the row, so a row is worthless anywhere else.
public struct RowAddress: Sendable, Hashable {
  public let kind: RowKind
  /// Zero bytes for kinds that have one row per epoch; at most 64.
  public let id: [UInt8]
  /// 0 for what does not belong to an epoch.
  public let epoch: UInt64

  init(_ kind: RowKind, id: [UInt8] = [], epoch: UInt64 = 0) {
    self.kind = kind
    self.id = id
    self.epoch = epoch
  }
}

/// What a row holds. The numbers are on disk: never renumber.
public enum RowKind: UInt8, Sendable, Hashable, CaseIterable {
  case manifest = 0
  case identityKey = 1
  case pendingShares = 2
  case activeShares = 3
  case signedCertificate = 4
  case highestWallClock = 5
  case highestRegistry = 6
}

extension RowAddress: CustomStringConvertible {
  public var description: String { "\(kind) \(Hex.encode(id)) epoch \(epoch)" }
}
