import Identifiers
import Membership
import Testing
import Wire

@Suite struct RegistryHistoryTests {
  private static func verify(_ document: RegistryDocument, _ network: Network) throws -> MembershipSnapshot {
    try MembershipSnapshot(verifying: document, network: network.founding.network)
  }

  /// The document's JSON with its list of updates rearranged.
  private static func rearranged(
    _ document: RegistryDocument, _ edit: ([RegistryUpdate]) -> [RegistryUpdate]
  ) -> RegistryDocument {
    var result = RegistryDocument(founding: document.founding)
    for update in edit(document.updates) { result.append(update) }
    return result
  }

  @Test func `reordered, repeated and missing updates are refused`() throws {
    let network = try Network()
    let document = try network.document(network.changes())
    #expect(throws: RegistryFault.wrongNumber(expected: 3, found: 4)) {
      try Self.verify(Self.rearranged(document) { Array($0[..<2] + [$0[3], $0[2]] + $0[4...]) }, network)
    }
    #expect(throws: RegistryFault.wrongNumber(expected: 1, found: 2)) {
      try Self.verify(Self.rearranged(document) { Array($0.dropFirst()) }, network)
    }
    #expect(throws: RegistryFault.wrongNumber(expected: 5, found: 4)) {
      try Self.verify(Self.rearranged(document) { Array($0[..<4] + $0[3...]) }, network)
    }
  }

  @Test func `an update edited anywhere is refused`() throws {
    let network = try Network()
    let document = try network.document(network.changes())
    let edits = [
      (#"\"stake\":100"#, #"\"stake\":900"#), (#"\"minimumStake\":90"#, #"\"minimumStake\":80"#),
      (#"\"epoch\":2"#, #"\"epoch\": 2"#), (#"\"message\""#, #"\"raw\""#), (#""kind":"epoch""#, #""kind":"policy""#),
      (#""number":3"#, #""number":4"#), (#"2026-01-02"#, #"2025-01-02"#),
    ]
    for (original, replacement) in edits {
      let edited = try document.edited(original, replacement)
      #expect(edited != document)
      #expect(throws: RegistryFault.self) { try Self.verify(edited, network) }
    }
  }

  @Test func `an update moved to another history is refused`() throws {
    let network = try Network()
    let first = try network.document([.policy(evidenceKinds: ["software"], minimumStake: 90), .epoch(2)])
    let second = try network.document([.policy(evidenceKinds: ["software"], minimumStake: 80), .epoch(2)])
    let mixed = Self.rearranged(first) { [$0[0], second.updates[1]] }
    #expect(throws: RegistryFault.brokenLink(number: 2)) { try Self.verify(mixed, network) }
  }

  @Test func `a registry of another network is refused`() throws {
    let network = try Network()
    let other = try Network(name: "other network")
    #expect(throws: RegistryFault.wrongNetwork) { try Self.verify(other.document(other.changes()), network) }
  }

  @Test func `two properly signed lists with one number have two digests`() throws {
    let network = try Network()
    let one = try network.applying([.policy(evidenceKinds: ["software"], minimumStake: 90)])
    let two = try network.applying([.policy(evidenceKinds: ["software"], minimumStake: 80)])
    #expect(one.number == two.number)
    #expect(one.digest != two.digest)
  }

  @Test func `who signed does not change the history`() throws {
    let network = try Network()
    let proposal = try network.empty.proposing(.epoch(2))
    let four = try network.empty.applying(proposal.signed(by: Array(network.stakers[0..<4])))
    let five = try network.empty.applying(proposal.signed(by: network.stakers))
    #expect(four.digest == five.digest)
  }

  @Test func `T13 a file that is not exactly of the format is refused`() throws {
    let network = try Network()
    let text = String(decoding: try network.document([.epoch(2)]).encoded, as: UTF8.self)
    let edits = [
      (#"{"version":1"#, #"{"version":2"#), (#""updates""#, #""update""#), (#""signer""#, #""Signer""#),
      (#""updates":["#, #""x":1,"updates":["#), (#""kind":"epoch""#, #""kind":"epochs""#), (#""0x"#, #""0X"#),
    ]
    for (original, replacement) in edits {
      #expect(text.contains(original))
      let edited = text.replacing(original, with: replacement, maxReplacements: 1)
      #expect(throws: FormatError.self) { try RegistryDocument(decoding: Array(edited.utf8)) }
    }
  }
}
