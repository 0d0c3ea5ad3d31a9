import Identifiers
import Synchronization

/// Pages that were verified for a reading that did not come to its end, so that the next one goes on from there: a long
/// list takes longer than endpoints keep the state of one block.
final class KeyShelf: Sendable {
  private let shelf = Mutex<[Digest32: KeyPage]>([:])

  var pages: [Digest32: KeyPage] { shelf.withLock(\.self) }

  /// Nothing more is put once it is full.
  func put(_ page: KeyPage) {
    shelf.withLock { pages in
      if pages.count < Self.limit { pages[page.digest] = page }
    }
  }

  func empty() { shelf.withLock { $0 = [:] } }

  /// As many as a list has at most.
  private static let limit = Int(KeysContract.entryLimit) / ContractTree.pageSize
}
