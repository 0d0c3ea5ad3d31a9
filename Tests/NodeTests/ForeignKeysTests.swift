import Client
import Identifiers
import Membership
import NodeTestKit
import PeerLink
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing
import Transcripts
import Wire

/// A node that shows its users the keys of another network.
@Suite(.serialized) struct `Keys of another network` {
  @Test(.timeLimit(.minutes(3)))
  func `K3 P4 shown by a node are not taken, and those of the network are`() async throws {
    try await withTestNetwork(count: 4) { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let genuine = try await user.client.keyCertificate()
      let record = try await user.makeKey(.ed25519Sign)
      for foreign in try Self.certificates(like: genuine, nodes.map(\.id)) {
        func client(deceivedBy liars: some Sequence<TestNode>) throws -> TestUser {
          try TestUser(
            of: network,
            connector: DeceivingConnector(
              base: AttestedNodeConnector(
                directory: MembershipDirectory(user.registry, verifiers: []), clock: network.clock),
              liars: Set(liars.map(\.id)), certificate: foreign.encoded))
        }
        // One may lie.
        let one = try client(deceivedBy: nodes.prefix(1))
        #expect(try await one.client.keyCertificate().digest == genuine.digest)
        #expect(try await one.client.publicKey(of: record.key) == user.client.publicKey(of: record.key))
        // Even all of them have no other keys to give.
        await #expect(throws: ClientError.self) { try await client(deceivedBy: nodes).client.keyCertificate() }

        // The control: the certificate is in order for whoever asks itself which network and digest it is for.
        let body = foreign.body
        let taken = try foreign.verified(
          network: body.network, epoch: body.epoch, anchor: .registered(digest: body.digest))
        #expect(taken.digest != genuine.digest)
      }
    }
  }

  /// Certificates complete with all signatures: of another network, and of this one with other members' keys.
  private static func certificates(
    like genuine: KeyCertificate, _ nodes: [NodeID]
  ) throws -> [UnverifiedKeyCertificate] {
    var random = SystemRandom()
    let keys = Dictionary(uniqueKeysWithValues: nodes.map { ($0, Ed25519SigningKey(from: &random)) })
    let members = try CertifiedMember.numbered(keys.map { (node: $0.key, identityKey: $0.value.publicKey) })
    let networks = [NetworkID(Digest32.sha256(of: [1])), genuine.network]
    return try networks.map { network in
      let body = try KeyCertificateBody(
        network: network, epoch: genuine.epoch, threshold: genuine.threshold, members: members,
        roots: genuine.body.roots.mapValues { $0.reversed() })
      return try UnverifiedKeyCertificate(
        body: body, signatures: keys.map { .init(node: $0.key, signature: $0.value.sign(body.messageToSign)) })
    }
  }
}

/// True connections to true nodes, some of which describe the network with another key certificate.
private struct DeceivingConnector: NodeConnector {
  let base: any NodeConnector
  let liars: Set<NodeID>
  let certificate: [UInt8]

  func connect(
    to member: Member, in snapshot: MembershipSnapshot
  ) async throws(ConnectionFailure) -> any NodeConnection {
    let connection = try await base.connect(to: member, in: snapshot)
    return liars.contains(member.node) ? DeceivingConnection(base: connection, certificate: certificate) : connection
  }
}

private struct DeceivingConnection: NodeConnection {
  let base: any NodeConnection
  let certificate: [UInt8]

  var node: NodeID { base.node }
  var instance: Instance { base.instance }
  var identityKey: [UInt8] { base.identityKey }
  var isActive: Bool { base.isActive }

  func get(_ path: String, timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    let answer = try await base.get(path, timeout: timeout)
    guard path == "/v1/network", let truth = try? NetworkDescription(decoding: answer.body) else { return answer }
    let lie = NetworkDescription(
      network: truth.network, founding: truth.founding, registryNumber: truth.registryNumber,
      registryDigest: truth.registryDigest, epoch: truth.epoch, certificate: certificate, node: truth.node,
      instance: truth.instance, isDevelopment: truth.isDevelopment)
    return HTTPAnswer(status: answer.status, body: lie.encoded)
  }

  func post(_ path: String, _ body: [UInt8], timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    try await base.post(path, body, timeout: timeout)
  }

  func close() async { await base.close() }
}
