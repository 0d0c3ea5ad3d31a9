import Authorization
@testable import Client
import Identifiers
import Membership
import ProtocolTestKit
import Secrets
import Signatures
import Testing
import Wire

/// What a wallet signs for a session, left for a judge that is not this project's code.
@Suite struct WalletMessageTests {
  @Test func `every kind of grant is signed in a message others can read`() throws {
    let wallet = try EthereumSigningKey(secret: SecretBytes(copying: [UInt8](repeating: 0x51, count: 32)))
    let founding = try FoundingDocument(
      FoundingTerms(
        name: "test network", evidenceKinds: ["software"], developmentRoots: [[UInt8](repeating: 2, count: 49)],
        minimumMembers: 1, minimumStake: 100, domain: "quorate.example", chainID: 1, maximumSnapshotAgeSeconds: 5,
        stakers: [FoundingStaker(address: wallet.address, stake: 100)]))
    let key = try KeyID(bytes: [UInt8](repeating: 0xbb, count: 32))
    let policy = try Digest32(bytes: [UInt8](repeating: 0xcc, count: 32))
    let grants: [Set<Grant>] = [
      [.sign(with: key)], [.decrypt(under: policy)], [.everything(.sign)],
      [.sign(with: key), .decrypt(under: policy), .everything(.decrypt), .everything(.execute)],
    ]
    let now = try Timestamp(text: "2026-03-04T12:00:00Z")
    var random = SeededRandom(seed: 1)
    let records: [[String: any Sendable]] = try grants.map { grants in
      let session = try UserSession(
        wallet: wallet, founding: founding, grants: grants, lifetime: 3_600, now: now, from: &random)
      let message = try SIWEMessage(parsing: session.capability.siwe)
      #expect(message.isSigned(session.capability.signature, text: session.capability.siwe))
      return [
        "check": "siwe", "message": session.capability.siwe, "signature": Hex.encode(session.capability.signature),
        "address": wallet.address.checksumText, "domain": founding.domain, "chainID": 1, "nonce": message.nonce,
        "uri": message.uri, "resources": message.resources ?? [], "issuedAt": now.text,
        "expirationTime": now.adding(seconds: 3_600).text, "moment": now.adding(seconds: 60).text,
      ]
    }
    try IndependentOutput.leave(records, as: "siwe")
    #expect(records.count == grants.count)
  }
}
