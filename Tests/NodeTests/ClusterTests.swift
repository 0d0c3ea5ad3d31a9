import Authorization
import Client
import Identifiers
import IdentityEncryption
import Membership
import Node
import NodeTestKit
import PublicKeys
import Testing
import Wire

@Suite(.serialized) struct `Five nodes in one process` {
  @Test(.timeLimit(.minutes(3))) func `generate keys, sign in every scheme and decrypt`() async throws {
    let network = try await TestNetwork(count: 5)
    try await network.start()
    try await network.generateKeys()
    let user = try TestUser(of: network)
    for purpose in KeyPurpose.allCases where purpose.isSigning {
      let record = try await user.makeKey(purpose)
      let session = try user.session([.sign(with: record.key)])
      let signature = try await user.client.sign(.message(Array("hello".utf8)), with: record.key, as: session)
      _ = signature
    }
    await network.remove()
  }
}
