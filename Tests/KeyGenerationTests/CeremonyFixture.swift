import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Signatures
import Testing

@testable import KeyGeneration

/// The certificate body of a three-member network and everybody's signature of it.
struct CeremonyFixture: Sendable {
  static let shared = Result { try CeremonyFixture(3, seed: 31) }

  let run: KeyGenerationRun
  let body: KeyCertificateBody
  /// In the order of parties.
  let signatures: [[UInt8]]

  init(_ count: Int, seed: UInt64) throws {
    run = try KeyGenerationRun(count, seed: seed)
    let body = try #require(try run.run()?.outcomes.values.first?.body)
    signatures = run.identityKeys.map { key in CertificateSignatures.make(for: body) { key.sign($0) } }
    self.body = body
  }

  func signature(of party: PartyID) -> [UInt8] { signatures[Int(party.value) - 1] }
}
