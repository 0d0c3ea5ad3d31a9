import Authorization
import Identifiers
import Membership
import NodeTestKit
import PublicKeys
import Secrets
import Signatures
import Wire

/// One thing wrong with a request, the step that finds it, and what the user is told.
struct PortFault {
  let step: Int
  let name: String
  let code: ErrorCode
  /// Nil for faults of form, which no step after the first could overlook.
  let reason: Refusal.Reason?
  /// What has to be overlooked has nothing to work with.
  var isHopeless = false
  let change: (inout PortOrder) throws -> Void

  static func all(_ setting: PortSetting) throws -> [PortFault] {
    try shape(setting) + addressee(setting) + capability(setting) + time() + permission(setting)
  }

  private static func shape(_ setting: PortSetting) -> [PortFault] {
    func fault(
      _ name: String, _ code: ErrorCode = .invalidRequest, _ change: @escaping (inout PortOrder) -> Void
    ) -> PortFault {
      PortFault(step: 1, name: name, code: code, reason: nil, change: change)
    }
    func payload(_ name: String, _ old: String, _ new: String) -> PortFault {
      fault(name) { $0.payload = { replacing(old, new, in: $0) } }
    }
    let network = setting.network.network.text
    let entry = setting.ports[0].entry
    return [
      fault("nothing") { $0.body = { _ in [] } },
      fault("half of it") { $0.body = { Array($0.dropLast()) } },
      fault("more than one") { $0.body = { $0 + $0 } },
      fault("T11 too much", .tooLarge) {
        $0.body = { $0 + [UInt8](repeating: 0x20, count: WireLimits.body) }
        $0.isAlone = true
      },
      fault("T11 seventeen levels") { $0.body = { _ in Array(String(repeating: "[", count: 17).utf8) } },
      fault("T13 a delivery twice") {
        $0.body = { replacing("\"delivery\":", "\"delivery\":\"\",\"delivery\":", in: $0) }
      },
      fault("T13 bytes that are not UTF-8") {
        $0.body = { replacing("\"protected\":\"", "\"protected\":\"\u{fe}", in: $0).map { $0 == 0xc3 ? 0xff : $0 } }
      },
      fault("an unprotected header") {
        $0.body = { replacing("\"signature\":", "\"header\":{},\"signature\":", in: $0) }
      },
      fault("a path of another operation") { $0.path = "/v1/sign" },
      payload("T13 an epoch twice", "\"epoch\":1", "\"epoch\":1,\"epoch\":1"),
      payload("T13 an epoch above 2⁵³", "\"epoch\":1", "\"epoch\":9007199254740993"),
      payload("T13 an epoch of 2⁶⁴ and one", "\"epoch\":1", "\"epoch\":18446744073709551617"),
      payload("T13 an epoch as a fraction", "\"epoch\":1", "\"epoch\":1.0"),
      payload("T13 an infinite epoch", "\"epoch\":1", "\"epoch\":1e400"),
      payload("a member nobody knows", "\"epoch\":1", "\"epoch\":1,\"debug\":true"),
      payload("an operation nobody knows", "{\"decrypt\":", "{\"execute\":"),
      payload("a network id in capitals", network, network.uppercased()),
      payload(
        "a node twice", "\"quorum\":[",
        "\"quorum\":[{\"node\":\"\(entry.node)\",\"instance\":\"\(entry.instance)\"},"),
      fault("T13 a payload that is not UTF-8") {
        $0.payload = { replacing("\"epoch\":1", "\"epoch\":1,\"\u{fe}\":1", in: $0).map { $0 == 0xc3 ? 0xff : $0 } }
      },
    ]
  }

  private static func addressee(_ setting: PortSetting) throws -> [PortFault] {
    func fault(
      _ name: String, _ code: ErrorCode, _ reason: Refusal.Reason, _ change: @escaping (inout PortOrder) throws -> Void
    ) -> PortFault {
      PortFault(step: 2, name: name, code: code, reason: reason, change: change)
    }
    var random = SystemRandom()
    let key = Ed25519SigningKey(from: &random)
    let here = setting.ports[0].entry
    let earlier = QuorumEntry(node: here.node, instance: try Instance(bytes: random.bytes(32)))
    let foreign = QuorumEntry(node: NodeID(staker: setting.stranger.address), instance: earlier.instance)
    let entries = setting.ports.map(\.entry)
    return [
      fault("A3 another network", .wrongNetwork, .network) { $0.network = .zero },
      fault("another epoch", .wrongEpoch, .epoch) { $0.epoch = 2 },
      fault("P35 fewer than t nodes", .wrongQuorum, .quorumSize) {
        $0.quorum = Array(entries.prefix(setting.threshold - 1))
      },
      fault("P35 more than t nodes for a signature", .wrongQuorum, .quorumSize) {
        $0.operation = setting.signature
      },
      fault("a quorum of others", .wrongQuorum, .notThisInstance) { $0.quorum = Array(entries.dropFirst()) },
      fault("A3 an earlier instance", .wrongQuorum, .notThisInstance) {
        $0.quorum = [earlier] + entries.dropFirst()
      },
      fault("a node that is no member", .wrongQuorum, .quorumMember) {
        $0.quorum = entries.dropLast() + [foreign]
      },
      fault("A3 another node's delivery", .invalidSignature, .delivery) { $0.delivered = entries[1] },
      fault("A3 a delivery to an earlier instance", .invalidSignature, .delivery) { $0.delivered = earlier },
      fault("A7 somebody else's delivery", .invalidSignature, .delivery) { $0.deliveryKey = key },
      fault("A7 a delivery of another request", .invalidSignature, .delivery) { $0.deliveredRequest = .zero },
      fault("A6 somebody else's signature", .invalidSignature, .signature) { $0.signingKey = key },
    ]
  }

