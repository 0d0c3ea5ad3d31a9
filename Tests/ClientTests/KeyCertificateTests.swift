@testable import Client
import Identifiers
import Membership
import ProtocolTestKit
import PublicKeys
import Signatures
import Synchronization
import Testing

@Suite struct KeyCertificateTests {
  @Test(arguments: [true, false])
  func `the certificate is taken from a node and verified here`(_ isRegistered: Bool) async throws {
    let network = try SimulatedNetwork(registersCertificate: isRegistered)
    #expect(try await network.client().keyCertificate().digest == network.certificate.body.digest)
  }

  @Test func `a certificate that lacks a member's signature is refused`() async throws {
    let network = try SimulatedNetwork(registersCertificate: false)
    let incomplete = try UnverifiedKeyCertificate(
      body: network.certificate.body, signatures: Array(network.certificate.signatures.dropLast()))
    for node in network.nodes { network.present(incomplete.encoded, at: node) }
    await #expect(throws: ClientError.self) { try await network.client().keyCertificate() }
  }

  @Test func `K3 a valid certificate that the registry does not name is refused`() async throws {
    let network = try SimulatedNetwork()
    let other = try KeyCertificateBody(
      network: network.founding.network, epoch: 1, threshold: network.threshold, members: network.members,
      roots: network.certificate.body.roots.mapValues { $0.reversed() })
    let signed = try UnverifiedKeyCertificate(
      body: other,
      signatures: network.identities.map { .init(node: $0.key, signature: $0.value.sign(other.messageToSign)) })
    for node in network.nodes { network.present(signed.encoded, at: node) }
    let error = await #expect(throws: ClientError.self) { try await network.client().keyCertificate() }
    #expect(error == .keyCertificate(.wrongDigest))
  }

  @Test func `a node that shows rubbish does not keep the client from the others' certificate`() async throws {
    let network = try SimulatedNetwork()
    for node in network.nodes.dropLast() { network.present([1, 2, 3], at: node) }
    #expect(try await network.client().keyCertificate().digest == network.certificate.body.digest)
  }

  @Test func `fewer than t verified nodes are not even asked for the certificate`() async throws {
    let network = try SimulatedNetwork()
    for node in network.nodes[0...1] { network.make(node, .unverified) }
    let error = await #expect(throws: ClientError.self) { try await network.client().keyCertificate() }
    guard case .tooFewNodes(3, 4, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a kept certificate spares the nodes, and a forged one is not believed`() async throws {
    let network = try SimulatedNetwork()
    let store = MemoryStore()
    func client() -> QuorateClient {
      QuorateClient(
        registry: FixedRegistry(snapshot: network.snapshot), connector: network, clock: SystemClock(),
        certificateStore: store)
    }
    _ = try await client().keyCertificate()
    let connections = network.connectionCount
    _ = try await client().keyCertificate()
    #expect(network.connectionCount == connections)
    store.kept.withLock { $0 = [9, 9, 9] }
    #expect(try await client().keyCertificate().digest == network.certificate.body.digest)
    #expect(network.connectionCount > connections)
  }

  private final class MemoryStore: KeyCertificateStore {
    let kept = Mutex<[UInt8]?>(nil)

    func load(_ network: NetworkID, epoch: UInt64) -> [UInt8]? { kept.withLock(\.self) }
    func save(_ network: NetworkID, epoch: UInt64, _ encoded: [UInt8]) { kept.withLock { $0 = encoded } }
  }
}
