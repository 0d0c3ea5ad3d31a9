import Transcripts
public import Identifiers
public import Logging
public import Metrics
import Secrets

/// What a mesh needs from outside: registry, time, randomness, log, metrics.
public struct PeerSurroundings: Sendable {
  public var directory: any PeerDirectory
  public var clock: any LocalClock
  public var logger: Logger
  public var metrics: any MetricsFactory
  public var limits: PeerLinkLimits
  /// Fresh random bytes, as many as asked for.
  public var randomBytes: @Sendable (Int) -> [UInt8]

  public init(
    directory: any PeerDirectory, clock: any LocalClock, logger: Logger,
    metrics: any MetricsFactory = MetricsSystem.factory, limits: PeerLinkLimits = PeerLinkLimits(),
    randomBytes: @escaping @Sendable (Int) -> [UInt8] = PeerSurroundings.systemRandomBytes
  ) {
    self.directory = directory
    self.clock = clock
    self.logger = logger
    self.metrics = metrics
    self.limits = limits
    self.randomBytes = randomBytes
  }

  public static let systemRandomBytes: @Sendable (Int) -> [UInt8] = { count in
    var random = SystemRandom()
    return random.bytes(count)
  }

  /// Hashed, so that nobody sees what the generator itself gave.
  func freshNonce() -> Digest32 {
    Digest32.sha256(of: randomBytes(LiveTranscript.nonceByteCount))
  }
}
