import Attestation
import Identifiers
import Membership
import Node
import Signatures
import Vault

/// What a node needs before a network can list it: an identity key in its vault, and a registration signed with it.
struct NodePreparation: Sendable {
  let configuration: NodeConfiguration
  var kernel: any KernelInterface = LinuxKernel()

  init(_ configuration: NodeConfiguration) {
    self.configuration = configuration
  }

  /// What the node will prove itself with. Makes no file.
  func kind(in snapshot: MembershipSnapshot) throws(NodeBootError) -> EvidenceKind {
    try NodeAttester.find(configuration.attestation, snapshot, kernel: kernel, clock: SystemClock()).kind
  }

  /// Makes the identity key at first use. The vault is closed again when this returns.
  ///
  /// - Parameters:
  ///   - kind: of the evidence the node makes.
  ///   - peer, client: where others reach the node; nil for what the configuration says.
  /// - Throws: ``CommandFailure`` where nothing of a node outlives its process, so that its key cannot be made yet.
  func registration(
    kind: EvidenceKind = .software, peer: Endpoint? = nil, client: Endpoint? = nil
  ) async throws -> Registration {
    try PrivateFile.createFolder(configuration.data)
    let (vault, memory) = try configuration.openVault(kind: kind, kernel: kernel)
    do {
      if case .peers(let reason) = memory {
        throw CommandFailure(
          .refused, "the configuration is written, and no key can be kept on this machine: \(reason)",
          advice: "run the node: its log has its registration, anew at every start; register that: quorate node join")
      }
      let identity = try await NodeIdentityKey.open(in: vault)
      let registration = try Registration(
        network: configuration.network, node: configuration.node, identityKey: identity.publicKey,
        peerEndpoint: peer ?? configuration.advertised?.peer ?? Self.endpoint(configuration.peerAddress),
        clientEndpoint: client ?? configuration.advertised?.client ?? Self.endpoint(configuration.clientAddress),
        signing: { identity.sign($0) })
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
