import Curves
public import Identifiers
public import Membership
public import PublicKeys
import SecretSharing
import Secrets
public import Wire

/// A user's side of a network: verifies everything itself and trusts no single node.
///
/// Operations may run side by side; suspicions and verified connections are shared between them.
public final class QuorateClient: Sendable {
  let registry: any MembershipSource
  let clock: any LocalClock
  let pool: ConnectionPool
  let certificates: KeyCertificates
  let memory = QuorumMemory()
  let runner: OrderRunner

  /// - Parameters:
  ///   - registry: this user's own copy; what nodes say about membership is never believed.
  ///   - connector: makes verified connections, see ``AttestedNodeConnector``.
  ///   - certificateStore: where verified key certificates survive this process.
  public convenience init(
    registry: any MembershipSource, connector: any NodeConnector, clock: any LocalClock,
    certificateStore: (any KeyCertificateStore)? = nil
  ) {
    self.init(
      registry: registry, connector: connector, clock: clock, certificateStore: certificateStore,
      limits: OrderRunner.Limits())
  }

  init(
    registry: any MembershipSource, connector: any NodeConnector, clock: any LocalClock,
    certificateStore: (any KeyCertificateStore)?, limits: OrderRunner.Limits
  ) {
    self.registry = registry
    self.clock = clock
    pool = ConnectionPool(connector: connector, clock: clock)
    certificates = KeyCertificates(store: certificateStore)
    runner = OrderRunner(pool: pool, memory: memory, clock: clock, limits: limits)
  }

  /// Closes connections kept for reuse.
  public func close() async {
    await pool.closeAll()
  }

  /// What the registry says now.
  public func snapshot() throws(ClientError) -> MembershipSnapshot {
    guard let snapshot = registry.current else { throw .registryUnavailable }
    return snapshot
  }

  /// The epoch's key certificate, verified here; asks the nodes only for one this client does not have.
  public func keyCertificate() async throws(ClientError) -> KeyCertificate {
    let snapshot = try snapshot()
    if let known = certificates.known(snapshot) { return known }
    let needed = try Self.threshold(of: snapshot)
    let gathered = await pool.gather(snapshot.eligibleMembers, in: snapshot, enough: needed)
    guard gathered.connections.count >= needed else {
      for pooled in gathered.connections.values { await pool.giveBack(pooled) }
      throw .tooFewNodes(verified: gathered.connections.count, needed: needed, failures: gathered.failures)
    }
    var failure = ClientError.noKeyCertificate
    var found: KeyCertificate?
    for pooled in gathered.connections.values {
      if found == nil {
        do throws(ClientError) {
          if let encoded = try await Self.describe(pooled.connection)?.certificate {
            found = try certificates.accept(encoded, snapshot)
          }
        } catch {
          failure = error
        }
      }
      await pool.giveBack(pooled)
    }
    guard let found else { throw failure }
    return found
  }

  /// The key that signatures under this key id verify under, from the registry's key record and the key certificate.
  public func publicKey(of key: KeyID) async throws(ClientError) -> AnyPublicKey {
    guard let record = try snapshot().keyRecord(key) else { throw .unknownKey(key) }
    return try Self.publicKey(of: key, purpose: record.purpose, in: await keyCertificate())
  }

  /// What each member says about itself; unlike everything else here this needs no quorum.
  public func survey() async throws(ClientError) -> [NodeID: NodeStanding] {
    let snapshot = try snapshot()
    let gathered = await pool.gather(snapshot.members, in: snapshot, enough: snapshot.members.count)
    var standings = gathered.failures.mapValues(NodeStanding.unverified)
    for (node, pooled) in gathered.connections {
      let description = try await Self.describe(pooled.connection)
      await pool.giveBack(pooled)
      standings[node] = description.map(NodeStanding.verified) ?? .unverified(.malformed)
    }
    return standings
  }

  static func publicKey(
    of key: KeyID, purpose: KeyPurpose, in certificate: KeyCertificate
  ) throws(ClientError) -> AnyPublicKey {
    func open<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws(ClientError) -> AnyPublicKey {
      do {
        return AnyPublicKey(try certificate.derivedKey(for: S.self, keyID: key), of: S.self)
      } catch {
        throw .inconsistent("no key can be derived for \(key)")
      }
    }
    if purpose == .secp256k1ECDSA {
      do {
        return AnyPublicKey(ecdsa: try certificate.derivedKey(purpose, keyID: key, in: Secp256k1.self))
      } catch {
        throw .inconsistent("no key can be derived for \(key)")
      }
    }
    guard let suite = purpose.schnorrSuite else { throw .unsuitableInput("\(purpose.rawValue) keys do not sign") }
    return try open(suite)
  }

  /// What the rule of every network makes of its members before there is a key certificate.
  private static func threshold(of snapshot: MembershipSnapshot) throws(ClientError) -> Int {
    do {
      return try Threshold.twoThirds(of: snapshot.members.count).t
    } catch {
      throw .tooFewNodes(verified: 0, needed: 1, failures: [:])
    }
  }

  private static func describe(_ connection: any NodeConnection) async throws(ClientError) -> NetworkDescription? {
    guard let answer = try? await connection.get("/v1/network", timeout: .seconds(3)), answer.status == 200 else {
      return nil
    }
    return try? NetworkDescription(decoding: answer.body)
  }
}

/// What a survey found out about one member.
public enum NodeStanding: Sendable, Hashable {
  /// It proved itself; the rest is its own word.
  case verified(NetworkDescription)
  case unverified(ConnectionFailure)
}
