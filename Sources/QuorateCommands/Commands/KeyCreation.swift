import ActionNames
import Client
import Identifiers
import Membership
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import SigningContent
import Wire

/// Makes key records, and waits until enough nodes have read one.
struct KeyCreation: Sendable {
  let user: UserContext
  let owner: WalletAddress
  var patience = Duration.seconds(5)

  struct Created: Sendable {
    var record: KeyRecord
    var publicKey: AnyPublicKey
  }

  /// A record of a new key.
  ///
  /// - Parameters:
  ///   - wallets: who may use it besides the owner.
  ///   - actions: which may use it, whoever runs them.
  func record(
    _ purpose: KeyPurpose, kinds: Set<SigningKind>, wallets: Set<WalletAddress> = [],
    actions: Set<ActionID> = [], constraints: ContentConstraints? = nil
  ) throws(FormatError) -> KeyRecord {
    var random = SystemRandom()
    return try KeyRecord(
      network: user.network.id, purpose: purpose, owner: owner, salt: random.bytes(16), kinds: kinds,
      wallets: wallets.union([owner]), actions: actions, constraints: constraints)
  }

  /// Puts a record of a new key into a registry file.
  func create(
    _ purpose: KeyPurpose, kinds: Set<SigningKind>, actions: Set<ActionID> = [],
    constraints: ContentConstraints? = nil, signedBy wallet: EthereumSigningKey
  ) async throws -> Created {
    let record = try record(purpose, kinds: kinds, actions: actions, constraints: constraints)
    let snapshot = try await user.network.writer.append(.keyRecord(record), to: user.network.id, signedBy: [wallet])
    return Created(record: record, publicKey: try await wait(for: record, snapshot.number))
  }

  /// - Parameter number: of the registry, with the record in it.
  func wait(for record: KeyRecord, _ number: UInt64) async throws -> AnyPublicKey {
    let publicKey = try await user.client.publicKey(of: record.key)
    try await waitForNodes(number)
    return publicKey
  }

  /// Nodes that have not read the record refuse requests for the key; a user should not meet that.
  private func waitForNodes(_ number: UInt64) async throws {
    let needed = try await user.client.keyCertificate().threshold.t
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      // Nodes that are away are none a request could meet.
      let numbers = try await user.client.survey().values.compactMap { standing -> UInt64? in
        if case .verified(let description) = standing { description.registryNumber } else { nil }
      }
      if numbers.count >= needed, numbers.allSatisfy({ $0 >= number }) { return }
      try await Task.sleep(for: .milliseconds(40))
    }
  }
}
