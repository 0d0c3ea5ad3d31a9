/// How many of how many endpoints must say the same.
public struct AgreementRule: Sendable, Hashable {
  public let needed: Int
  public let endpoints: Int

  /// - Throws: unless more than half of at least one and at most ``RPCLimits/endpoints`` are needed: with half, two
  ///   chains could both have enough.
  public init(needed: Int, of endpoints: Int) throws(AgreementRuleError) {
    guard (1...RPCLimits.endpoints).contains(endpoints) else { throw .endpointCount }
    guard needed <= endpoints, needed > endpoints / 2 else { throw .notMostOfThem }
    self.needed = needed
    self.endpoints = endpoints
  }
}

public enum AgreementRuleError: Error, Sendable, Hashable {
  case endpointCount
  case notMostOfThem
  /// Two endpoints of one name: one that counts twice agrees with itself.
  case repeatedName
}
