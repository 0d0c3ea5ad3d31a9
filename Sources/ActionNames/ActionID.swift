internal import CSodium

/// The name of an action: the CIDv0 of its bytes, as IPFS computes it for a file (UnixFS in dag-pb, chunks of 262,144
/// bytes, balanced tree of width 174, SHA2-256, base58btc).
///
/// Whoever knows the bytes knows the name, and nobody finds other bytes with the same name. The text is canonical: 46
/// characters that begin with `Qm`.
public struct ActionID: Sendable, Hashable, CustomStringConvertible {
  /// The 32 bytes of the SHA2-256 digest in the name.
  public let digest: [UInt8]

  /// The name of `code`.
  public init(of code: [UInt8]) {
    digest = UnixFSTree.rootDigest(of: code)
  }

  public init(text: String) throws(ActionIDError) {
    guard text.utf8.count == 46 else { throw .notAName }
    guard let bytes = Base58.decode(text), bytes.count == 34, bytes.starts(with: Self.multihash) else {
      throw .notAName
    }
    digest = Array(bytes.dropFirst(2))
  }

  public var text: String { Base58.encode(Self.multihash + digest) }
  public var description: String { text }

  /// SHA2-256, 32 bytes.
  private static let multihash: [UInt8] = [0x12, 0x20]
}

public enum ActionIDError: Error, Sendable, Hashable {
  /// It is not the canonical text of a CIDv0; CIDv1 texts name no action.
  case notAName
}

extension ActionID: Comparable {
  /// In the order of their texts.
  public static func < (left: ActionID, right: ActionID) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

extension ActionID {
  static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe digest.withUnsafeMutableBufferPointer { out in
      unsafe bytes.withUnsafeBufferPointer { input in
        guard let out = out.baseAddress else { return }
        _ = unsafe crypto_hash_sha256(out, input.baseAddress, UInt64(input.count))
      }
    }
    return digest
  }
}
