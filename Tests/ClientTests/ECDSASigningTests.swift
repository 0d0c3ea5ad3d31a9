import Authorization
@testable import Client
import Curves
import Identifiers
import Membership
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing
import Wire

@Suite struct `A user of an ECDSA key` {
  private let message = ContentToSign.message(Array("pay the baker".utf8))

  private func sign(
    _ network: SimulatedNetwork, _ content: ContentToSign? = nil, by client: QuorateClient? = nil
  ) async throws -> FinishedSignature {
    let key = try network.key(.secp256k1ECDSA)
    var random = SystemRandom()
    let session = try UserSession(
      wallet: network.wallet, founding: network.founding, grants: [.sign(with: key)], lifetime: 3600,
      now: SystemClock().wall, from: &random)
    return try await (client ?? network.client()).sign(content ?? message, with: key, as: session)
  }

  @Test func `asks exactly t nodes and gets a low-s signature, its DER form and the recovery id`() async throws {
    let network = try SimulatedNetwork()
    for number in 0..<8 as Range<UInt8> {
      let content = ContentToSign.message([number])
      let finished = try await sign(network, content)
      #expect(SignatureVerification.isValid(finished.signature, of: content, under: finished.publicKey))
      #expect(!SignatureVerification.isValid(finished.signature, of: message, under: finished.publicKey))
      let ecdsa = try #require(finished.ecdsa)
      #expect(ecdsa.compact == finished.signature)
      let digest = try Digest32(bytes: finished.message)
      let key = try Secp256k1.Element(canonicalBytes: finished.publicKey.bytes)
      #expect(ECDSASecp256k1.isValid(derSignature: ecdsa.der, digest: digest, publicKey: key))
      #expect(
        try EthereumSignature.recover(digest: digest, signature: ecdsa.compact + [27 + ecdsa.recoveryID])
          == WalletAddress(publicKey: key))
    }
    #expect(network.requests.allSatisfy { $0.payload.quorum.count == network.threshold.t })
    #expect(try await network.client().publicKey(of: network.key(.secp256k1ECDSA)).purpose == .secp256k1ECDSA)
  }

  @Test func `signs 32 bytes untouched, and nothing else of that kind`() async throws {
    let network = try SimulatedNetwork()
    let digest = [UInt8](repeating: 5, count: 32)
    #expect(try await sign(network, .raw(digest)).message == digest)
    let before = network.requests.count
    await #expect(throws: ClientError.self) { try await sign(network, .raw([1, 2, 3])) }
    #expect(network.requests.count == before)
  }

  @Test func `P28 P41 two nodes that name different nonce points are kept apart`() async throws {
    let network = try SimulatedNetwork()
    let liar = network.nodes[1]
    network.make(liar, .misquotes(network.nodes[0]))
    _ = try await sign(network)
    let quorums = network.requests.map(\.payload.quorum.nodes)
    #expect(quorums.count > 1)
    #expect(quorums.last?.contains(liar) == false)
  }

  @Test func `P29 P41 a wrong share names nobody, and other members get their turn until one quorum signs`()
    async throws
  {
    let network = try SimulatedNetwork()
    let culprit = network.nodes[2]
    network.make(culprit, .wrongShare)
    let finished = try await sign(network)
    #expect(SignatureVerification.isValid(finished.signature, of: message, under: finished.publicKey))
    let quorums = network.requests.map(\.payload.quorum.nodes)
    #expect(quorums.last?.contains(culprit) == false)
  }

  @Test func `P40 a dead node is replaced by a spare in a new request`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[0], .dies)
    _ = try await sign(network)
    #expect(network.requests.last?.payload.quorum.nodes.contains(network.nodes[0]) == false)
  }
}
