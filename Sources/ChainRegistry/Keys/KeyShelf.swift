import Identifiers
import Synchronization

/// Pages that were verified for a reading that did not come to its end, so that the next one goes on from there: a long
/// list takes longer than endpoints keep the state of one block.
final class KeyShelf: Sendable {
  private let shelf = Mutex<[Digest32: KeyPage]>([:])

  var pages: [Digest32: KeyPage] { shelf.withLock(\.self) }

  func put(_ page: KeyPage) { shelf.withLock { $0[page.digest] = page } }

  /// What is no longer part of the list goes, so there are never more pages than a list has.
  func keep(only digests: Set<Digest32>) { shelf.withLock { $0 = $0.filter { digests.contains($0.key) } } }

  func empty() { shelf.withLock { $0 = [:] } }
}
