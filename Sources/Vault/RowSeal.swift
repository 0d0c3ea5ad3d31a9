internal import Crypto
internal import Foundation
internal import Identifiers
internal import Secrets
internal import Transcripts

/// AES-256-GCM over one row, with everything that says which row it is as associated data.
///
/// Every generation of every row has its own key, HKDF-SHA256 of the sealing key, so that no number of writes brings two
/// random nonces together under one key.
struct RowSeal: Sendable {
  private static let overhead = 12 + 16
  private let sealingKey: SymmetricKey
  private let owner: VaultOwner

  init(key: borrowing SecretBytes, owner: VaultOwner) {
    sealingKey = unsafe key.withUnsafeBytes { unsafe SymmetricKey(data: $0) }
    self.owner = owner
  }

  func seal(
    _ content: borrowing SecretBytes, at address: RowAddress, generation: UInt64, vault: VaultMark
  ) throws(VaultError) -> [UInt8] {
    let context = context(address, generation, vault)
    let box = unsafe content.withUnsafeBytes { bytes in
      try? unsafe AES.GCM.seal(bytes, using: rowKey(context), authenticating: context)
    }
    guard let combined = box?.combined else { throw .rowRefused(address, .malformed) }
    return [UInt8](combined)
  }

  func open(
    _ sealed: [UInt8], at address: RowAddress, generation: UInt64, vault: VaultMark
  ) throws(VaultError) -> SecretBytes {
    let context = context(address, generation, vault)
    guard sealed.count >= Self.overhead, let box = try? AES.GCM.SealedBox(combined: sealed),
      var opened = try? AES.GCM.open(box, using: rowKey(context), authenticating: context)
    else { throw .rowRefused(address, .sealBroken) }
    let content = SecretBytes(copying: opened)
    opened.resetBytes(in: opened.indices)
    return content
  }

  private func context(_ address: RowAddress, _ generation: UInt64, _ vault: VaultMark) -> [UInt8] {
    TaggedHash.encoding(
      .vaultRow,
      [
        owner.network.bytes, Array(owner.node.text.utf8), vault.bytes, [address.kind.rawValue], address.id,
        address.epoch.bigEndianBytes, generation.bigEndianBytes,
      ])
  }

  private func rowKey(_ context: [UInt8]) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(inputKeyMaterial: sealingKey, info: context, outputByteCount: 32)
  }
}

/// 16 random bytes given to a vault when it is made, so that rows of its predecessor at the same path do not fit.
struct VaultMark: Sendable, Hashable {
  static let byteCount = 16
  let bytes: [UInt8]
}
