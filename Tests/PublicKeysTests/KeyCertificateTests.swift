import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing

@Suite struct KeyCertificateTests {
  @Test(arguments: [(2, 2), (3, 3), (3, 4), (4, 5), (5, 7)])
  func `a certificate that all members signed verifies, and reads back as it was written`(_ t: Int, _ n: Int) throws {
    let network = try CertifiedNetwork(t: t, n: n, seed: 1)
    let certificate = try network.certificate()
    #expect(certificate.members.map { Int($0.party.value) } == Array(1...n))
    #expect(certificate.members.map(\.node) == certificate.members.map(\.node).sorted())
    let readBack = try network.verified(UnverifiedKeyCertificate(encoded: certificate.encoded))
    #expect(readBack.encoded == certificate.encoded)
    #expect(readBack.digest == certificate.digest)
    #expect(try KeyCertificateBody(encoded: certificate.body.encoded) == certificate.body)
    let registered = try network.unverified()
      .verified(network: network.network, epoch: network.epoch, anchor: .registered(digest: certificate.digest))
    #expect(registered.digest == certificate.digest)
  }

  @Test func `a certificate is refused for another network, epoch, registry entry or membership`() throws {
    let network = try CertifiedNetwork(t: 3, n: 4, seed: 2)
    let other = try CertifiedNetwork(t: 3, n: 4, seed: 3)
    let certificate = try network.unverified()
    #expect(throws: KeyCertificateError.wrongNetwork) {
      try certificate.verified(
        network: other.network, epoch: network.epoch, anchor: .registered(digest: certificate.body.digest))
    }
    #expect(throws: KeyCertificateError.wrongEpoch) {
      try certificate.verified(
        network: network.network, epoch: network.epoch + 1, anchor: .registered(digest: certificate.body.digest))
    }
    #expect(throws: KeyCertificateError.wrongDigest) {
      try certificate.verified(
        network: network.network, epoch: network.epoch, anchor: .registered(digest: other.body().digest))
    }
    let node = try #require(network.members.first?.node)
    var memberships = [network.identityKeys, network.identityKeys, network.identityKeys, other.identityKeys]
    memberships[0][node] = nil
    memberships[1][node] = [UInt8](repeating: 7, count: 32)
    memberships[2][try NodeID(bytes: [UInt8](repeating: 7, count: 20))] = [UInt8](repeating: 7, count: 32)
    for membership in memberships {
      #expect(throws: KeyCertificateError.wrongMembers) {
        try certificate.verified(network: network.network, epoch: network.epoch, anchor: .members(membership))
      }
    }
  }

  @Test(arguments: [(2, 4), (4, 4), (2, 3), (3, 5), (5, 5)])
  func `K3 a threshold other than more than two thirds is refused whoever signs it`(_ t: Int, _ n: Int) throws {
    let network = try CertifiedNetwork(t: t, n: n, seed: 4)
    #expect(throws: KeyCertificateError.wrongThreshold) { try network.certificate() }
  }

  @Test(arguments: KeyPurpose.allCases)
  func `P32 P33 a certified element that is no element of its group is refused whoever signs it`(
    _ purpose: KeyPurpose
  ) throws {
    let network = try CertifiedNetwork(t: 2, n: 2, seed: 5)
    func check<G: PrimeOrderGroup>(_ group: G.Type) throws {
      for element in [
        [UInt8](repeating: 0xff, count: G.elementByteCount), [UInt8](repeating: 0, count: G.elementByteCount),
        G.Element.identity.canonicalBytes,
      ] {
        for place in 0..<2 {
          var roots = network.roots
          roots[purpose]?[0][place] = element
          let body = try KeyCertificateBody(
            network: network.network, epoch: network.epoch, threshold: network.threshold, members: network.members,
            roots: roots)
          let certificate = try UnverifiedKeyCertificate(body: body, signatures: network.signatures(of: body))
          #expect(throws: KeyCertificateError.malformed(.roots)) { try network.verified(certificate) }
        }
      }
    }
    try check(purpose.group)
  }

  @Test func `members are found by node and by place`() throws {
    let network = try CertifiedNetwork(t: 3, n: 4, seed: 6)
    let certificate = try network.certificate()
    for member in network.members {
      #expect(certificate.member(member.node) == member)
      #expect(certificate.member(member.party) == member)
    }
    #expect(certificate.member(try PartyID(5)) == nil)
    #expect(certificate.member(try NodeID(bytes: [UInt8](repeating: 0, count: 20))) == nil)
  }
}
