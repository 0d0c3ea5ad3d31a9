import ActionNames
import Authorization
import Identifiers
import Testing
import Wire

@Suite struct DecryptionPolicyTests {
  private static let first = "0x1111111111111111111111111111111111111111"
  private static let second = "0x2222222222222222222222222222222222222222"

  @Test func `a policy has these bytes and this identity`() throws {
    let policy = try DecryptionPolicy(
      anyOf: [WalletAddress(text: Self.second), WalletAddress(text: Self.first)])
    #expect(
      String(decoding: policy.bytes, as: UTF8.self)
        == #"{"version":1,"anyOf":[{"wallet":"\#(Self.first)"},{"wallet":"\#(Self.second)"}]}"#)
    #expect(policy.hash.text == "6611c6ac815b7907fa340ab5fd0cdba94a329431d54cb9d26083eeb410900ef4")
    let dataKey = try Digest32(bytes: [UInt8](repeating: 0xee, count: 32))
    #expect(
      String(decoding: policy.identity(dataKeyHash: dataKey), as: UTF8.self)
        == "quorate-policy://\(policy.hash)/\(String(repeating: "ee", count: 32))")
    #expect(try DecryptionPolicy(decoding: policy.bytes) == policy)
  }

  @Test func `a policy may name actions beside wallets, or instead of them`() throws {
    let action = ActionID(of: Array("hello world\n".utf8))
    let policy = try DecryptionPolicy(anyOf: [WalletAddress(text: Self.first)], orActions: [action])
    #expect(
      String(decoding: policy.bytes, as: UTF8.self)
        == #"{"version":1,"anyOf":[{"wallet":"\#(Self.first)"},{"action":"QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o"}]}"#
    )
    #expect(try DecryptionPolicy(decoding: policy.bytes) == policy)
    #expect(policy.allows(action) && !policy.allows(ActionID(of: [])))
    let alone = try DecryptionPolicy(anyOf: [], orActions: [action])
    #expect(try DecryptionPolicy(decoding: alone.bytes) == alone)
    let many = (0..<65).map { ActionID(of: [UInt8($0)]) }
    #expect(throws: FormatError.invalid("anyOf")) { try DecryptionPolicy(anyOf: [], orActions: Set(many)) }
  }

  @Test func `any one wallet suffices, no other does`() throws {
    let policy = try DecryptionPolicy(anyOf: [WalletAddress(text: Self.first), WalletAddress(text: Self.second)])
    #expect(policy.allows(try WalletAddress(text: Self.first)))
    #expect(policy.allows(try WalletAddress(text: Self.second)))
    #expect(!policy.allows(try WalletAddress(text: "0x3333333333333333333333333333333333333333")))
  }

  @Test func `the same policy in other bytes is another policy`() throws {
    let policy = try DecryptionPolicy(anyOf: [WalletAddress(text: Self.first)])
    let spaced = try DecryptionPolicy(decoding: policy.bytes + [0x20])
    #expect(spaced.wallets == policy.wallets)
    #expect(spaced.hash != policy.hash)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"version":2,"anyOf":[{"wallet":"\#(first)"}]}"#, #"{"version":1,"anyOf":[]}"#,
    #"{"version":1,"allOf":[{"wallet":"\#(first)"}]}"#, #"{"version":1,"anyOf":[{"wallet":"\#(first)"}],"not":[]}"#,
    #"{"version":1,"anyOf":[{"wallet":"\#(first)"},{"wallet":"\#(first)"}]}"#,
    #"{"version":1,"anyOf":[{"wallet":"\#(first)","after":1}]}"#, #"{"version":1,"anyOf":[{"contract":"\#(first)"}]}"#,
    #"{"version":1,"anyOf":[{"wallet":"0x11"}]}"#, #"{"version":1,"anyOf":[{"wallet":"*"}]}"#,
    #"{"version":1,"anyOf":[{"wallet":"0X1111111111111111111111111111111111111111"}]}"#,
    #"{"version":1,"anyOf":[{"action":"QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5"}]}"#,
    #"{"version":1,"anyOf":[{"action":"*"}]}"#,
    #"{"version":1,"anyOf":[{"action":"QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o","wallet":"\#(first)"}]}"#,
    #"{"version":1,"version":1,"anyOf":[{"wallet":"\#(first)"}]}"#, #"{"version":1,"anyOf":{"wallet":"\#(first)"}}"#,
  ])
  func `T13 what is not exactly a policy of this version is refused`(text: String) {
    #expect(throws: FormatError.self) { try DecryptionPolicy(decoding: Array(text.utf8)) }
  }

  @Test func `a policy has at most 64 wallets`() throws {
    let wallets = try (0..<65).map { try WalletAddress(bytes: [UInt8](repeating: UInt8($0), count: 20)) }
    #expect(throws: FormatError.invalid("anyOf")) { try DecryptionPolicy(anyOf: Set(wallets)) }
    #expect(throws: FormatError.invalid("anyOf")) { try DecryptionPolicy(anyOf: []) }
    #expect(try DecryptionPolicy(anyOf: Set(wallets.dropLast())).bytes.count <= WireLimits.policy)
  }
}
