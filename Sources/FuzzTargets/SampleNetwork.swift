import Identifiers
public import Membership
import Secrets
public import Signatures

/// A network of five stakers whose keys everybody knows.
public enum SampleNetwork {
  public static func wallet(_ number: UInt8) throws -> EthereumSigningKey {
    try EthereumSigningKey(secret: SecretBytes(copying: [UInt8](repeating: number, count: 32)))
  }

  public static func stakers() throws -> [EthereumSigningKey] {
    try (1...5).map { try wallet($0) }.sorted { $0.address < $1.address }
  }

  public static func founding(name: String = "sample", stakers count: Int = 5) throws -> FoundingDocument {
    try FoundingDocument(
      FoundingTerms(
        name: name, evidenceKinds: ["software"], developmentRoots: [[UInt8](repeating: 2, count: 49)],
        minimumMembers: 3, minimumStake: 100, domain: "quorate.example", chainID: 1, maximumSnapshotAgeSeconds: 5,
        stakers: stakers().prefix(count).map { FoundingStaker(address: $0.address, stake: 100) }))
  }

  /// Before its first update, and with members and the key certificate of the first epoch.
  public static func snapshots() throws -> [MembershipSnapshot] {
    let document = try document.get()
    return [
      MembershipSnapshot(founding: document.founding),
      try MembershipSnapshot(verifying: document, network: document.founding.network),
    ]
  }

  public static let document = Result { try makeDocument() }

  private static func makeDocument() throws -> RegistryDocument {
    let founding = try founding()
    let stakers = try stakers()
    let members = try stakers.enumerated().map { place, staker in
      let port = UInt16(7_000 + place)
      return try Member(
        registration: Registration(
          network: founding.network, node: NodeID(staker: staker.address),
          identityKey: Ed25519SigningKey(
            seed: SecretBytes(copying: [UInt8](repeating: UInt8(0x80 + place), count: 32))),
          peerEndpoint: Endpoint(host: "127.0.0.1", port: port),
          clientEndpoint: Endpoint(host: "127.0.0.1", port: port + 1_000)),
        stake: 100)
    }
    var document = RegistryDocument(founding: founding)
    var snapshot = MembershipSnapshot(founding: founding)
    for change: RegistryChange in [.members(members), .keyCertificate(epoch: 1, digest: .zero)] {
      let update = try snapshot.proposing(change).signed(by: Array(stakers.prefix(4)))
      document.append(update)
      snapshot = try snapshot.applying(update)
    }
    return document
  }
}
