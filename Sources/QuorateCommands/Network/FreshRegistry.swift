import ChainRegistry
import Client
import Membership

/// A registry that is up to date whenever it is asked: a command does not live long enough to watch a file, and a chain
/// is followed while the command runs.
final class FreshRegistry: MembershipSource {
  let registry: UserRegistry
  private let following: Task<Void, Never>?

  init(_ registry: UserRegistry) {
    self.registry = registry
    following = if case .chain(let chain) = registry { Task { await chain.run() } } else { nil }
  }

  deinit { following?.cancel() }

  var current: MembershipSnapshot? {
    if case .file(let file) = registry { file.refresh() }
    return registry.current
  }

  var updates: AsyncStream<MembershipSnapshot> { registry.updates }
  var readingPeriod: Duration { registry.readingPeriod }
}
