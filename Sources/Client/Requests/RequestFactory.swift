import Identifiers
import Membership
import PublicKeys
import Secrets
import Wire

/// Makes one request after the other for the same operation; no two share a nonce, a reply key or a delivery.
struct RequestFactory: Sendable {
  /// In seconds. Long enough for slow links, far below what nodes accept.
  static let lifetime: Int64 = 120

  let session: UserSession
  let operation: Operation
  let certificate: KeyCertificate
  let clock: any LocalClock

  /// - Parameter view: the user's own of the registry; nodes judge by none that is older.
  func make(_ quorum: Quorum, in view: MembershipSnapshot) throws(ClientError) -> RequestInFlight {
    let now = max(clock.wall, session.issuedAt)
    let replyKey = ReplyKey()
    var random = SystemRandom()
    let builder = RequestBuilder(sessionKey: session.key)
    let capability = try session.capability.forRequest(at: view.chain.flatMap(Self.settledBlock))
    do {
      let payload = try RequestPayload(
        network: certificate.network, epoch: certificate.epoch, quorum: quorum, operation: operation,
        replyKey: replyKey.publicKey, nonce: random.bytes(WireLimits.nonce), issuedAt: now,
        expiresAt: min(now.adding(seconds: Self.lifetime), session.expiresAt), capability: capability,
        registryNumber: view.number)
      let request = try builder.sign(payload)
      var deliveries: [NodeID: Delivery] = [:]
      for entry in quorum.entries { deliveries[entry.node] = builder.delivery(of: request, to: entry) }
      return RequestInFlight(
        request, deliveries: deliveries, replyKey: replyKey, certificate: certificate.digest)
    } catch {
      throw .unsuitableInput("the request cannot be made: \(error)")
    }
  }

  /// How much older than the newest block the one before may be.
  private static let settledAge: Int64 = 30

  /// Where a contract is asked: at the block read before the newest, where this user has just read one, so that no node
  /// has to be waited for that reads a little later.
  private static func settledBlock(_ chain: ChainPosition) -> BlockReference? {
    let before = chain.recentBlocks.dropFirst().first.flatMap {
      chain.block.moment.seconds(since: $0.moment) <= settledAge ? $0 : nil
    }
    let block = before ?? chain.block
    return BlockReference(number: block.number, hash: block.hash)
  }
}
