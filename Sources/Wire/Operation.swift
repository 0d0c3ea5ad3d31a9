public import ActionNames
public import Identifiers

/// What a user orders. Anything else, also a later version's operation, does not decode.
public enum Operation: Sendable, Hashable {
  case sign(key: KeyID, content: ContentToSign)
  /// `policy` is kept as the exact bytes received: its hash is part of the identity the data key was encrypted to.
  case decrypt(policy: [UInt8], dataKeyHash: Digest32)
  /// Run this JavaScript. `parameters` are the bytes of a JSON object, none at all for none; they may be secret.
  case execute(code: [UInt8], parameters: [UInt8])
  /// The same with code that nodes have or get by its name.
  case executeNamed(ActionID, parameters: [UInt8])

  /// Names the operation within its request; part of session ids and routes.
  public var label: String {
    switch self {
    case .sign: "sign"
    case .decrypt: "decrypt"
    case .execute, .executeNamed: "execute"
    }
  }

  /// The name of the action that is to run; nil for other operations. Hashes code that came along.
  public var action: ActionID? {
    switch self {
    case .sign, .decrypt: nil
    case .execute(let code, _): ActionID(of: code)
    case .executeNamed(let action, _): action
    }
  }
}

/// What is to be signed, and how much the network does to it first.
public enum ContentToSign: Sendable, Hashable {
  /// The network frames and tags the message, so it can never be a transaction or another protocol's message.
  case message([UInt8])
  /// Like `message`, for content too large to send: its SHA-256 and its length in bytes.
  case file(digest: Digest32, byteCount: UInt64)
  /// Signed untouched: whoever may use this kind can make the key sign anything.
  case raw([UInt8])
  /// A message for `personal_sign` (EIP-191); nodes prefix and hash it.
  case personalMessage([UInt8])
  /// The JSON document of EIP-712; nodes read and hash it.
  case typedData([UInt8])
  /// An unsigned Ethereum transaction; nodes read and hash it.
  case transaction([UInt8])
  /// A PSBT, and which of the inputs is signed: one request, one digest.
  case psbt([UInt8], input: UInt64)

  public var kind: SigningKind {
    switch self {
    case .message: .message
    case .file: .file
    case .raw: .raw
    case .personalMessage: .eip191
    case .typedData: .eip712
    case .transaction: .transaction
    case .psbt: .psbt
    }
  }
}

/// The kinds of signing a key record can allow, one by one.
public enum SigningKind: String, CaseIterable, Sendable, Hashable {
  case message
  case file
  case raw
  case eip191
  case eip712
  case transaction
  case psbt
}
