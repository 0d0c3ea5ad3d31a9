/// Decides which addresses an action's `fetch` may connect to: those of the public Internet.
///
/// A node reaches what its users must not: itself, its neighbours, the machine's metadata service. Whoever fetches
/// resolves a name once, asks about every address it got, connects to exactly the address that was judged, and starts
/// anew for every redirect; judging names, or resolving twice, is how such guards are passed by.
public struct AddressGuard: Sendable, Hashable {
  private let allowed: [NetworkPrefix]
  private let forbidden: [NetworkPrefix]
  private let services: Set<Service>

  /// One port of one address.
  public struct Service: Sendable, Hashable {
    public let address: NetworkAddress
    public let port: Int

    public init(_ address: NetworkAddress, port: Int) {
      self.address = address
      self.port = port
    }
  }

  /// - Parameters:
  ///   - allowed: the operator's exceptions, such as a service of its own network.
  ///   - forbidden: public addresses that are refused nevertheless, such as the other nodes'. They count before
  ///     exceptions.
  ///   - services: exceptions of one port each, whose address stays closed at every other port.
  public init(
    allowing allowed: [NetworkPrefix] = [], forbidding forbidden: [NetworkPrefix] = [], services: Set<Service> = []
  ) {
    self.allowed = allowed
    self.forbidden = forbidden
    self.services = services
  }

  public func allows(_ address: NetworkAddress, port: Int) -> Bool {
    allows(address) || services.contains(Service(address, port: port)) && !isForbidden(address)
  }

  /// Whether it may be connected to at every port.
  public func allows(_ address: NetworkAddress) -> Bool {
    guard !isForbidden(address) else { return false }
    return allowed.contains { $0.contains(address) } || Self.isPublic(address)
  }

  private func isForbidden(_ address: NetworkAddress) -> Bool { forbidden.contains { $0.contains(address) } }

  /// Whether the address belongs to the public Internet and to no translation of another address.
  static func isPublic(_ address: NetworkAddress) -> Bool {
    switch address {
    case .v4: !notPublicV4.contains { $0.contains(address) }
    // Everything assigned to hosts of the Internet lies here (RFC 4291 section 2.4); loopback, link-local, unique
    // local, multicast, IPv4-mapped, IPv4-translated and NAT64 addresses lie elsewhere.
    case .v6: globalUnicast.contains { $0.contains(address) } && !notPublicV6.contains { $0.contains(address) }
    }
  }

  private static func prefixes(_ list: [(String, Int)]) -> [NetworkPrefix] {
    list.compactMap { text, length in NetworkAddress(text: text).flatMap { NetworkPrefix($0, length: length) } }
  }

  /// The special-purpose registry of IANA (RFC 6890), and what clouds keep at public addresses.
  private static let notPublicV4 = prefixes([
    ("0.0.0.0", 8),  // this network
    ("10.0.0.0", 8), ("172.16.0.0", 12), ("192.168.0.0", 16),  // private
    ("100.64.0.0", 10),  // shared by carriers
    ("127.0.0.0", 8),  // loopback
    ("169.254.0.0", 16),  // link-local, metadata services
    ("168.63.129.16", 32),  // a cloud's metadata service
    ("192.0.0.0", 24),  // protocol assignments
    ("192.0.2.0", 24), ("198.51.100.0", 24), ("203.0.113.0", 24),  // documentation
    ("192.31.196.0", 24), ("192.52.193.0", 24), ("192.175.48.0", 24),  // AS112 and AMT
    ("192.88.99.0", 24),  // 6to4 relays
    ("198.18.0.0", 15),  // benchmarks
    ("224.0.0.0", 4), ("240.0.0.0", 4),  // multicast, reserved, broadcast
  ])

  private static let globalUnicast = prefixes([("2000::", 3)])

  private static let notPublicV6 = prefixes([
    ("2001::", 23),  // protocol assignments, Teredo among them
    ("2001:db8::", 32), ("3fff::", 20),  // documentation
    ("2002::", 16),  // 6to4: an IPv4 address inside
    ("2620:4f:8000::", 48),  // AS112
  ])
}
