public import ChainRegistry
public import EthereumRPC
public import Identifiers
public import Membership

/// A user's own view of a network's registry.
///
/// The user's copy of the founding document says where the registry is, the user's list of endpoints through whom a
/// chain is read. No node says either.
public enum UserRegistry: MembershipSource {
  case file(FileRegistry)
  case chain(ChainRegistry)

  /// - Parameters:
  ///   - storage: the registry itself, or of a network on a chain a file with its founding document.
  ///   - network: which the user means; nil when the file itself is the choice.
  ///   - endpoints: of the chain; not used where the registry is a file.
  public init(
    _ storage: any RegistryStorage, network: NetworkID? = nil, endpoints: EndpointList? = nil, clock: any LocalClock
  ) throws(UserRegistryError) {
    let bytes: [UInt8]
    do { bytes = try storage.read().bytes } catch { throw .unreadable(error) }
    guard let founding = try? RegistryDocument(decoding: bytes).founding else { throw .notARegistry }
    if let network, founding.network != network { throw .otherNetwork(founding.network) }
    switch founding.registry {
    case .file:
      do throws(RegistryTrouble) {
        self = .file(try FileRegistry(storage: storage, network: founding.network, clock: clock))
      } catch {
        throw .trouble(error)
      }
    case .chain:
      guard let endpoints else { throw .endpointsMissing }
      do throws(ChainRegistryError) {
        self = .chain(try ChainRegistry(founding: founding, endpoints, clock: clock))
      } catch {
        throw .chain(error)
      }
    }
  }

  private var source: any MembershipSource {
    switch self {
    case .file(let registry): registry
    case .chain(let registry): registry
    }
  }

  public var current: MembershipSnapshot? { source.current }
  public var updates: AsyncStream<MembershipSnapshot> { source.updates }
  public var readingPeriod: Duration { source.readingPeriod }

  /// Looks at the registry until the task is cancelled.
  public func run() async {
    switch self {
    case .file(let registry): await registry.run()
    case .chain(let registry): await registry.run()
    }
  }

  /// Looks at the registry once.
  public func refresh() async {
    switch self {
    case .file(let registry): registry.refresh()
    case .chain(let registry): await registry.refresh()
    }
  }
}

/// Why there is no view of a network's registry.
public enum UserRegistryError: Error, Sendable, Hashable {
  case unreadable(RegistryStorageError)
  case notARegistry
  /// The file is of this network, and another one was meant.
  case otherNetwork(NetworkID)
  case trouble(RegistryTrouble)
  /// The registry is on a chain, and there is nobody to ask about it.
  case endpointsMissing
  case chain(ChainRegistryError)
}
