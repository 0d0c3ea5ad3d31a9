public import SigningContent

/// A function of a contract as its interface declares it.
public struct ContractFunction: Sendable, Hashable {
  public let selector: FunctionSelector
  public let parameters: [ABIType]
  public let results: [ABIType]

  /// - Parameter signature: canonical, such as `member(uint256)`.
  public init(_ signature: String, _ parameters: [ABIType] = [], returns results: [ABIType] = []) {
    selector = FunctionSelector(function: signature)
    self.parameters = parameters
    self.results = results
  }

  /// The data of a call.
  public func callData(_ arguments: [ABIValue] = []) throws(ABIError) -> [UInt8] {
    selector.bytes + (try ABIValue.encode(arguments, as: parameters))
  }

  /// What a call gave back.
  public func decode(_ bytes: [UInt8]) throws(ABIError) -> ABIFields {
    ABIFields(try ABIValue.decode(results, from: bytes))
  }
}
