import Identifiers
import SwiftProtobuf
import Testing
@testable import Wire

@Suite struct PeerFramesTests {
  private static func identifier<Kind>(_ byte: UInt8) -> Identifier<Kind> {
    do {
      return try Identifier(bytes: [UInt8](repeating: byte, count: Kind.byteCount))
    } catch {
      preconditionFailure("the right number of bytes")
    }
  }

  private static let position = RegistryPosition(number: 9, digest: identifier(1))
  private static let hello = PeerHello(
    version: 1, network: identifier(2), epoch: 3, from: identifier(4), to: identifier(5), instance: identifier(6),
    nonce: identifier(7), registry: position)
  private static let session = SessionFrame(
    session: identifier(1), route: identifier(2), round: 255, channel: .echo, payload: [1, 2, 3])

  /// One of each, in the order of the protocol's file.
  static let frames: [LinkFrame] = [
    .hello(hello),
    .challenge(nonce: identifier(8)),
    .proof(
      PeerProof(evidenceKind: "software", evidence: [1], identitySignature: [UInt8](repeating: 2, count: 64))),
    .keepAlive(epoch: 0, registry: position),
    .peer(.session(session)),
    .peer(.want(identifier(1))),
    .peer(.networkNonce(NetworkNonceFrame(epoch: 1, purpose: "dkg", attempt: 0, nonce: identifier(2)))),
    .peer(
      .networkSession(NetworkSessionFrame(session: identifier(1), round: 0, channel: .broadcast, payload: []))),
    .peer(
      .certificateSignature(
        CertificateSignatureFrame(epoch: 1, digest: identifier(2), signature: [UInt8](repeating: 3, count: 64)))),
    .peer(.certificateAcknowledgement(CertificateAcknowledgementFrame(epoch: .max, digest: identifier(2)))),
    .peer(.certificateRequest(epoch: 0)),
    .peer(.certificate(CertificateFrame(epoch: 1, encoded: [1]))),
  ]

  @Test(arguments: frames) func `a frame is read as it was written`(frame: LinkFrame) throws {
    #expect(try LinkFrame(decoding: frame.encoded()) == frame)
  }

  @Test func `the bytes of a frame are those of any protobuf implementation`() throws {
    // Field 17 (want), length 34; field 1, length 32; the identifier.
    let want = LinkFrame.peer(.want(Self.identifier(0xAB)))
    #expect(try want.encoded() == [0x8A, 0x01, 34, 0x0A, 32] + [UInt8](repeating: 0xAB, count: 32))
  }

  @Test(arguments: frames) func `T13 no truncation and no extension of a frame is a frame`(frame: LinkFrame) throws {
    let bytes = try frame.encoded()
    for length in 0..<bytes.count {
      #expect(throws: PeerFrameError.self) { try LinkFrame(decoding: Array(bytes.prefix(length))) }
    }
    // An unknown field of the envelope, a known one twice, and nothing at all.
    #expect(throws: PeerFrameError.notCanonical) { try LinkFrame(decoding: bytes + [0xF8, 0x07, 0x01]) }
    #expect(throws: PeerFrameError.notCanonical) { try LinkFrame(decoding: bytes + bytes) }
    #expect(throws: PeerFrameError.notCanonical) { try LinkFrame(decoding: []) }
  }

  @Test(
    arguments: [
      // An unknown field within, a repeated field, a default spelled out, an over-long length, a group.
      [0xB2, 0x01, 0x02, 0x18, 0x01], [0xB2, 0x01, 0x04, 0x08, 0x01, 0x08, 0x01], [0xB2, 0x01, 0x02, 0x08, 0x00],
      [0xB2, 0x01, 0x82, 0x00, 0x08, 0x01], [0xB3, 0x01, 0xB4, 0x01], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ] as [[UInt8]])
  func `T13 every other encoding of a frame is refused`(bytes: [UInt8]) throws {
    #expect(try LinkFrame(decoding: [0xB2, 0x01, 0x02, 0x08, 0x01]) == .peer(.certificateRequest(epoch: 1)))
    #expect(throws: PeerFrameError.notCanonical) { try LinkFrame(decoding: bytes) }
  }

  @Test func `T13 a field of the wrong size or value is refused`() throws {
    let bad: [(String, ProtoEnvelope.OneOf_Frame)] = [
      ("session", .want(.with { $0.session = .init(repeating: 0, count: 31) })),
      ("session", .want(.with { $0.session = .init(repeating: 0, count: 33) })),
      ("session", .want(ProtoWant())),
      ("nonce", .challenge(ProtoChallenge())),
      ("digest", .keepAlive(ProtoKeepAlive())),
      ("network", .hello(ProtoHello())),
      ("evidence_kind", .proof(.with { $0.identitySignature = .init(repeating: 0, count: 64) })),
      ("evidence_kind", .proof(.with { $0.evidenceKind = "Software" })),
      ("evidence_kind", .proof(.with { $0.evidenceKind = String(repeating: "a", count: 33) })),
      ("signature", .proof(.with { $0.evidenceKind = "software" })),
      (
        "evidence",
        .proof(
          .with {
            $0.evidenceKind = "software"
            $0.evidence = .init(repeating: 0, count: PeerFrameLimits.evidence + 1)
          })
      ),
      (
        "round",
        .networkSession(
          .with {
            $0.session = .init(repeating: 1, count: 32)
            $0.round = 256
          })
      ),
      ("channel", .networkSession(.with { $0.session = .init(repeating: 1, count: 32) })),
      (
        "channel",
        .networkSession(
          .with {
            $0.session = .init(repeating: 1, count: 32)
            $0.channel = .UNRECOGNIZED(99)
          })
      ),
      ("purpose", .networkNonce(.with { $0.nonce = .init(repeating: 1, count: 32) })),
      ("signature", .certificateSignature(.with { $0.digest = .init(repeating: 1, count: 32) })),
    ]
    for (name, frame) in bad {
      let bytes: [UInt8] = try ProtoEnvelope.with { $0.frame = frame }.serializedBytes()
      #expect(throws: PeerFrameError.invalidField(name)) { try LinkFrame(decoding: bytes) }
    }
  }

  @Test func `T11 the largest payload fits a frame, and nothing larger is written or read`() throws {
    var largest = Self.session
    largest.payload = [UInt8](repeating: 7, count: PeerFrameLimits.payload)
    let frame = LinkFrame.peer(.session(largest))
    let bytes = try frame.encoded()
    #expect(bytes.count <= PeerFrameLimits.frame)
    #expect(try LinkFrame(decoding: bytes) == frame)
    largest.payload.append(7)
    #expect(throws: PeerFrameError.invalidField("payload")) { try LinkFrame.peer(.session(largest)).encoded() }
    #expect(throws: PeerFrameError.tooLong) {
      try LinkFrame(decoding: [UInt8](repeating: 0, count: PeerFrameLimits.frame + 1))
    }
  }

  @Test func `the largest proof fits what a stranger may send`() throws {
    let proof = PeerProof(
      evidenceKind: String(repeating: "a", count: PeerFrameLimits.purpose),
      evidence: [UInt8](repeating: 0, count: PeerFrameLimits.evidence),
      identitySignature: [UInt8](repeating: 0, count: 64))
    #expect(try LinkFrame.proof(proof).encoded().count <= PeerFrameLimits.handshakeFrame)
  }
}
