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
    (#""unstakeDelay":86400"#, #""unstakeDelay":7199"#, "unstakeDelay"),
    (#""keyDeposit":"1000000000000000""#, #""keyDeposit":"0x1""#, "keyDeposit"),
    (#""keyDeposit":"1000000000000000""#, #""keyDeposit":"99999999999999""#, "keyDeposit"),
    (String(repeating: "c2", count: 20), String(repeating: "c1", count: 20), "keys"),
    (#""staking":"0xc1"#, #""staking":"0xC1"#, "staking"),
  ])
  func `Terms out of bounds found no network`(_ from: String, _ to: String, _ field: String) throws {
    let text = String(decoding: try SampleChainNetwork().founding.bytes, as: UTF8.self)
    let changed = text.replacing(from, with: to)
    #expect(changed != text)
    #expect(throws: FormatError.invalid(field)) { try FoundingDocument(decoding: Array(changed.utf8)) }
  }

  @Test(arguments: [
    (
      #""window":3600,"notice":60,"unstakeDelay":86400"#, #""window":2592001,"notice":60,"unstakeDelay":5184002"#,
      "window"
    ), (#""notice":60"#, #""notice":2592001"#, "notice"),
    (#""unstakeDelay":86400"#, #""unstakeDelay":7776001"#, "unstakeDelay"),
    (#""finalityDepth":2"#, #""finalityDepth":0"#, "finalityDepth"),
  ])
  func `What founds no network any more is still read`(_ from: String, _ to: String, _ field: String) throws {
    let text = String(decoding: try SampleChainNetwork().founding.bytes, as: UTF8.self)
    let changed = Array(text.replacing(from, with: to).utf8)
    #expect(throws: FormatError.invalid(field)) { try FoundingDocument(founding: changed) }
    _ = try FoundingDocument(decoding: changed)
    #expect(try FoundingDocument(founding: Array(text.utf8)).bytes == Array(text.utf8))
  }

  @Test func `O10 The newest block counts at once only where all evidence is software`() throws {
    #expect(try SampleChainNetwork(finalityDepth: 0).founding.evidenceKinds == ["software"])
    for kinds in [["sev-snp"], ["software", "sev-snp"]] {
      var terms = try FoundingTerms(draft: SampleChainNetwork().draft)
      terms.registry = try SampleChainNetwork(finalityDepth: 0).founding.registry
      terms.evidenceKinds = kinds
      if !kinds.contains("software") { terms.developmentRoots = [] }
      #expect(throws: FormatError.invalid("finalityDepth")) { try FoundingDocument(terms) }
      terms.registry = try SampleChainNetwork(finalityDepth: 1).founding.registry
      _ = try FoundingDocument(terms)
    }
  }

  @Test func `A draft leaves the registry's place out, and is a document once it is known`() throws {
    let sample = try SampleChainNetwork()
    let founding = sample.founding
    var terms = try FoundingTerms(draft: sample.draft)
    #expect(terms.registry == .file && terms.stakers == founding.stakers)
    terms.registry = founding.registry
    #expect(try FoundingDocument(terms) == founding)
    #expect(throws: FormatError.unexpectedMember) { try FoundingTerms(draft: founding.bytes) }
    #expect(throws: FormatError.missing("registry")) { try FoundingDocument(founding: sample.draft) }
  }

  @Test func `Code is voted for on a chain, so a founding document of one names none`() throws {
    let text = String(decoding: try SampleChainNetwork().founding.bytes, as: UTF8.self)
    let measured =
      text.dropLast() + #","measurements":[{"kind":"software","value":""# + String(repeating: "07", count: 48) + "\"}]}"
    #expect(throws: FormatError.invalid("measurements")) { try FoundingDocument(decoding: Array(measured.utf8)) }
    // In a file the same is as good as ever.
    let place = try #require(text.firstRange(of: /"registry":\{[^}]*\}/))
    let inFile = measured.replacing(text[place], with: #""registry":"file""#)
    #expect(try FoundingDocument(decoding: Array(inFile.utf8)).measurements.count == 1)
  }

  @Test func `A founding document is no longer than the contract takes`() throws {
    let founding = try SampleChainNetwork().founding
    let spaces = [UInt8](repeating: UInt8(ascii: " "), count: 16 << 10)
    #expect(throws: FormatError.invalid("registry")) { try FoundingDocument(decoding: founding.bytes + spaces) }
  }

  @Test func `A file with the founding document of a chain speaks for this network and holds nothing else`() throws {
    struct Storage: RegistryStorage {
      let bytes: [UInt8]
      func stamp() throws(RegistryStorageError) -> RegistryStamp {
        throw RegistryStorageError(.inspect, errorNumber: 0)
      }
      func read() throws(RegistryStorageError) -> (bytes: [UInt8], stamp: RegistryStamp) {
        (bytes, RegistryStamp(modifiedSeconds: 0, modifiedNanoseconds: 0, size: 0, inode: 0))
      }
      func replace(with bytes: [UInt8]) throws(RegistryStorageError) {}
      func lock() throws(RegistryStorageError) -> (any RegistryLock)? { nil }
    }
    let founding = try SampleChainNetwork().founding
    let storage = Storage(bytes: RegistryDocument(founding: founding).encoded)
    #expect(try storage.founding(of: founding.network) == founding)
    #expect(throws: RegistryTrouble.refused(.wrongNetwork)) { try storage.founding(of: .zero) }
  }

  @Test func `A network on a chain has no file that speaks for it`() throws {
    let founding = try SampleChainNetwork().founding
    #expect(throws: RegistryFault.wrongNetwork) {
      try MembershipSnapshot(verifying: RegistryDocument(founding: founding), network: founding.network)
    }
  }
}
