import NIOCore
import Wire

/// Reads the frames of one connection, in order.
struct FrameSource {
  private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private let tls: TLSConnection

  init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, tls: TLSConnection) {
    iterator = inbound.makeAsyncIterator()
    self.tls = tls
  }

  mutating func nextBytes() async throws(HandshakeRefusal) -> [UInt8] {
    let buffer: ByteBuffer?
    do {
      buffer = try await iterator.next()
    } catch let refusal as HandshakeRefusal {
      throw refusal
    } catch {
      throw tls.refusal ?? .closedByPeer
    }
    guard let buffer else { throw tls.refusal ?? .closedByPeer }
    return [UInt8](buffer.readableBytesView)
  }

  mutating func next() async throws(HandshakeRefusal) -> LinkFrame {
    let bytes = try await nextBytes()
    do {
      return try LinkFrame(decoding: bytes)
    } catch {
      throw .malformedFrame
    }
  }
}

extension FrameWire {
  /// Nothing in a handshake is large enough to fill a queue.
  func sendInHandshake(_ frame: LinkFrame) throws(HandshakeRefusal) {
    do {
      try send(frame)
    } catch {
      throw .ownEvidence
    }
  }
}
