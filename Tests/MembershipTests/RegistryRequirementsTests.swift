import Attestation
import Identifiers
import Membership
import Signatures
import Testing
import Wire

@Suite struct RegistryRequirementsTests {
  private static let code = [UInt8](repeating: 3, count: 48)

  /// A network of hardware that asks for something from the beginning.
  private static func terms(_ network: Network) throws -> FoundingTerms {
    var terms = Network.terms(stakers: network.stakers.map(\.address))
    (terms.evidenceKinds, terms.developmentRoots) = (["sev-snp", "tdx"], [])
    terms.measurements = ["sev-snp": [code]]
    terms.requirements.snp.minimumFirmware = [.genoa: SNPFirmware(bootLoader: 9, tee: 0, snp: 21, microcode: 72)]
    terms.requirements.platforms = [try PlatformID(kind: .tdx, bytes: [1, 2])]
    return terms
  }

  private static let written =
    #","measurements":[{"kind":"sev-snp","value":"\#(Hex.encode(code))"}],"#
    + #""requirements":{"platforms":["tdx:0102"],"#
    + #""snp":{"minimumFirmware":{"Genoa":{"bootLoader":9,"snp":21,"microcode":72}}}}}"#

  @Test func `what is asked of evidence is part of what a network is`() throws {
    let network = try Network()
    let terms = try Self.terms(network)
    let founding = try FoundingDocument(terms)
    #expect(String(decoding: founding.bytes, as: UTF8.self).hasSuffix(Self.written))
    let read = try FoundingDocument(decoding: founding.bytes)
    #expect(read == founding && read.requirements == terms.requirements)
    let snapshot = MembershipSnapshot(founding: read)
    #expect(snapshot.measurements == terms.measurements && snapshot.requirements == terms.requirements)
    var stricter = terms
    stricter.requirements.snp.minimumFirmware[.genoa]?.snp = 22
    #expect(try FoundingDocument(stricter).network != founding.network)
  }

  @Test func `a document that asks for nothing says nothing of it`() throws {
    let text = String(decoding: try Network().founding.bytes, as: UTF8.self)
    #expect(text.hasSuffix(#""keyRecord":"owner","notBefore":"wallet"}}"#))
  }

