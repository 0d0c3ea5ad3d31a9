public import Identifiers

/// The node a vault belongs to; part of every seal.
public struct VaultOwner: Sendable, Hashable {
  public let network: NetworkID
  public let node: NodeID

  public init(network: NetworkID, node: NodeID) {
    self.network = network
    self.node = node
  }
}
