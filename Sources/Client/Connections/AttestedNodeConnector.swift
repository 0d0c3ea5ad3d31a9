import Attestation
public import Identifiers
public import Membership
public import NIOCore
public import PeerLink
import Secrets
import Wire

/// Connects to members and has each prove itself twice: by the certificate of the TLS handshake, then by live evidence
/// over this connection and a nonce of ours. Until both hold, nothing but that nonce is sent.
public struct AttestedNodeConnector: NodeConnector {
  /// How much longer a proof may take than other answers: a node with hardware makes one report after the other.
  private static let patience = EvidenceBatcher.interval * 2

  private let connector: AttestedConnector
  private let timeout: Duration

  /// - Parameters:
  ///   - directory: what this user's own registry says.
  ///   - localAddress: where connections come from; nil for what the system chooses.
  public init(
    directory: any PeerDirectory, clock: any LocalClock, timeout: Duration = .seconds(3),
    localAddress: SocketAddress? = nil
  ) {
    connector = AttestedConnector(directory: directory, clock: clock, timeout: timeout, localAddress: localAddress)
    self.timeout = timeout
  }

  public func connect(
    to member: Member, in snapshot: MembershipSnapshot
  ) async throws(ConnectionFailure) -> any NodeConnection {
    // Making a connection cannot be interrupted, so an impatient caller leaves it behind; it closes when nobody takes
    // it.
    let (outcome, continuation) = AsyncStream.makeStream(of: Outcome.self)
    Task {
      continuation.yield(await establish(member))
      continuation.finish()
    }
    for await outcome in outcome { return try outcome.get() }
    throw .timedOut
  }

  private typealias Outcome = Result<AttestedNodeConnection, ConnectionFailure>

  private func establish(_ member: Member) async -> Outcome {
    do throws(HandshakeRefusal) {
      let verified = try await connector.connect(to: member.node) { try HTTPConnection.configure($0) }
      let http = HTTPConnection(verified.channel, host: member.clientEndpoint.text)
      do throws(ConnectionFailure) {
        let standing = try await challenge(verified, http)
        return .success(
          AttestedNodeConnection(
            node: verified.node, instance: verified.instance, identityKey: verified.certificate.binding.identityKey,
            standing: standing,
            http: http))
      } catch {
        http.close()
        return .failure(error)
      }
    } catch {
      return .failure(ConnectionFailure(error))
    }
  }

  private func challenge(
    _ verified: AttestedConnection<Void>, _ http: HTTPConnection
  ) async throws(ConnectionFailure) -> ConnectionStanding {
    var random = SystemRandom()
    guard let challenge = try? AttestationChallenge(nonce: random.bytes(AttestationChallenge.nonceByteCount)) else {
      throw .notVerified("challenge")
    }
    let answer = try await http.post("/v1/attest", challenge.encoded, timeout: timeout + Self.patience)
    guard answer.status == 200, let proof = try? AttestationAnswer(decoding: answer.body) else {
      throw .notVerified("attestation-answer")
    }
    do throws(HandshakeRefusal) {
      return try verified.verify(proof, to: challenge)
    } catch {
      throw ConnectionFailure(error)
    }
  }
}

/// A verified connection; closes when nobody refers to it any more.
final class AttestedNodeConnection: NodeConnection {
  let node: NodeID
  let instance: Instance
  let identityKey: [UInt8]
  private let standing: ConnectionStanding
  private let http: HTTPConnection

  init(
    node: NodeID, instance: Instance, identityKey: [UInt8], standing: ConnectionStanding, http: HTTPConnection
  ) {
    self.node = node
    self.instance = instance
    self.identityKey = identityKey
    self.standing = standing
    self.http = http
  }

  deinit {
    http.close()
  }

  var isActive: Bool {
    guard http.isActive else { return false }
    do throws(HandshakeRefusal) {
      try standing.require()
      return true
    } catch {
      return false
    }
  }

  func get(_ path: String, timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    try await http.get(path, timeout: timeout)
  }

  func post(_ path: String, _ body: [UInt8], timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    try await http.post(path, body, timeout: timeout)
  }

  func close() async {
    http.close()
  }
}

extension ConnectionFailure {
  /// Nobody being there is not the same as somebody who is not who it should be.
  init(_ refusal: HandshakeRefusal) {
    switch refusal {
    case .unreachable: self = .unreachable
    case .deadline: self = .timedOut
    case .closedByPeer: self = .closed
    default: self = .notVerified(refusal.reason)
    }
  }
}
