import NIOCore
import Synchronization
import Wire

/// Cuts the bytes of a connection into frames: u32 big-endian length ‖ that many bytes.
///
/// A length above the limit ends the connection before anything is stored for it.
struct FrameDecoder: ByteToMessageDecoder {
  typealias InboundOut = ByteBuffer

  let limit: FrameLimit

  mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else { return .needMoreData }
    guard length <= limit.bytes else { throw HandshakeRefusal.oversizedFrame }
    guard buffer.readableBytes >= 4 + Int(length) else { return .needMoreData }
    buffer.moveReaderIndex(forwardBy: 4)
    guard let frame = buffer.readSlice(length: Int(length)) else { return .needMoreData }
    context.fireChannelRead(wrapInboundOut(frame))
    return .continue
  }

  mutating func decodeLast(
    context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
  ) throws -> DecodingState {
    try decode(context: context, buffer: &buffer)
  }

  static func encode(_ frame: [UInt8], allocator: ByteBufferAllocator) -> ByteBuffer {
    var buffer = allocator.buffer(capacity: 4 + frame.count)
    buffer.writeInteger(UInt32(clamping: frame.count))
    buffer.writeBytes(frame)
    return buffer
  }
}

/// The length a frame may have now: little before the other end is verified, the full size afterwards.
final class FrameLimit: Sendable {
  private let value = Atomic<Int>(PeerFrameLimits.handshakeFrame)

  var bytes: Int { value.load(ordering: .relaxed) }

  func raiseToFull() {
    value.store(PeerFrameLimits.frame, ordering: .relaxed)
  }
}
