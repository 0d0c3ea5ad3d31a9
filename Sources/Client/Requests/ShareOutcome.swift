import Wire

/// A node's contribution to a result.
enum ShareOutcome: Sendable, Hashable {
  case signature(SignatureShareOutcome)
  case ecdsa(ECDSAShareOutcome)
  /// A BLS share: a G2 element, compressed.
  case decryption([UInt8])
  case execution(ExecutionOutcome)
}
