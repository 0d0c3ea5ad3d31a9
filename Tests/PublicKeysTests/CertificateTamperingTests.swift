import Identifiers
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing

@Suite struct CertificateTamperingTests {
  private let network: CertifiedNetwork
  private let body: KeyCertificateBody
  private let signatures: [UnverifiedKeyCertificate.MemberSignature]

  init() throws {
    network = try CertifiedNetwork(t: 3, n: 4, seed: 1)
    body = try network.body()
    signatures = network.signatures(of: body)
  }

  @Test func `every byte of a certificate is under its signatures or is one of them`() throws {
    let encoded = try network.unverified().encoded
    for place in encoded.indices {
      var changed = encoded
      changed[place] ^= 1
      #expect(throws: KeyCertificateError.self, "byte \(place)") {
        try network.verified(UnverifiedKeyCertificate(encoded: changed))
      }
    }
    for shorter in 0..<encoded.count {
      #expect(throws: KeyCertificateError.self) { try UnverifiedKeyCertificate(encoded: Array(encoded[..<shorter])) }
    }
    #expect(throws: KeyCertificateError.malformed(.framing)) { try UnverifiedKeyCertificate(encoded: encoded + [0]) }
  }

  /// Everything a body says, changed in a way that still makes a body.
  @Test(arguments: Change.allCases)
  func `a body changed after it was signed has no valid signature`(_ change: Change) throws {
    let changed = try change.applied(to: body)
    #expect(changed.digest != body.digest)
    let certificate = try UnverifiedKeyCertificate(body: changed, signatures: signatures)
    let identityKeys = Dictionary(uniqueKeysWithValues: changed.members.map { ($0.node, $0.identityKey) })
    let failure = #expect(throws: KeyCertificateError.self) {
      // Judged by whoever believes everything else the changed body says.
      try certificate.verified(network: changed.network, epoch: changed.epoch, anchor: .members(identityKeys))
    }
    switch failure {
    case .invalidSignatures(let nodes): #expect(nodes.count == 4)
    case .foreignSignature: #expect(change == .node)
    default: Issue.record("refused for another reason")
    }
  }

  enum Change: CaseIterable {
    case network, epoch, node, identityKey, element, elementOrder, rootOrder, purposes

    func applied(to body: KeyCertificateBody) throws -> KeyCertificateBody {
      var network = body.network
      var epoch = body.epoch
      var members = body.members
      var roots = body.roots
      switch self {
      case .network: network = try NetworkID(bytes: network.bytes.map { $0 ^ 1 })
      case .epoch: epoch += 1
      case .node:
        members = try CertifiedMember.numbered(
          members.enumerated().map { place, member in
            let node = place == 0 ? try NodeID(bytes: member.node.bytes.dropLast() + [0x55]) : member.node
            return (node: node, identityKey: member.identityKey)
          })
      case .identityKey:
        var random = SeededRandom(seed: 99)
        members[0] = CertifiedMember(
          node: members[0].node, identityKey: Ed25519SigningKey(from: &random).publicKey, party: members[0].party)
      case .element: roots[.ed25519Sign]?[0][0] = body.roots[.ed25519Sign]?[0][1] ?? []
      case .elementOrder: roots[.bls12381IBE]?[0].reverse()
      case .rootOrder: roots[.secp256k1FROST]?.reverse()
      case .purposes:
        roots[.secp256k1FROST] = body.roots[.secp256k1Taproot]
        roots[.secp256k1Taproot] = body.roots[.secp256k1FROST]
      }
      return try KeyCertificateBody(
        network: network, epoch: epoch, threshold: body.threshold, members: members, roots: roots)
    }
  }

  @Test func `each missing signature is named`() throws {
    for missing in signatures {
      let certificate = try UnverifiedKeyCertificate(body: body, signatures: signatures.filter { $0 != missing })
      #expect(throws: KeyCertificateError.missingSignatures([missing.node])) { try network.verified(certificate) }
    }
    let none = try UnverifiedKeyCertificate(body: body, signatures: [])
    #expect(throws: KeyCertificateError.missingSignatures(network.members.map(\.node))) { try network.verified(none) }
  }

  @Test func `each invalid signature is named`() throws {
    for place in signatures.indices {
      var changed = signatures
      let other = signatures[(place + 1) % signatures.count]
      changed[place] = .init(node: signatures[place].node, signature: other.signature)
      let certificate = try UnverifiedKeyCertificate(body: body, signatures: changed)
      #expect(throws: KeyCertificateError.invalidSignatures([signatures[place].node])) {
        try network.verified(certificate)
      }
    }
  }

  @Test func `a signature by nobody of the members, or a second one, is refused`() throws {
    var random = SeededRandom(seed: 5)
    let stranger = Ed25519SigningKey(from: &random)
    let node = try NodeID(bytes: random.bytes(20))
    let foreign = UnverifiedKeyCertificate.MemberSignature(node: node, signature: stranger.sign(body.messageToSign))
    let certificate = try UnverifiedKeyCertificate(body: body, signatures: signatures + [foreign])
    #expect(throws: KeyCertificateError.foreignSignature(node)) { try network.verified(certificate) }
    #expect(throws: KeyCertificateError.malformed(.signatures)) {
      try UnverifiedKeyCertificate(body: body, signatures: signatures + [signatures[0]])
    }
    for size in [0, 63, 65] {
      #expect(throws: KeyCertificateError.malformed(.signatures)) {
        try UnverifiedKeyCertificate(
          body: body, signatures: [.init(node: node, signature: [UInt8](repeating: 0, count: size))])
      }
    }
  }

  @Test func `P14 a signature of the digest under another tag is no signature of the certificate`() throws {
    let signed = network.identities.map { node, key in
      UnverifiedKeyCertificate.MemberSignature(node: node, signature: key.sign(body.digest.bytes))
    }
    let certificate = try UnverifiedKeyCertificate(body: body, signatures: signed)
    #expect(throws: KeyCertificateError.invalidSignatures(network.members.map(\.node))) {
      try network.verified(certificate)
    }
  }
}
