import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Signatures
import Testing
import Transcripts

@testable import ThresholdECDSA

@Suite struct SigningTests {
  /// Every (t, n) with n ≤ 7, and 7 of 10.
  static let sharings: [(t: Int, n: Int)] = (2...7).flatMap { n in (2...n).map { (t: $0, n: n) } } + [(t: 7, n: 10)]

  @Test func `P35 any t of n sign under a derived key, and what they make is an ordinary signature`() throws {
    var records: [[String: any Sendable]] = []
    for (place, sharing) in Self.sharings.enumerated() {
      let run = try SigningRun(t: sharing.t, n: sharing.n, seed: UInt64(100 + place))
      let result = try #require(try run.run(seed: UInt64(place)))
      let signature = try run.combine(result.outcomes)
      #expect(signature.s.canonicalBytes[0] < 0x80)
      #expect(
        try EthereumSignature.recover(digest: run.digest, signature: signature.compact + [27 + signature.recoveryID])
          == WalletAddress(publicKey: run.key.publicKey.publicKey))
      records.append([
        "check": "sign", "scheme": "ecdsa", "kind": "raw",
        "publicKey": Hex.encode(run.key.publicKey.publicKey.canonicalBytes),
        "message": run.digest.text, "signature": Hex.encode(signature.compact), "der": Hex.encode(signature.der),
        "recoveryID": Int(signature.recoveryID),
      ])
      // Two rounds: to every other party a broadcast, an opening, an echo and a reply.
      #expect(result.sent.count == sharing.t * (sharing.t - 1) * 4)
      #expect(Set(result.sent.map(\.envelope.round)) == [1, 2])
    }
    try IndependentOutput.leave(records, as: "threshold-ecdsa")
  }

  @Test func `to each other party no more than 50 kB go`() throws {
    let run = try SigningRun(t: 3, n: 4, seed: 1)
    let sent = try #require(try run.run(seed: 1)).sent
    let pairs = Dictionary(grouping: sent) { [$0.sender, $0.receiver] }
    for messages in pairs.values {
      let bytes = messages.reduce(0) { $0 + $1.envelope.encoded.count }
      #expect(bytes < 50_000)
    }
  }

  @Test func `one set-up serves many signatures`() throws {
    var run = try SigningRun(t: 2, n: 3, seed: 5)
    for seed in UInt64(0)..<5 {
      run.digest = Digest32.sha256(of: [UInt8(seed)])
      run.session = try SessionID(bytes: Digest32.sha256(of: [UInt8(seed), 1]).bytes)
      let result = try #require(try run.run(seed: seed))
      _ = try run.combine(result.outcomes)
    }
    #expect(run.setups.values.allSatisfy { $0.values.allSatisfy { $0.condition == .ready } })
  }
}
