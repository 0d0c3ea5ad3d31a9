package import EthereumChain
package import Identifiers
package import Membership
import Signatures
import Wire

/// An entry of `Keys` as it lies there: a key record, or the moment before which a wallet's capabilities do not count.
package struct KeyEntry: Sendable, Hashable {
  package enum Kind: UInt64, Sendable {
    case keyRecord = 1
    case notBefore = 2
  }

  /// The key id, or the wallet in a word.
  package let subject: Digest32
  /// Who controls it now.
  package let owner: WalletAddress
  package let kind: UInt64
  /// Flags of a key record; seconds since 1970.
  package let detail: UInt64
  /// JSON of a key record, which the contract does not look into.
  package let record: [UInt8]

  package init(_ fields: inout ABIFields) throws(ABIError) {
    subject = try fields.digest()
    owner = try fields.address()
    kind = try fields.uint64()
    detail = try fields.uint64()
    record = try fields.bytes()
    try fields.finish()
  }

  package var leaf: Digest32 {
    WordHash.hash([
      .number(kind), .digest(subject), .address(owner), .number(detail), .digest(.keccak256(record)),
    ])
  }

  /// Nil for what is no key record of this very key: its owner's own fault, and nobody else's trouble.
  package func keyRecord(in network: NetworkID) -> KeyRecord? {
    guard kind == Kind.keyRecord.rawValue,
      case .keyRecord(let record)? = try? RegistryChange(kind: .keyRecord, body: record, network: network),
      record.key.digest == subject
    else { return nil }
    return record.owned(by: owner)
  }

  package var notBefore: Timestamp? {
    guard kind == Kind.notBefore.rawValue else { return nil }
    return Timestamp(secondsSince1970: Int64(clamping: detail))
  }
}

/// The entries of one page, judged: what of them means something.
struct KeyPage: Sendable {
  let digest: Digest32
  let records: [KeyRecord]
  let notBefore: [(wallet: WalletAddress, moment: Timestamp)]

  /// Nil unless the answers are the page with this digest.
  init?(_ answers: [[UInt8]], count: Int, digest: Digest32, network: NetworkID) {
    var entries: [KeyEntry] = []
    for answer in answers {
      guard let part = try? Self.entries(answer) else { return nil }
      entries += part
    }
    guard entries.count == count, ContractTree.root(of: entries.map(\.leaf)) == digest else { return nil }
    self.digest = digest
    records = entries.compactMap { $0.keyRecord(in: network) }
    notBefore = entries.compactMap { entry in entry.notBefore.map { (entry.owner, $0) } }
  }

  private static func entries(_ answer: [UInt8]) throws(ABIError) -> [KeyEntry] {
    var fields = try KeysContract.entries.decode(answer)
    var entries: [KeyEntry] = []
    for value in try fields.array() {
      guard case .tuple(let values) = value else { throw .wrongType }
      var entry = ABIFields(values)
      entries.append(try KeyEntry(&entry))
    }
    return entries
  }
}
