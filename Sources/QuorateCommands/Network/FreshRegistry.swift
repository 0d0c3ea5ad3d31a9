import Membership
import Synchronization

/// A file registry that is looked at whenever it is asked: a command does not live long enough to watch a file.
final class FreshRegistry: MembershipSource {
  private let registry: FileRegistry

  init(_ registry: FileRegistry) {
    self.registry = registry
  }

  var current: MembershipSnapshot? {
    registry.refresh()
    return registry.current
  }

  var updates: AsyncStream<MembershipSnapshot> { registry.updates }
}
