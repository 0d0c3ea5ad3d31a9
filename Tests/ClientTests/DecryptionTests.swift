@testable import Client
import Authorization
import Identifiers
import IdentityEncryption
import ProtocolTestKit
import Secrets
import Signatures
import Synchronization
import Testing
import Wire

@Suite struct DecryptionTests {
  private func policy(_ network: SimulatedNetwork) throws -> DecryptionPolicy {
    try DecryptionPolicy(anyOf: [network.wallet.address])
  }

  private func encrypted(_ content: [UInt8], _ network: SimulatedNetwork, piece: Int = 70_000) async throws -> [UInt8] {
    var source = content[...]
    var output: [UInt8] = []
    try await network.client().encrypt(
      for: policy(network),
      read: {
        defer { source = source.dropFirst(piece) }
        return Array(source.prefix(piece))
      }, write: { output += $0 })
    return output
  }

  private func stream(_ file: [UInt8], piece: Int = 50_000) throws -> EncryptedStream {
    var source = file[...]
    return try EncryptedStream {
      defer { source = source.dropFirst(piece) }
      return Array(source.prefix(piece))
    }
  }

  private func session(_ network: SimulatedNetwork) throws -> UserSession {
    var random = SystemRandom()
    return try UserSession(
      wallet: network.wallet, founding: network.founding, grants: [.decrypt(under: policy(network).hash)],
      lifetime: 600, now: SystemClock().wall, from: &random)
  }

  private func decrypt(_ file: [UInt8], _ network: SimulatedNetwork) async throws -> [UInt8] {
    let stream = try stream(file)
    let key = try await network.client().dataKey(of: stream.header, as: session(network))
    var output: [UInt8] = []
    try stream.decrypt(with: key) { output += $0 }
    return output
  }

  @Test(arguments: [0, 1, 65_536, 1 << 20, 3_000_000])
  func `a file of any size comes back as it was`(_ size: Int) async throws {
    let network = try SimulatedNetwork()
    var random = SeededRandom(seed: 3)
    let content = random.bytes(size)
    let file = try await encrypted(content, network)
    #expect(network.requests.isEmpty)
    #expect(try await decrypt(file, network) == content)
  }

  @Test func `P29 a bad share costs no second request while there is a spare`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[1], .wrongShare)
    let file = try await encrypted([1, 2, 3], network)
    #expect(try await decrypt(file, network) == [1, 2, 3])
    #expect(network.requests.map { $0.payload.quorum.count } == [5])
  }

  @Test func `P40 a dead node costs no second request while there is a spare`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[0], .dies)
    let file = try await encrypted([1, 2, 3], network)
    #expect(try await decrypt(file, network) == [1, 2, 3])
    #expect(network.requests.count == 1)
  }

  @Test func `two bad shares of five are too many, and both are named`() async throws {
    let network = try SimulatedNetwork()
    for node in network.nodes[0...1] { network.make(node, .wrongShare) }
    let file = try await encrypted([1], network)
    let error = await #expect(throws: ClientError.self) { try await decrypt(file, network) }
    // The second attempt finds only three nodes that were not caught.
    #expect(error == .tooFewNodes(verified: 3, needed: 4, failures: [:]))
  }

  @Test func `a file for another network or key certificate is not asked for`() async throws {
    let network = try SimulatedNetwork()
    let file = try await encrypted([1], network)
    var changed = file
    // The network id stands behind the tag and its length.
    changed["quorate/file-header/v1".utf8.count + 4] ^= 1
    let error = await #expect(throws: ClientError.self) { try await decrypt(changed, network) }
    #expect(error == .otherKeyCertificate)
    #expect(network.requests.isEmpty)
  }

  @Test func `a file that was cut or changed never decrypts to its end`() async throws {
    let network = try SimulatedNetwork()
    var random = SeededRandom(seed: 4)
    let file = try await encrypted(random.bytes(2_500_000), network)
    await #expect(throws: EncryptedFileError.self) { try await decrypt(file.dropLast(20), network) }
    await #expect(throws: EncryptedFileError.self) { try await decrypt(file.dropLast(1_000_000), network) }
    var changed = file
    changed[changed.count - 5] ^= 1
    await #expect(throws: EncryptedFileError.self) { try await decrypt(changed, network) }
  }

  @Test func `a wallet the policy does not name is refused`() async throws {
    let network = try SimulatedNetwork()
    var random = SystemRandom()
    let stranger = try EthereumSigningKey(from: &random)
    let stream = try stream(try await encrypted([1], network))
    let session = try UserSession(
      wallet: stranger, founding: network.founding, grants: [.decrypt(under: policy(network).hash)], lifetime: 600,
      now: SystemClock().wall, from: &random)
    let error = await #expect(throws: ClientError.self) {
      _ = try await network.client().dataKey(of: stream.header, as: session)
    }
    #expect(error == .refused(.notPermitted))
  }
}
