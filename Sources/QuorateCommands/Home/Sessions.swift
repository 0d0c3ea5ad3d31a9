import Authorization
import Client
import Foundation
import Identifiers
import Membership
import Secrets
import Signatures
import Transcripts
import Wire

/// Sessions kept between commands, so that a wallet signs once an hour and not once a command. Each grants exactly what
/// one kind of command needs.
///
/// A file holds `quorate-session-v1`, the session key's seed and the wallet's signature in hex, a line each, then the
/// signed text. Whoever reads it can do until its end what it grants.
struct Sessions: Sendable {
  /// In seconds.
  static let lifetime: Int64 = 3600
  private static let heading = "quorate-session-v1"

  let home: HomeFolder
  let clock: any LocalClock

  /// - Parameter fresh: makes a new one even when one is kept.
  func session(
    for grants: Set<Grant>, of wallet: ActingWallet, in founding: FoundingDocument, fresh: Bool = false
  ) async throws(CommandFailure) -> UserSession {
    try home.prepare()
    let path = path(grants, wallet, founding.network)
    if !fresh, let kept = read(path, founding.network), kept.wallet == wallet.address,
      kept.covers(grants, in: founding.network, at: clock.wall)
    {
      return kept
    }
    var random = SystemRandom()
    let draft: UserSession.Draft
    do {
      draft = try UserSession.Draft(
        wallet: wallet.address, founding: founding, grants: grants, lifetime: Self.lifetime, now: clock.wall,
        from: &random)
    } catch {
      throw CommandFailure(client: error)
    }
    let signature = try await wallet.sign(draft.text)
    let session: UserSession
    do { session = try draft.signed(signature) } catch { throw CommandFailure(client: error) }
    try write(session, to: path)
    removeExpired(founding.network)
    return session
  }

  private func write(_ session: UserSession, to path: String) throws(CommandFailure) {
    let rest = "\n\(Hex.encode(session.capability.signature))\n\(session.capability.siwe)"
    let content = SecretHex.line(Array((Self.heading + "\n").utf8), session.key.seed(), Array(rest.utf8))
    try SecretFile.write(content, to: path)
  }

  private func read(_ path: String, _ network: NetworkID) -> UserSession? {
    guard PrivateFile.exists(path), (try? PrivateFile.requirePrivate(path)) != nil,
      let content = try? SecretFile.read(path, maximum: 64 << 10)
    else { return nil }
    return unsafe content.withUnsafeBytes { bytes -> UserSession? in
      let lines = unsafe bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
      guard unsafe lines.count == 4, unsafe lines[0].elementsEqual(Self.heading.utf8),
        let key = try? unsafe Ed25519SigningKey(seed: SecretHex.decode(lines[1])),
        let signature = try? unsafe Hex.decode(lines[2]),
        let capability = try? unsafe SignedCapability(
          siwe: String(decoding: lines[3], as: UTF8.self), signature: signature)
      else { return nil }
      return try? UserSession(key: key, capability: capability, network: network)
    }
  }

  /// Forgets what is kept of a wallet's sessions.
  func remove(of wallet: WalletAddress, _ network: NetworkID) {
    remove(network) { $0.wallet == wallet }
  }

  private func removeExpired(_ network: NetworkID) {
    remove(network) { $0.expiresAt <= clock.wall }
  }

  private func remove(_ network: NetworkID, where isOver: (UserSession) -> Bool) {
    for file in (try? FileManager.default.contentsOfDirectory(atPath: home.sessions)) ?? [] {
      let path = home.sessions + "/" + file
      if let session = read(path, network), isOver(session) {
        try? FileManager.default.removeItem(atPath: path)
      }
    }
  }

  private func path(_ grants: Set<Grant>, _ wallet: ActingWallet, _ network: NetworkID) -> String {
    let granted = grants.map { "\($0.ability.text) \($0.resource)" }.sorted().joined(separator: "\n")
    let name = Digest32.sha256(of: Array("\(network)\n\(wallet.address)\n\(wallet.signer)\n\(granted)".utf8))
    return "\(home.sessions)/\(name.text.prefix(32))"
  }
}
