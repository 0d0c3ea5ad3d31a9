/// Why a node serves no requests now.
public enum NotServing: Error, Sendable, Hashable {
  case stopping
  /// There is no registry view, or it is older than the founding document allows.
  case registryUnavailable
  /// The registry does not list this node with this identity key and enough stake.
  case notMember
  /// The stakers stopped users' work for a while.
  case paused
  /// There are no keys for the epoch yet.
  case keysMissing
  /// The registry does not name this key certificate.
  case certificateNotRegistered
  /// Too few members said which epoch and registry number they are at.
  case alone(known: Int, needed: Int)
  /// Somebody, or this node before it was restarted, knows a later registry update.
  case behind(number: UInt64)
  /// The registry has two histories; only an operator can find out which is right.
  case split(number: UInt64)
  /// The wall clock is below what it showed before.
  case clock
  /// The vault cannot write.
  case vault

  /// A fixed word for status, logs and metrics.
  public var reason: String {
    switch self {
    case .stopping: "stopping"
    case .registryUnavailable: "registry-unavailable"
    case .notMember: "not-a-member"
    case .paused: "paused"
    case .keysMissing: "keys-missing"
    case .certificateNotRegistered: "certificate-not-registered"
    case .alone: "alone"
    case .behind: "behind"
    case .split: "split"
    case .clock: "clock"
    case .vault: "vault"
    }
  }

  /// For the operator.
  public var detail: String {
    switch self {
    case .stopping: "The node is stopping."
    case .registryUnavailable:
      "The registry cannot be read, or what was read is too old. Look at its file or endpoints."
    case .notMember: "The registry does not list this node with its identity key and enough stake."
    case .paused: "The stakers paused the network. It ends by itself, or by their vote."
    case .keysMissing: "The keys of this epoch are not there yet."
    case .certificateNotRegistered: "The stakers have not put the digest of this key certificate into the registry."
    case .alone(let known, let needed): "\(known) of the \(needed) members needed are known to be at this epoch."
    case .behind(let number): "Update \(number) of the registry is known to others and not readable here."
    case .split(let number): "The registry has two histories at update \(number). Compare its copies, then restart."
    case .clock: "The wall clock was set back. Correct it."
    case .vault: "The vault cannot be written. Look at the disk."
    }
  }
}
