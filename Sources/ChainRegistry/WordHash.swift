import EthereumChain
package import Identifiers
import Signatures
package import SigningContent

/// Keccak-256 over words of 32 bytes, one after another: how the contracts hash everything of a fixed length.
package enum WordHash {
  package static func hash(_ words: [Word]) -> Digest32 { .keccak256(words.flatMap(\.bytes)) }

  package struct Word {
    package let bytes: [UInt8]

    package static func digest(_ digest: Digest32) -> Word { Word(bytes: digest.bytes) }
    package static func number(_ number: UInt64) -> Word { Word(bytes: UInt256(number).bigEndianBytes) }
    package static func amount(_ amount: UInt256) -> Word { Word(bytes: amount.bigEndianBytes) }
    package static func address(_ address: WalletAddress) -> Word {
      Word(bytes: [UInt8](repeating: 0, count: 12) + address.bytes)
    }
  }

  /// What stands in front of a contract's state, so that it is no other contract's.
  package static func tag(_ name: String) -> Word { .digest(.keccak256(Array(name.utf8))) }
}