  @Test(arguments: [
    (#""bootLoader":9,"snp":21"#, #""snp":21,"bootLoader":9"#, "requirements"),
    (#""bootLoader":9,"#, #""bootLoader":9,"tee":0,"#, "requirements"),
    (#"["tdx:0102"]"#, #"["tdx:0102","tdx:0102"]"#, "requirements"),
    (#"["tdx:0102"]"#, #"["nitro:0102"]"#, "requirements"),
    (#""snp":{"m"#, #""snp":{"debug":true,"m"#, "requirements"),
    (#""snp":{"m"#, #""nitro":{"slack":1},"snp":{"m"#, "requirements"),
    (#""requirements":{"platforms""#, #""requirements":{},"requirement":{"platforms""#, "requirements"),
    (#""kind":"sev-snp""#, #""kind":"nitro""#, "measurements"), (#""value":"03"#, #""value":""#, "measurements"),
    (#""measurements":[{"#, #""measurements":[],"measurement":[{"#, "measurements"),
  ])
  func `O10 a document with requirements in another form, or of what is not founded, is refused`(
    original: String, replacement: String, name: String
  ) throws {
    let text = String(decoding: try FoundingDocument(Self.terms(Network())).bytes, as: UTF8.self)
    #expect(text.contains(original))
    let edited = text.replacing(original, with: replacement, maxReplacements: 1)
    #expect(throws: FormatError.invalid(name)) { try FoundingDocument(decoding: Array(edited.utf8)) }
  }

  @Test func `stakers change what is asked, and whoever does not speak of it leaves it as it is`() throws {
    let network = try Network()
    var terms = try Self.terms(network)
    terms.evidenceKinds = ["sev-snp", "software", "tdx"]
    terms.developmentRoots = [[UInt8](repeating: 2, count: 49)]
    let founded = MembershipSnapshot(founding: try FoundingDocument(terms))
    func after(_ snapshot: MembershipSnapshot, _ requirements: EvidenceRequirements?) throws -> MembershipSnapshot {
      let change = RegistryChange.policy(
        evidenceKinds: ["tdx"], minimumStake: 90, requirements: requirements)
      let update = try snapshot.proposing(change).signed(by: Array(network.stakers.prefix(4)))
      let read = try RegistryChange(kind: .policy, body: update.proposal.body, network: snapshot.network)
      #expect(read == change)
      return try snapshot.applying(update)
    }
    let silent = try after(founded, nil)
    #expect(silent.requirements == terms.requirements && silent.minimumStake == 90)
    var asked = EvidenceRequirements()
    asked.tdx.statuses = [.upToDate, .softwareHardeningNeeded]
    #expect(try after(silent, asked).requirements == asked)
    #expect(try after(silent, EvidenceRequirements()).requirements == EvidenceRequirements())
    var foreign = EvidenceRequirements()
    foreign.nitro.maximumAge = 60
    #expect(throws: RegistryFault.notAllowed(number: 1, .evidenceKindNotFounded)) { try after(founded, foreign) }
  }

  @Test func `O10 too few stakers do not change what is asked`() throws {
    let network = try Network()
    var asked = EvidenceRequirements()
    asked.platforms = []
    let change = RegistryChange.policy(evidenceKinds: ["software"], minimumStake: 100, requirements: asked)
    let update = try network.update(change, after: network.empty, by: Array(network.stakers.prefix(3)))
    #expect(throws: RegistryFault.tooFewSignatures(number: 1, found: 3, needed: 4)) {
      try network.empty.applying(update)
    }
    let enough = try network.update(change, after: network.empty)
    #expect(try network.empty.applying(enough).requirements.platforms == [])
  }

  @Test func `the policy of a view is that of its registry`() throws {
    let network = try Network()
    let policy = MembershipSnapshot(founding: try FoundingDocument(Self.terms(network))).attestationPolicy(
      VendorKnowledge())
    #expect(policy.allowed == [.sevSNP: [try Measurement(bytes: Self.code)], .tdx: []])
    #expect(policy.platforms == [try PlatformID(kind: .tdx, bytes: [1, 2])])
    #expect(!policy.acceptsDevelopment)
  }
}

@Suite struct RegistryBallotTests {
  @Test func `a ballot goes from signer to signer and ends in the registry`() throws {
    let network = try Network()
    let change = RegistryChange.measurements(["software": [[UInt8](repeating: 9, count: 48)]])
    var ballot = RegistryBallot(try network.empty.proposing(change))
    for staker in network.stakers.prefix(4) {
      ballot = try RegistryBallot(decoding: ballot.encoded)
      try ballot.sign(with: staker)
      try ballot.sign(with: staker)
    }
    #expect(ballot.signatures.count == 4)
    #expect(try network.empty.change(in: ballot) == change)
    let next = try network.empty.applying(ballot.update)
    #expect(next.measurements["software"]?.count == 1)
    #expect(throws: RegistryFault.wrongNumber(expected: 2, found: 1)) { try next.change(in: ballot) }
  }

  @Test func `O10 a ballot of another network, history or rule is not signed`() throws {
    let (network, other) = (try Network(), try Network(name: "other network"))
    let ballot = RegistryBallot(try network.empty.proposing(.epoch(2)))
    #expect(throws: RegistryFault.wrongNetwork) { try other.empty.change(in: ballot) }
    let one = try network.applying([.policy(evidenceKinds: ["software"], minimumStake: 90)])
    let two = try network.applying([.policy(evidenceKinds: ["software"], minimumStake: 80)])
    let next = RegistryBallot(try one.proposing(.epoch(2)))
    #expect(throws: RegistryFault.brokenLink(number: 2)) { try two.change(in: next) }
    let edited = String(decoding: ballot.encoded, as: UTF8.self).replacing(#"\"epoch\":2"#, with: #"\"epoch\":9"#)
    #expect(throws: RegistryFault.notAllowed(number: 1, .epochNotNext)) {
      try network.empty.change(in: RegistryBallot(decoding: Array(edited.utf8)))
    }
  }

  @Test func `a ballot that too few signed does not enter the registry`() throws {
    let network = try Network()
    var ballot = RegistryBallot(try network.empty.proposing(.epoch(2)))
    for staker in network.stakers.prefix(3) { try ballot.sign(with: staker) }
    #expect(throws: RegistryFault.tooFewSignatures(number: 1, found: 3, needed: 4)) {
      try network.empty.applying(ballot.update)
    }
  }
}
