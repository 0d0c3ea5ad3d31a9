internal import Curves
public import Identifiers

extension Identifier where Kind == Digest32Kind {
  /// Keccak-256, the hash of Ethereum.
  public static func keccak256(_ message: [UInt8]) -> Digest32 {
    guard let digest = try? Digest32(bytes: Keccak256.hash(message)) else {
      preconditionFailure("Keccak-256 gives 32 bytes")
    }
    return digest
  }
}
