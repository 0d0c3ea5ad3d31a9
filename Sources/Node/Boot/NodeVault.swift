public import Attestation
internal import Identifiers
internal import Secrets
public import Vault

/// What of a node's vault is there again after a restart.
public enum RestartMemory: Sendable, Hashable {
  /// All of it, sealed with a key that the machine derives for this code, or in development with one in a file.
  case sealed
  /// Nothing: no machine seals here. Identity and shares live as long as the process; a node that comes back is
  /// registered anew and gets its shares from its peers.
  case peers(reason: String)

  /// Why a node has no shares of an epoch that has keys.
  var problemWithoutShares: String {
    let problem = "the epoch has keys, and this node has no shares of them"
    return switch self {
    case .sealed: problem
    case .peers(let reason): "\(problem): nothing outlived its last process (\(reason)), so they would come from peers"
    }
  }

  /// One word, for programs.
  public var name: String {
    switch self {
    case .sealed: "sealed"
    case .peers: "peers"
    }
  }
}

extension NodeConfiguration {
  /// Opens the node's vault, sealed as its attestation allows.
  ///
  /// - Parameter kind: of the evidence the node makes.
  /// - Throws: ``NodeBootError/vault(_:)``, or `attestation` when there is a sealing key and it cannot be had.
  public func openVault(
    kind: EvidenceKind, kernel: any KernelInterface
  ) throws(NodeBootError) -> (vault: Vault, memory: RestartMemory) {
    let owner = VaultOwner(network: network, node: node)
    switch attestation {
    case .software:
      return (try Self.open(.file(path: vaultPath), owner, DevelopmentKeyFile(path: sealingKeyPath)), .sealed)
    case .hardware(let hardware):
      guard kind == .sevSNP else {
        return try inMemory(owner, "\(kind) has no key that seals")
      }
      guard SealingKey.isOffered(by: kernel) else {
        return try inMemory(owner, "\(SealingKey.device) is not there")
      }
      let key = ChipSealingKey(owner: owner, privilegeLevel: hardware.privilegeLevel, kernel: kernel)
      do throws(EvidenceProductionError) {
        // Asked once beforehand, so that a chip that cannot seal is told from one that fails.
        _ = try key.derive().take()
      } catch .notChipBound {
        return try inMemory(owner, "\(EvidenceProductionError.notChipBound)")
      } catch {
        throw .attestation("no sealing key: \(error)")
      }
      return (try Self.open(.file(path: vaultPath), owner, key), .sealed)
    }
  }

  private func inMemory(
    _ owner: VaultOwner, _ reason: String
  ) throws(NodeBootError) -> (vault: Vault, memory: RestartMemory) {
    (try Self.open(.memory, owner, PassingKey()), .peers(reason: reason))
  }

  private static func open(
    _ place: VaultPlace, _ owner: VaultOwner, _ sealing: some SealingKeyProvider
  ) throws(NodeBootError) -> Vault {
    do {
      return try Vault(place, owner: owner, sealing: sealing)
    } catch {
      throw .vault(error)
    }
  }
}

/// SEV-SNP's derived key: the same after a restart of the same code on the same chip, and nobody else's.
private struct ChipSealingKey: SealingKeyProvider {
  let owner: VaultOwner
  let privilegeLevel: UInt32
  let kernel: any KernelInterface

  func derive() throws(EvidenceProductionError) -> SealingKey {
    try SealingKey(network: owner.network, node: owner.node, privilegeLevel: privilegeLevel, kernel: kernel)
  }

  func sealingKey() throws(VaultError) -> SecretBytes {
    do {
      return try derive().take()
    } catch {
      throw .sealingKeyUnavailable(reason: error.description)
    }
  }
}

/// A key for what is never written.
private struct PassingKey: SealingKeyProvider {
  func sealingKey() throws(VaultError) -> SecretBytes {
    var random = SystemRandom()
    return SecretBytes(count: SealingKey.byteCount, from: &random)
  }
}
