import Identifiers
import Membership
import Testing
import Wire

@Suite struct FoundingDocumentTests {
  @Test func `a document reads back from its exact bytes and names its network by them`() throws {
    let founding = try Network().founding
    let read = try FoundingDocument(decoding: founding.bytes)
    #expect(read == founding)
    let spaced = Array(" ".utf8) + founding.bytes
    #expect(try FoundingDocument(decoding: spaced).network != founding.network)
    #expect(founding.isDevelopment)
    #expect(founding.maximumSnapshotAge == .seconds(5))
  }

  @Test func `who signs which update stands in the document`() throws {
    let text = String(decoding: try Network().founding.bytes, as: UTF8.self)
    #expect(
      text.contains(
        #""signers":{"members":"stakers","epoch":"stakers","policy":"stakers","measurements":"stakers","#
          + #""keyCertificate":"stakers","keyRecord":"owner","notBefore":"wallet"}"#))
  }

  static let edits: [(String, String, FormatError)] = [
    (#""version":1"#, #""version":2"#, .invalid("version")),
    (#""version":1"#, #""version":1,"notes":"""#, .unexpectedMember),
    (#""registry":"file""#, #""registry":"evm""#, .invalid("registry")),
    (#""threshold":"two-thirds""#, #""threshold":"half""#, .invalid("threshold")),
    (#""keyRecord":"owner""#, #""keyRecord":"stakers""#, .invalid("signers")),
    (#""name":"test network""#, #""name":"""#, .invalid("name")),
    (#""name":"test network""#, #""name":"test\nnetwork""#, .invalid("name")),
    (#"["software"]"#, "[]", .invalid("evidenceKinds")),
    (#"["software"]"#, #"["software","software"]"#, .invalid("evidenceKinds")),
    (#"["software"]"#, #"["Software"]"#, .invalid("evidenceKinds")),
    (#"["software"]"#, #"["sev-snp"]"#, .invalid("developmentRoots")),
    (#""developmentRoots":["02"#, #""developmentRoots":[""#, .invalid("developmentRoots")),
    (#""minimumMembers":3"#, #""minimumMembers":0"#, .invalid("minimumMembers")),
    (#""minimumMembers":3"#, #""minimumMembers":6"#, .invalid("stakers")),
    (#""minimumStake":100"#, #""minimumStake":0"#, .invalid("minimumStake")),
    (#""minimumStake":100"#, #""minimumStake":101"#, .invalid("stakers")),
    (#""domain":"quorate.example""#, #""domain":"""#, .invalid("domain")),
    (#""domain":"quorate.example""#, #""domain":"quorate example""#, .invalid("domain")),
    (#""chainID":1"#, #""chainID":0"#, .invalid("chainID")),
    (#""maximumSnapshotAge":5"#, #""maximumSnapshotAge":61"#, .invalid("maximumSnapshotAge")),
    (#""maximumSnapshotAge":5"#, #""maximumSnapshotAge":0"#, .invalid("maximumSnapshotAge")),
  ]

  @Test(arguments: edits)
  func `a document that differs in one place is refused for it`(
    original: String, replacement: String, error: FormatError
  ) throws {
    let text = String(decoding: try Network().founding.bytes, as: UTF8.self)
    #expect(text.contains(original))
    let edited = text.replacing(original, with: replacement, maxReplacements: 1)
    #expect(throws: error) { try FoundingDocument(decoding: Array(edited.utf8)) }
  }

  @Test
  func `J2 what actions reach on the nodes' machine stands in the document, and is loopback of a development network`()
    throws
  {
    var terms = Network.terms(stakers: try Network().founding.stakers.map(\.address))
    let plain = try FoundingDocument(terms)
    #expect(!String(decoding: plain.bytes, as: UTF8.self).contains("developmentEndpoints"))
    terms.developmentEndpoints = [try Endpoint(text: "127.0.0.1:8080"), try Endpoint(text: "[::1]:1")]
    let founding = try FoundingDocument(terms)
    #expect(try FoundingDocument(decoding: founding.bytes) == founding)
    #expect(founding.developmentEndpoints == terms.developmentEndpoints && founding.network != plain.network)
    for text in ["10.0.0.1:80", "127.0.0.2:80", "localhost:80", "169.254.169.254:80"] {
      terms.developmentEndpoints = [try Endpoint(text: text)]
      #expect(throws: FormatError.invalid("developmentEndpoints")) { try FoundingDocument(terms) }
    }
    let written = String(decoding: plain.bytes, as: UTF8.self)
    for list in [#"[]"#, #"["127.0.0.1"]"#, #"["127.0.0.1:80","127.0.0.1:80"]"#, #"[1]"#] {
      let edited = written.replacing(#""threshold""#, with: #""developmentEndpoints":\#(list),"threshold""#)
      #expect(throws: FormatError.invalid("developmentEndpoints")) {
        try FoundingDocument(decoding: Array(edited.utf8))
      }
    }
    terms.developmentEndpoints = [try Endpoint(text: "127.0.0.1:8080")]
    terms.evidenceKinds = ["sev-snp"]
    terms.developmentRoots = []
    #expect(throws: FormatError.invalid("developmentEndpoints")) { try FoundingDocument(terms) }
  }

  @Test func `O10 a staker named twice, or out of order, is refused`() throws {
    let address = try WalletAddress(bytes: [UInt8](repeating: 1, count: 20))
    let terms = Network.terms(stakers: [address, address, address])
    #expect(throws: FormatError.invalid("stakers")) { try FoundingDocument(terms) }
  }
}
