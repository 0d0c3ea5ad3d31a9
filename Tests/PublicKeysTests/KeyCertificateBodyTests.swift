import Identifiers
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Testing

@Suite struct KeyCertificateBodyTests {
  private let network: CertifiedNetwork

  init() throws {
    network = try CertifiedNetwork(t: 3, n: 4, seed: 1)
  }

  private func body(
    members: [CertifiedMember]? = nil, threshold: Threshold? = nil, roots: [KeyPurpose: [[[UInt8]]]]? = nil
  ) throws -> KeyCertificateBody {
    try KeyCertificateBody(
      network: network.network, epoch: network.epoch, threshold: threshold ?? network.threshold,
      members: members ?? network.members, roots: roots ?? network.roots)
  }

  @Test func `P2 members are ordered, numbered from one and distinct`() throws {
    let (first, second) = (network.members[0], network.members[1])
    let renamed = CertifiedMember(node: second.node, identityKey: first.identityKey, party: first.party)
    let sameKey = CertifiedMember(node: second.node, identityKey: first.identityKey, party: second.party)
    let renumbered = CertifiedMember(node: first.node, identityKey: first.identityKey, party: try PartyID(9))
    let shortKey = CertifiedMember(node: first.node, identityKey: [1, 2, 3], party: first.party)
    let rest = Array(network.members.dropFirst())
    for (members, field): ([CertifiedMember], KeyCertificateError.Field) in [
      (network.members.reversed(), .members),
      ([renumbered] + rest, .members),
      ([renamed] + rest, .members),
      ([first, sameKey] + network.members.dropFirst(2), .identityKey),
      ([shortKey] + rest, .identityKey),
      ([], .members),
      (rest, .members),
      (Array(network.members.dropLast()), .threshold),
    ] {
      #expect(throws: KeyCertificateError.malformed(field)) { try body(members: members) }
    }
  }

  @Test func `numbering refuses what is not a membership`() throws {
    let (first, second) = (network.members[0], network.members[1])
    for entries: [(node: NodeID, identityKey: [UInt8])] in [
      [],
      [(first.node, first.identityKey), (first.node, second.identityKey)],
      [(first.node, first.identityKey), (second.node, first.identityKey)],
      [(first.node, [])],
    ] {
      #expect(throws: KeyCertificateError.self) { try CertifiedMember.numbered(entries) }
    }
  }

  @Test(arguments: KeyPurpose.allCases)
  func `P2 every root of every purpose has exactly t elements of its group's size`(_ purpose: KeyPurpose) throws {
    let roots = try #require(network.roots[purpose])
    let element = roots[0][0]
    var variants: [[[[UInt8]]]?] = [nil, [], Array(roots.dropLast()), roots + [roots[0]]]
    for first: [[UInt8]] in [
      Array(roots[0].dropLast()), roots[0] + [element], [Array(element.dropLast())] + roots[0].dropFirst(),
      [element + [0]] + roots[0].dropFirst(),
    ] {
      variants.append([first] + roots.dropFirst())
    }
    for variant in variants {
      var all = network.roots
      all[purpose] = variant
      #expect(throws: KeyCertificateError.malformed(.roots)) { try body(roots: all) }
    }
  }

  @Test func `P36 no bytes make the decoder trap`() throws {
    let encoded = try body().encoded
    var random = SeededRandom(seed: 2)
    for _ in 0..<2000 {
      var changed = Array(encoded.prefix(random.next(below: encoded.count + 1)))
      for _ in 0..<random.next(below: 8) where !changed.isEmpty {
        changed[random.next(below: changed.count)] = UInt8(random.next(below: 256))
      }
      guard let decoded = try? KeyCertificateBody(encoded: changed) else { continue }
      #expect(decoded.encoded == changed)
    }
    #expect(throws: KeyCertificateError.malformed(.framing)) {
      try KeyCertificateBody(encoded: [UInt8](repeating: 1, count: 1 << 21))
    }
  }
}
