import Identifiers
import Synchronization
import Wire

/// One verified connection with another node, from the end of its handshake until it is cut.
final class PeerLink: Sendable {
  let peer: AttestedPeer
  let since: Duration
  private let wire: FrameWire
  private let end = Mutex<LinkEnd?>(nil)
  private let finish = AsyncStream<Never>.makeStream()

  init(peer: AttestedPeer, wire: FrameWire, since: Duration) {
    self.peer = peer
    self.wire = wire
    self.since = since
  }

  var queuedBytes: Int { wire.queuedBytes }

  /// Returns at once. A peer that does not take its frames is cut.
  func send(_ frame: PeerFrame) throws(PeerSendError) {
    guard endReason == nil else { throw .notConnected }
    do {
      try wire.send(.peer(frame))
    } catch {
      throw failed(error)
    }
  }

  /// For what the link itself says.
  func sendOwn(_ frame: LinkFrame) throws(LinkEnd) {
    do {
      try wire.send(frame)
    } catch {
      cut(.slowReader)
      throw .slowReader
    }
  }

  /// Ends the link, now; the first reason counts.
  func cut(_ reason: LinkEnd) {
    end.withLock { if $0 == nil { $0 = reason } }
    wire.close()
  }

  /// Why it ended; nil while it lives.
  var endReason: LinkEnd? { end.withLock(\.self) }

  /// Returns once the last event of this link was delivered.
  func waitUntilFinished() async {
    for await _ in finish.stream {}
  }

  func markFinished() {
    finish.continuation.finish()
  }

  private func failed(_ error: FrameSendError) -> PeerSendError {
    switch error {
    case .queueFull:
      cut(.slowReader)
      return .queueFull
    case .invalid(let error):
      return .invalid(error)
    }
  }
}
