import ChainTestKit
import Identifiers
import Membership
import Testing
import Wire

struct ChainFoundingTests {
  @Test func `A founding document names the contracts, and its id covers them`() throws {
    let founding = try SampleChainNetwork().founding
    let again = try FoundingDocument(decoding: founding.bytes)
    #expect(again == founding)
    guard case .chain(let terms) = again.registry else { throw FormatError.invalid("registry") }
    #expect(terms.finalityDepth == 2)
    #expect(try SampleChainNetwork(stakingCode: .zero).founding.network != founding.network)
    #expect(try SampleChainNetwork(finalityDepth: 3).founding.network != founding.network)
  }

  @Test(arguments: [
    (#""chain":31337"#, #""chain":0"#, "chain"), (#""finalityDepth":2"#, #""finalityDepth":10001"#, "finalityDepth"),
    (#""headAge":30"#, #""headAge":0"#, "headAge"), (#""headAge":30"#, #""headAge":3601"#, "headAge"),
    (#""window":3600"#, #""window":0"#, "window"), (#""unstakeDelay":86400"#, #""unstakeDelay":0"#, "unstakeDelay"),
    (#""keyDeposit":"1000""#, #""keyDeposit":"0x1""#, "keyDeposit"),
    (String(repeating: "c2", count: 20), String(repeating: "c1", count: 20), "keys"),
    (#""staking":"0xc1"#, #""staking":"0xC1"#, "staking"),
  ])
  func `Terms out of bounds found no network`(_ from: String, _ to: String, _ field: String) throws {
    let text = String(decoding: try SampleChainNetwork().founding.bytes, as: UTF8.self)
    let changed = text.replacing(from, with: to)
    #expect(changed != text)
    #expect(throws: FormatError.invalid(field)) { try FoundingDocument(decoding: Array(changed.utf8)) }
  }

  @Test func `A network on a chain has no file that speaks for it`() throws {
    let founding = try SampleChainNetwork().founding
    #expect(throws: RegistryFault.wrongNetwork) {
      try MembershipSnapshot(verifying: RegistryDocument(founding: founding), network: founding.network)
    }
  }
}
