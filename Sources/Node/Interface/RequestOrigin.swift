/// Where a request comes from as far as a listener knows: what one sender cannot easily have many of.
public struct RequestOrigin: Sendable, Hashable {
  private let name: [UInt8]

  /// - Parameter name: such as the prefix of an address; means nothing to a node but that equal ones are the same.
  public init(_ name: [UInt8]) {
    self.name = name
  }
}
