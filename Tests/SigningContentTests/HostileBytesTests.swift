import Identifiers
import ProtocolTestKit
import Secrets
import Testing

@testable import SigningContent

@Suite struct HostileBytesTests {
  static func samples() throws -> [(SignableKind, [UInt8])] {
    let coins = try PSBTTests.coins()
    let outputs: [(UInt64, [UInt8])] = [(900_000, TestCoins.target), (50_000, coins.key.script)]
    let capped = try EthereumTransactionTests.transaction(
      fees: .capped(priority: UInt256(1), maximum: UInt256(2)), accessList: EthereumTransactionTests.accessList())
    let listed = try EthereumTransactionTests.transaction(
      fees: .accessList(gasPrice: UInt256(2)), accessList: EthereumTransactionTests.accessList())
    return [
      (.ethereumTransaction, try Hex.decode(EthereumTransactionTests.EIP155.unsigned)),
      (.ethereumTransaction, capped.unsignedEncoding), (.ethereumTransaction, listed.unsignedEncoding),
      (.typedData, Array(TypedDataTests.mailDocument.filter { $0 != "\n" }.utf8)),
      (.bitcoinTransaction, try coins.version0(spending: [0, 1], to: outputs).encoded),
      (.bitcoinTransaction, coins.version2(spending: [0, 1], to: outputs).encoded),
    ]
  }

  @Test func `T13 every truncation of every content is refused`() throws {
    for (kind, bytes) in try Self.samples() {
      _ = try SignableContent(kind, decoding: bytes)
      for count in bytes.indices {
        #expect(throws: ContentError.self) { try SignableContent(kind, decoding: Array(bytes.prefix(count))) }
      }
      #expect(throws: ContentError.self) { try SignableContent(kind, decoding: bytes + [0]) }
    }
  }

  @Test func `T13 no change of bytes traps a decoder`() throws {
    let key = try ContentConstraintsTests.key()
    var random = SeededRandom(seed: 2024)
    var accepted = 0
    for (kind, bytes) in try Self.samples() {
      for _ in 0..<600 {
        var changed = bytes
        for _ in 0...random.next(below: 3) {
          let place = random.next(below: changed.count)
          switch random.next(below: 4) {
          case 0: changed[place] ^= 1 << UInt8(random.next(below: 8))
          case 1: changed[place] = [0x00, 0x7f, 0x80, 0xff, 0xfd, 0xb8, 0xc0][random.next(below: 7)]
          case 2: changed.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
          default: if changed.count > 1 { changed.remove(at: place) }
          }
        }
        guard let content = try? SignableContent(kind, decoding: changed) else { continue }
        accepted += 1
        _ = try? content.digests(for: key)
        _ = content.summary(for: key)
        // What is accepted is written as it was read: nothing was looked over.
        switch content {
        case .ethereumTransaction(let transaction): #expect(transaction.unsignedEncoding == changed)
        case .bitcoinTransaction(let psbt): #expect(psbt.encoded == changed)
        case .typedData, .personalMessage: break
        }
      }
      for _ in 0..<200 {
        _ = try? SignableContent(kind, decoding: random.bytes(random.next(below: 64)))
        _ = try? SignableContent(kind, decoding: PSBTField.magic + random.bytes(random.next(below: 64)))
      }
    }
    #expect(accepted > 100)
  }
}
