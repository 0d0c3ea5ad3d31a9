/// What a network asks of Nitro enclaves beyond what is asked of every environment.
public struct NitroRequirements: Sendable, Hashable {
  /// How old a document may be, in seconds. Its certificate lives for three hours in any case.
  public var maximumAge: Int64 = 3 * 3600
  /// How far a document may lie in the future, in seconds, because clocks disagree.
  public var slack: Int64 = 300
  /// Platform configuration registers, besides 0 which is the measurement, and the values each may have: 8 is the
  /// certificate that signed the image, 3 the role of the instance. 48 bytes each.
  public var registers: [UInt64: Set<[UInt8]>] = [:]

  public init() {}
}
