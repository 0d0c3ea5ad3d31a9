import Identifiers
import Membership
import Node
import Secrets
import Signatures
import Vault

/// What a node needs before a network can list it: an identity key in its vault, and a registration signed with it.
struct NodePreparation: Sendable {
  let configuration: NodeConfiguration

  init(_ configuration: NodeConfiguration) {
    self.configuration = configuration
  }

  /// Makes the identity key at first use. The vault is closed again when this returns.
  ///
  /// - Parameters: where others reach the node; nil for where it listens.
  func registration(peer: Endpoint? = nil, client: Endpoint? = nil) async throws -> Registration {
    try PrivateFile.createFolder(configuration.data)
    let vault = try Vault(
      .file(path: configuration.vaultPath),
      owner: VaultOwner(network: configuration.network, node: configuration.node),
      sealing: DevelopmentKeyFile(path: configuration.sealingKeyPath))
    do {
      let identity = try await NodeIdentityKey.open(in: vault)
      let registration = try Registration(
        network: configuration.network, node: configuration.node, identityKey: identity.publicKey,
        peerEndpoint: peer ?? Self.endpoint(configuration.peerAddress),
        clientEndpoint: client ?? Self.endpoint(configuration.clientAddress), signing: { identity.sign($0) })
      await vault.close()
      return registration
    } catch {
      await vault.close()
      throw error
    }
  }

  private static func endpoint(_ address: ListenAddress) throws(CommandFailure) -> Endpoint {
    guard let port = UInt16(exactly: address.port), let endpoint = try? Endpoint(host: address.host, port: port) else {
      throw CommandFailure(
        .badInput, "\(address) is not an address other nodes can reach",
        advice: "give a fixed port and --peer, --client")
    }
    return endpoint
  }
}
