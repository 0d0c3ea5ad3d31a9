internal import ActionFetch
public import Identifiers
internal import Transcripts
public import Wire

/// What an operator decides about one node. Nothing secret is in it.
///
/// JSON, unknown members refused:
/// ```
/// { "network": network id in hex,            the founding document's hash: what this node trusts
///   "node": "0x…",                           the staker's address
///   "registry": path or {…},                 network.json, or see RegistryAccess
///   "data": path,                            a directory: the vault and, in development, its sealing key
///   "attestation": {"software": path},       credentials of the software attester; development networks only
///               or {"hardware": {…}},        see HardwareAttestation
///   "listen": {"client": "host:port", "peer": "host:port", "admin": "host:port"},
///   "advertise": {…},                        optional, see AdvertisedEndpoints
///   "limits": {…},                           optional, see NodeLimits
///   "fetch": {…},                            optional, see FetchAddresses
///   "gateways": ["https://…/ipfs/{}", …],    optional: where the code of named actions is, {} stands for the name
///   "rpcURLs": {"ethereum": "https://…", …},       optional: where this node asks chains for actions; told to nobody
///   "publicRPCURLs": {"ethereum": "https://…", …} }  optional: what actions are told of where chains are
/// ```
/// Port 0 means any free port. The admin address must be a loopback address.
public struct NodeConfiguration: Sendable, Hashable {
  public var network: NetworkID
  public var node: NodeID
  public var registry: RegistryAccess
  /// Directory of the vault.
  public var data: String
  public var attestation: Attestation
  public var clientAddress: ListenAddress
  public var peerAddress: ListenAddress
  public var adminAddress: ListenAddress
  /// Where others reach the node; nil for where it listens.
  public var advertised: AdvertisedEndpoints?
  public var limits: NodeLimits
  public var fetch = FetchAddresses()
  /// Asked in this order.
  public var gateways: [String] = []
  /// By the names of the chains. Keys of the operator may be part of them, so no action sees them.
  public var rpcURLs: [String: String] = [:]
  /// By the names of the chains; given to every action that asks.
  public var publicRPCURLs: [String: String] = [:]

  /// Where evidence comes from.
  public enum Attestation: Sendable, Hashable {
    /// DEVELOPMENT ONLY: a software attester with the credentials in this PEM file.
    case software(credentials: String)
    /// The trusted execution environment this machine has.
    case hardware(HardwareAttestation)
  }

  public init(
    network: NetworkID, node: NodeID, registry: RegistryAccess, data: String, attestation: Attestation,
    clientAddress: ListenAddress, peerAddress: ListenAddress, adminAddress: ListenAddress,
    limits: NodeLimits = NodeLimits()
  ) {
    self.network = network
    self.node = node
    self.registry = registry
    self.data = data
    self.attestation = attestation
    self.clientAddress = clientAddress
    self.peerAddress = peerAddress
    self.adminAddress = adminAddress
    self.limits = limits
  }

  public var vaultPath: String { data + "/vault.sqlite" }
  public var sealingKeyPath: String { data + "/sealing.key" }
}

