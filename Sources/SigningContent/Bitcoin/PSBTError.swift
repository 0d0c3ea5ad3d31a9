/// Why bytes are not a partially signed transaction whose inputs may be signed.
public enum PSBTError: Error, Sendable, Hashable {
  case tooLarge
  /// Not the five bytes every PSBT begins with.
  case magic
  case format(BitcoinFormatError)
  /// The same key twice in one map.
  case duplicateKey
  /// Neither version 0 (BIP-174) nor version 2 (BIP-370), or fields of the other one.
  case version
  case missingField
  case malformed
  case tooManyInputs
  case tooManyOutputs
  /// The transaction that an input spends is not the one its outpoint names, or has no such output.
  case wrongPreviousTransaction
  /// The two descriptions of an input's output differ.
  case amountsDiffer
  /// An input whose amount or script nobody states.
  case missingAmount
  /// A signature would not cover the amounts, and not every previous transaction is there to prove them.
  case amountNotProven
  case outputsExceedInputs
  /// An input asks for another signature hash than the one over the whole transaction.
  case signatureHashType
  /// No input is this key's.
  case nothingToSign
  /// Not a signature by the input's key.
  case signature
  /// An input that is not finished.
  case notFinal
}
