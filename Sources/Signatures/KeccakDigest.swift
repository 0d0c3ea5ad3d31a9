internal import Curves
public import Identifiers

extension Identifier where Kind == Digest32Kind {
  /// Keccak-256, the hash of Ethereum.
  public static func keccak256(_ message: [UInt8]) -> Digest32 {
    Digest32(unchecked: Keccak256.hash(message))
  }
}
