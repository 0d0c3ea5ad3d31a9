internal import Synchronization
internal import Wire

/// The shares an action asked for so far, by the names it gave them.
final class ActionShares: Sendable {
  private let shares = Mutex<[String: NamedShare?]>([:])

  /// Those that are there.
  var all: [NamedShare] { shares.withLock { $0.values.compactMap(\.self) } }

  /// Takes a name, before anything is signed under it. A name serves once in a run: which of two signatures it meant
  /// would be decided by chance.
  func take(_ name: String) -> Bool {
    shares.withLock { shares in
      guard shares.index(forKey: name) == nil else { return false }
      shares.updateValue(nil, forKey: name)
      return true
    }
  }

  func put(_ share: NamedShare) {
    shares.withLock { _ = $0.updateValue(share, forKey: share.name) }
  }
}
