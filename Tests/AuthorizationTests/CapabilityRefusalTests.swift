import Authorization
import Identifiers
import Membership
import Signatures
import Testing
import Wire

@Suite struct CapabilityRefusalTests {
  private static func check(
    _ order: Order, _ reason: CapabilityRefusal, in setting: Setting, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let refusal = setting.refusal(order)
    #expect(refusal?.reason == .capability(reason), sourceLocation: sourceLocation)
    #expect(refusal?.code == .invalidCapability, sourceLocation: sourceLocation)
    #expect(refusal?.step == .capability, sourceLocation: sourceLocation)
  }

  private static func changed(_ change: @escaping (inout SIWEMessage) -> Void) -> Order {
    var order = Order()
    order.message = change
    return order
  }

  @Test func `step 3 A2 domain, chain and session key are those of this network and request`() throws {
    let setting = try Setting()
    Self.check(Self.changed { $0.domain = "evil.example" }, .domain, in: setting)
    Self.check(Self.changed { $0.domain = "quorate.example:443" }, .domain, in: setting)
    Self.check(Self.changed { $0.scheme = "https" }, .domain, in: setting)
    Self.check(Self.changed { $0.chainID = 2 }, .chain, in: setting)
    Self.check(Order(capabilityKey: try Setting.key(0x62)), .sessionKey, in: setting)
    Self.check(Self.changed { $0.uri += "/" }, .sessionKey, in: setting)
    Self.check(Self.changed { $0.uri = $0.uri.replacing("quorate:", with: "Quorate:") }, .sessionKey, in: setting)
    let other = NetworkID.zero.text
    let own = setting.founding.network.text
    Self.check(Self.changed { $0.uri = $0.uri.replacing(own, with: other) }, .sessionKey, in: setting)
  }

  @Test func `step 3 A1 the capability's own window has an end, at most a day after its start`() throws {
    let setting = try Setting()
    Self.check(Self.changed { $0.expirationTime = nil }, .noExpiration, in: setting)
    let now = setting.now
    let issued = now.adding(seconds: -600)
    let day: Int64 = 24 * 3_600
    #expect(setting.refusal(Self.changed { $0.expirationTime = SIWETime(issued.adding(seconds: day)) }) == nil)
    Self.check(
      Self.changed { $0.expirationTime = SIWETime(issued.adding(seconds: day + 1)) }, .lifetime, in: setting)
    Self.check(Self.changed { $0.expirationTime = SIWETime(issued) }, .lifetime, in: setting)
    Self.check(Self.changed { $0.expirationTime = SIWETime(issued.adding(seconds: -1)) }, .lifetime, in: setting)
    var order = Order()
    order.text = { $0.replacing("Issued At: \(issued)", with: "Issued At: 2026-03-04T11:50:00.000Z") }
    Self.check(order, .timeFormat, in: setting)
    order.text = { $0.replacing("Issued At: \(issued)", with: "Issued At: 2026-03-04T12:50:00+01:00") }
    Self.check(order, .timeFormat, in: setting)
  }

  @Test func `step 3 A4 exactly one ReCap, and a statement that says what it grants`() throws {
    let setting = try Setting()
    Self.check(Self.changed { $0.resources = nil }, .resources, in: setting)
    Self.check(Self.changed { $0.resources = [] }, .resources, in: setting)
    Self.check(Self.changed { $0.resources = ($0.resources ?? []) + ["https://a"] }, .resources, in: setting)
    Self.check(Self.changed { $0.resources = ($0.resources ?? []) + ($0.resources ?? []) }, .resources, in: setting)
    Self.check(Self.changed { $0.resources = ["https://a"] }, .reCap(.notAReCap), in: setting)
    Self.check(Self.changed { $0.statement = nil }, .statement, in: setting)
    Self.check(Self.changed { $0.statement = "Hello." }, .statement, in: setting)
    Self.check(Self.changed { $0.statement = ($0.statement ?? "") + " And more." }, .statement, in: setting)
    Self.check(Self.changed { $0.statement = "x" + ($0.statement ?? "") }, .statement, in: setting)
    #expect(setting.refusal(Self.changed { $0.statement = "Welcome. " + ($0.statement ?? "") }) == nil)
    let wide = try ReCap([.everything(.sign)]).resource
    Self.check(Self.changed { $0.resources = [wide] }, .statement, in: setting)
  }

  @Test func `step 3 A2 signed by the wallet the text names, over exactly this text`() throws {
    let setting = try Setting()
    let other = setting.other
    Self.check(Self.changed { $0.address = other.address }, .signature, in: setting)
    var order = Order()
    order.capability = {
      try Capability(siwe: $0.siwe.replacing("nonce123", with: "nonce124"), signature: $0.signature)
    }
    Self.check(order, .signature, in: setting)
    order.capability = { try Capability(siwe: $0.siwe + "\n", signature: $0.signature) }
    Self.check(order, .malformed(.unexpectedLine), in: setting)
    order.capability = { try Capability(siwe: $0.siwe.replacing("\n", with: "\r\n"), signature: $0.signature) }
    Self.check(order, .malformed(.greeting), in: setting)
    order.capability = { try Capability(siwe: $0.siwe, signature: [UInt8](repeating: 0, count: 65)) }
    Self.check(order, .signature, in: setting)
  }

  @Test func `step 3 A9 the other signature anyone can make of one is refused`() throws {
    let setting = try Setting()
    var order = Order()
    // n − s and the other recovery id: the same wallet recovers from it, were high s not refused.
    order.capability = { capability in
      let groupOrder = try Hex.decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
      var borrow = 0
      var negated = [UInt8](repeating: 0, count: 32)
      for place in (0..<32).reversed() {
        let difference = Int(groupOrder[place]) - Int(capability.signature[32 + place]) - borrow
        borrow = difference < 0 ? 1 : 0
        negated[place] = UInt8(difference & 255)
      }
      let recovery: UInt8 = capability.signature[64] == 27 ? 28 : 27
      return try Capability(siwe: capability.siwe, signature: capability.signature[..<32] + negated + [recovery])
    }
    Self.check(order, .signature, in: setting)
    order.capability = { capability in
      try Capability(siwe: capability.siwe, signature: capability.signature[..<64] + [capability.signature[64] - 27])
    }
    Self.check(order, .signature, in: setting)
  }

  @Test func `step 3 A10 a capability issued before the wallet's limit is refused, from it on accepted`() throws {
    var setting = try Setting()
    let issued = setting.now.adding(seconds: -600)
    try setting.apply(.notBefore(wallet: setting.other.address, setting.now), by: [setting.other])
    #expect(setting.refusal(Order()) == nil)
    try setting.apply(.notBefore(wallet: setting.user.address, issued), by: [setting.user])
    #expect(setting.refusal(Order()) == nil)
    try setting.apply(.notBefore(wallet: setting.user.address, issued.adding(seconds: 1)), by: [setting.user])
    Self.check(Order(), .revoked, in: setting)
  }
}