extension NodeConfiguration {
  private static let sizeLimit = 512 << 10
  private static let pathLimit = 4096
  private static let gatewayLimit = 16
  private static let chainLimit = 256

  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: Self.sizeLimit))
    network = try fields.identifier("network")
    node = try fields.identifier("node")
    registry = try RegistryAccess(fields.value("registry"))
    data = try fields.string("data", limit: Self.pathLimit)
    var attestation = try fields.object("attestation")
    if attestation.has("hardware") {
      var hardware = try attestation.object("hardware")
      self.attestation = .hardware(try HardwareAttestation(&hardware))
    } else {
      self.attestation = .software(credentials: try attestation.string("software", limit: Self.pathLimit))
    }
    try attestation.finish()
    var listen = try fields.object("listen")
    clientAddress = try ListenAddress(&listen, "client")
    peerAddress = try ListenAddress(&listen, "peer")
    adminAddress = try ListenAddress(&listen, "admin")
    try listen.finish()
    guard adminAddress.isLoopback else { throw .invalid("listen.admin") }
    if fields.has("advertise") {
      var given = try fields.object("advertise")
      advertised = try AdvertisedEndpoints(&given)
    }
    limits = NodeLimits()
    if fields.has("limits") {
      var given = try fields.object("limits")
      limits = try NodeLimits(&given)
    }
    if fields.has("fetch") {
      var given = try fields.object("fetch")
      fetch = try FetchAddresses(&given)
    }
    gateways = try Self.gateways(&fields)
    rpcURLs = try Self.urls(&fields, "rpcURLs")
    publicRPCURLs = try Self.urls(&fields, "publicRPCURLs")
    try fields.finish()
  }

  private static func gateways(_ fields: inout JSONFields) throws(FormatError) -> [String] {
    guard fields.has("gateways") else { return [] }
    var gateways: [String] = []
    for value in try fields.array("gateways", limit: gatewayLimit) {
      guard case .string(let text) = value, ActionGateways.isTemplate(text) else { throw .invalid("gateways") }
      gateways.append(text)
    }
    return gateways
  }

  private static func urls(_ fields: inout JSONFields, _ name: String) throws(FormatError) -> [String: String] {
    guard fields.has(name) else { return [:] }
    var given = try fields.object(name)
    let chains = given.remainingNames
    guard chains.count <= chainLimit else { throw .invalid(name) }
    var urls: [String: String] = [:]
    for chain in chains { urls[chain] = try given.string(chain, limit: pathLimit) }
    return urls
  }

  public var encoded: [UInt8] {
    var attestation: JSONMember {
      switch self.attestation {
      case .software(let path): JSONMember("software", .string(path))
      case .hardware(let hardware): JSONMember("hardware", hardware.json)
      }
    }
    let members = [
      JSONMember("network", .text(network)),
      JSONMember("node", .text(node)),
      JSONMember("registry", registry.json),
      JSONMember("data", .string(data)),
      JSONMember("attestation", .object([attestation])),
      JSONMember(
        "listen",
        .object([
          JSONMember("client", .string(clientAddress.text)), JSONMember("peer", .string(peerAddress.text)),
          JSONMember("admin", .string(adminAddress.text)),
        ])),
      JSONMember("limits", limits.json),
    ]
    var optional: [JSONMember] = []
    if let advertised { optional.append(JSONMember("advertise", advertised.json)) }
    if fetch != FetchAddresses() { optional.append(JSONMember("fetch", fetch.json)) }
    if !gateways.isEmpty { optional.append(JSONMember("gateways", .array(gateways.map { .string($0) }))) }
    for (name, urls) in [("rpcURLs", rpcURLs), ("publicRPCURLs", publicRPCURLs)] where !urls.isEmpty {
      let members = urls.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
      optional.append(JSONMember(name, .object(members)))
    }
    return JSONValue.object(members + optional).serialized
  }

  /// What the certificate's binding vouches for: everything about the configuration that is not a place on this machine.
  public var digest: Digest32 {
    let attestation: [[UInt8]] =
      switch attestation {
      case .software: [Array("software".utf8)]
      case .hardware(let hardware):
        [Array("hardware".utf8), UInt64(hardware.privilegeLevel).bigEndianBytes]
      }
    return TaggedHash.sha256(
      .nodeConfiguration,
      [network.bytes, Array(node.text.utf8)] + attestation + [limits.json.canonicalized] + registry.vouched)
  }
}

/// A host name or address and a port, 0 for any.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  /// Without brackets.
  public var host: String
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// - Parameter text: `host:port`, an IPv6 address in brackets.
  public init?(text: String) {
    guard text.utf8.count <= 300, let colon = text.lastIndex(of: ":"),
      let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.first == "[", host.last == "]" {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: Int(port))
  }

  init(_ fields: inout JSONFields, _ name: String) throws(FormatError) {
    guard let address = ListenAddress(text: try fields.string(name, limit: 300)) else { throw .invalid(name) }
    self = address
  }

  public var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
  public var description: String { text }

  /// Whether only this machine can reach it: `localhost`, `::1`, or 127.0.0.0/8 as four decimal numbers.
  ///
  /// Other spellings of these addresses count as reachable from elsewhere, and so does every other name.
  public var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    // A resolver takes a leading zero for the mark of an octal number.
    return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0).map(String.init) == String($0) }
  }
}
