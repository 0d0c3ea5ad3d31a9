import Authorization
import ChainRegistry
import EthereumRPC
import Identifiers
import Node
@testable import Membership
import Synchronization

/// What is wrong with nodes for the moment.
final class Weakness: Sendable {
  enum Kind: Sendable {
    case none
    /// They look at the chain whenever a request makes them look at their view.
    case asksEveryTime
    /// They keep the view they had, whatever becomes of the chain.
    case keepsItsView
    /// They pass over a pause.
    case passesOverPauses
    /// They ask contracts at the newest block they have, not at the one a request names.
    case judgesWhereItIs
  }

  private let current = Mutex(Kind.none)

  var kind: Kind { current.withLock { $0 } }

  func become(_ kind: Kind) { current.withLock { $0 = kind } }
}

/// A registry on a chain with a defence taken away.
struct WeakSource: MembershipSource {
  private let inner: ChainRegistry
  private let weakness: Weakness
  private let kept = Kept()

  private final class Kept: Sendable {
    let snapshot = Mutex<MembershipSnapshot?>(nil)
  }

  init(_ inner: ChainRegistry, _ weakness: Weakness) {
    self.inner = inner
    self.weakness = weakness
  }

  var current: MembershipSnapshot? {
    switch weakness.kind {
    case .none, .judgesWhereItIs: return latest()
    case .asksEveryTime:
      Task { await inner.refresh() }
      return latest()
    case .keepsItsView: return kept.snapshot.withLock { $0 }
    case .passesOverPauses:
      var snapshot = latest()
      snapshot?.pausedUntil = nil
      return snapshot
    }
  }

  private func latest() -> MembershipSnapshot? {
    let current = inner.current
    kept.snapshot.withLock { $0 = current ?? $0 }
    return current
  }

  var updates: AsyncStream<MembershipSnapshot> { inner.updates }
  var readingPeriod: Duration { inner.readingPeriod }
}

extension Weakness {
  /// In the place of a node's way to ask contracts.
  func question(_ real: @escaping ContractWalletQuestion, _ registry: ChainRegistry) -> ContractWalletQuestion {
    { signature in
      guard self.kind == .judgesWhereItIs, let block = registry.currentBlock else { return await real(signature) }
      return await registry.endpoints.contractWallet(
        signature.wallet, signed: signature.digest, signature.signature, at: block.hash)
    }
  }
}
