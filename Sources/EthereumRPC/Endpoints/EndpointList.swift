public import Identifiers
internal import NIOSSL
public import Wire

/// Which endpoints somebody reads a chain through, and how many of them must say the same.
///
/// JSON: `{"endpoints": [{"name": text, "url": "https://…", "authorities": PEM}, …], "needed": n}`. The authorities are
/// the certificates under which an endpoint's own must be; left out, those this machine knows. They stand here in full,
/// so that whoever vouches for the list vouches for them.
public struct EndpointList: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    /// In metrics and logs. 1 … 32 of `a-z`, `0-9`, `-`.
    public let name: String
    public let url: EndpointURL
    /// Certificates in PEM; nil for those this machine trusts.
    public let authorities: String?

    public init(name: String, url: EndpointURL, authorities: String? = nil) {
      self.name = name
      self.url = url
      self.authorities = authorities
    }
  }

  public let entries: [Entry]
  public let needed: Int

  static let authoritiesLimit = 16 << 10

  /// - Throws: ``FormatError/invalid(_:)`` unless names differ, and the machines of those with TLS, authorities are certificates and more than half of the
  ///   endpoints are needed.
  public init(_ entries: [Entry], needed: Int) throws(FormatError) {
    guard (try? AgreementRule(needed: needed, of: entries.count)) != nil else { throw .invalid("needed") }
    guard Set(entries.map(\.name)).count == entries.count else { throw .invalid("name") }
    // One endpoint under two names agrees with itself. Those without TLS are of this very machine, whose owner needs no
    // second opinion.
    let others = entries.map(\.url).filter(\.isSecure)
    guard Set(others.map { "\($0.host.lowercased()):\($0.port)" }).count == others.count else {
      throw .invalid("url")
    }
    self.entries = entries
    self.needed = needed
    _ = try endpoints()
  }

  /// Takes its two members out of an object.
  public init(_ fields: inout JSONFields) throws(FormatError) {
    var entries: [Entry] = []
    for value in try fields.array("endpoints", limit: RPCLimits.endpoints) {
      var entry = try JSONFields(value)
      let name = try entry.string("name", limit: 32)
      guard let url = try? EndpointURL(entry.string("url", limit: EndpointURL.byteLimit)) else { throw .invalid("url") }
      var authorities: String?
      if entry.has("authorities") {
        authorities = try entry.string("authorities", limit: Self.authoritiesLimit)
      }
      try entry.finish()
      entries.append(Entry(name: name, url: url, authorities: authorities))
    }
    guard let needed = Int(exactly: try fields.unsigned("needed")) else { throw .invalid("needed") }
    try self.init(entries, needed: needed)
  }

  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: Self.sizeLimit))
    try self.init(&fields)
    try fields.finish()
  }

  /// Of a file that holds nothing else.
  static let sizeLimit = 512 << 10

  public var members: [JSONMember] {
    let list = entries.map { entry in
      JSONValue.object(
        [JSONMember("name", .string(entry.name)), JSONMember("url", .string(entry.url.text))]
          + (entry.authorities.map { [JSONMember("authorities", .string($0))] } ?? []))
    }
    return [JSONMember("endpoints", .array(list)), JSONMember("needed", JSONValue(needed))]
  }

  public var json: JSONValue { .object(members) }

  /// The endpoints themselves, each asked over HTTP.
  public func endpoints() throws(FormatError) -> [ChainEndpoint] {
    var endpoints: [ChainEndpoint] = []
    for entry in entries {
      let transport: HTTPTransport
      do {
        transport = try HTTPTransport(entry.url, trustRoots: Self.roots(entry.authorities))
      } catch {
        throw .invalid("authorities")
      }
      endpoints.append(try ChainEndpoint(name: entry.name, transport: transport))
    }
    return endpoints
  }

  private static func roots(_ authorities: String?) throws -> NIOSSLTrustRoots {
    guard let authorities else { return .default }
    let certificates = try NIOSSLCertificate.fromPEMBytes(Array(authorities.utf8))
    guard !certificates.isEmpty else { throw FormatError.invalid("authorities") }
    return .certificates(certificates)
  }
}