  private static func capability(_ setting: PortSetting) throws -> [PortFault] {
    func fault(
      _ name: String, _ reason: CapabilityRefusal, _ change: @escaping (inout PortOrder) -> Void
    ) -> PortFault {
      PortFault(step: 3, name: name, code: .invalidCapability, reason: .capability(reason), change: change)
    }
    var random = SystemRandom()
    let key = Ed25519SigningKey(from: &random)
    let bare = "urn:recap:" + Base64URL.encode(#"{"att":{"*":{"quorate/decrypt":[{}]}},"prf":[]}"#.utf8)
    return [
      fault("A2 another wallet's signature", .signature) { $0.wallet = setting.stranger },
      fault("A7 a capability of another session key", .sessionKey) { $0.namedKey = key },
      fault("A2 another domain", .domain) { $0.message = { $0.domain = "evil.example" } },
      fault("A2 another chain", .chain) { $0.message = { $0.chainID = 2 } },
      fault("A1 no end", .noExpiration) { $0.message = { $0.expirationTime = nil } },
      fault("A1 more than a day", .lifetime) { $0.capabilityExpires = 86_400 },
      fault("A4 other words than grants", .statement) { $0.message = { $0.statement = "Hello." } },
      fault("A4 a bare star", .reCap(.unknownGrant)) { $0.message = { $0.resources = [bare] } },
      fault("A4 no grants", .resources) { $0.message = { $0.resources = [] } },
    ]
  }

  private static func time() -> [PortFault] {
    func fault(_ name: String, _ reason: Refusal.Reason, _ change: @escaping (inout PortOrder) -> Void) -> PortFault {
      PortFault(step: 4, name: name, code: .outsideTimeWindow, reason: reason, change: change)
    }
    return [
      fault("A1 a request that is over", .expired) {
        $0.issued = -100
        $0.expires = -1
      },
      fault("A1 a request of the future", .notYetValid) {
        $0.issued = 60
        $0.expires = 120
      },
      fault("A1 a request that outlives its capability", .outsideCapability) { $0.capabilityExpires = 30 },
      fault("A1 a request older than its capability", .outsideCapability) {
        $0.issued = -10
        $0.capabilityIssued = -5
      },
    ]
  }

  private static func permission(_ setting: PortSetting) throws -> [PortFault] {
    func fault(
      _ name: String, isHopeless: Bool = false, _ change: @escaping (inout PortOrder) throws -> Void
    ) -> PortFault {
      PortFault(
        step: 5, name: name, code: .notPermitted, reason: .notPermitted, isHopeless: isHopeless, change: change)
    }
    func sign(_ order: inout PortOrder, _ key: KeyID, _ content: ContentToSign, _ grants: Set<Grant>? = nil) {
      order.operation = .sign(key: key, content: content)
      order.quorum = setting.ports.prefix(setting.threshold).map(\.entry)
      order.grants = grants ?? [.everything(.sign)]
    }
    let mine = setting.record.key
    let strangers = try DecryptionPolicy(anyOf: [setting.stranger.address])
    return [
      fault("A11 an unknown key", isHopeless: true) { sign(&$0, .zero, .message([1])) },
      fault("A11 somebody else's key") { sign(&$0, setting.strangersRecord.key, .message([1])) },
      fault("A11 P37 a kind the record does not list") { sign(&$0, mine, .raw([1])) },
      fault("A4 A11 a key that is not granted") { sign(&$0, mine, .message([1]), [.sign(with: .zero)]) },
      fault("A4 A11 another ability") { sign(&$0, mine, .message([1]), [.everything(.decrypt)]) },
      fault("A11 a policy for others") {
        $0.operation = .decrypt(policy: strangers.bytes, dataKeyHash: .zero)
        $0.grants = [.everything(.decrypt)]
      },
      fault("A4 A11 a policy that is not granted") { $0.grants = [.decrypt(under: .zero)] },
      fault("A11 no policy at all") {
        $0.operation = .decrypt(policy: Array("{}".utf8), dataKeyHash: .zero)
        $0.grants = [.everything(.decrypt)]
      },
    ]
  }
}
