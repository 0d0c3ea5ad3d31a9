import Identifiers
import Wire

/// What a node says about itself on its admin listener. Only ever shown, never trusted.
struct ReportedStatus: Sendable, Equatable {
  struct Peer: Sendable, Equatable {
    var node: NodeID
    var linked: Bool
    var problem: String?
  }

  struct PairSetups: Sendable, Equatable {
    var ready: UInt64
    var total: UInt64
  }

  var node: NodeID
  var instance: Instance
  var registryNumber: UInt64?
  var epoch: UInt64?
  var ready: Bool
  var reason: String?
  var keyState: String
  var certificate: Digest32?
  var keyProblem: String?
  /// With how many of the others it can sign by ECDSA, of how many; nil when it does not say.
  var pairSetups: PairSetups?
  /// Whether it runs actions, in a word; nil when it does not say.
  var actions: String?
  var peers: [Peer]

  /// What this program does not know is left out: a newer node may say more.
  init(decoding body: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(body, limit: LoopbackHTTP.sizeLimit))
    node = try fields.identifier("node")
    instance = try fields.identifier("instance")
    ready = try fields.bool("ready")
    reason = Self.text(fields.optional("reason"))
    if case .object(let members) = fields.optional("registry") {
      var registry = try JSONFields(.object(members))
      registryNumber = try registry.unsigned("number")
    }
    if case .integer(let number) = fields.optional("epoch") { epoch = UInt64(exactly: number) }
    var keys = try fields.object("keys")
    keyState = try keys.string("state")
    certificate = try Self.text(keys.optional("certificate")).map { (text) throws(FormatError) in
      guard let digest = try? Digest32(text: text) else { throw .invalid("certificate") }
      return digest
    }
    keyProblem = Self.text(keys.optional("problem"))
    if case .object(let members) = fields.optional("pairSetups") {
      var pairs = try JSONFields(.object(members))
      pairSetups = PairSetups(ready: try pairs.unsigned("ready"), total: try pairs.unsigned("total"))
    }
    if case .object(let members) = fields.optional("actions") {
      var actions = try JSONFields(.object(members))
      let state = try actions.string("state")
      self.actions = Self.text(actions.optional("part")).map { "no \($0)" } ?? state
    }
    peers = []
    for value in try fields.array("peers", limit: WireLimits.members) {
      var peer = try JSONFields(value)
      peers.append(
        Peer(
          node: try peer.identifier("node"), linked: try peer.bool("linked"),
          problem: Self.text(peer.optional("problem"))))
    }
  }

  var linkCount: Int { peers.count(where: \.linked) }

  private static func text(_ value: JSONValue?) -> String? {
    if case .string(let text) = value { text } else { nil }
  }

  static func fetch(port: UInt16) async -> ReportedStatus? {
    guard let answer = await LoopbackHTTP.get(port: port, path: "/status"), answer.status == 200 else { return nil }
    return try? ReportedStatus(decoding: answer.body)
  }
}
