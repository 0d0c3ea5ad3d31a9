import Attestation
import Crypto
import Identifiers
@testable import PeerLink
import Secrets
import Testing

@Suite struct LiveTranscriptTests {
  private func digest(_ byte: UInt8) throws -> Digest32 { try Digest32(bytes: [UInt8](repeating: byte, count: 32)) }

  private func end(_ byte: UInt8) throws -> LiveTranscript.End {
    LiveTranscript.End(
      tlsKeyDigest: try digest(byte), node: id(byte), instance: try Instance(bytes: digest(byte &+ 1).bytes),
      nonce: try digest(byte &+ 2))
  }

  private func exporter(_ byte: UInt8) throws -> TLSExporter {
    let exporter = TLSExporter(exporterSecret: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
    return try #require(exporter)
  }

  @Test func `the transcript is the hash the design names, computed by hand`() throws {
    let exporter = try exporter(9)
    let transcript = LiveTranscript(
      network: NetworkID(try digest(1)), epoch: 258, prover: .responder, initiator: try end(10),
      responder: try end(20), exporter: exporter)
    var input = Array("quorate/live/v1".utf8)
    for field in [
      [UInt8](repeating: 1, count: 32), [0, 0, 0, 0, 0, 0, 1, 2], [0, 0, 0, 0, 0, 0, 0, 1], Array("responder".utf8),
      [UInt8](repeating: 12, count: 32), [UInt8](repeating: 22, count: 32),
      [UInt8](repeating: 10, count: 32), [UInt8](repeating: 20, count: 32),
      exporter.bytes,
      [UInt8](repeating: 10, count: 20), [UInt8](repeating: 20, count: 20),
      [UInt8](repeating: 11, count: 32), [UInt8](repeating: 21, count: 32),
    ] { input += [0, 0, 0, UInt8(field.count)] + field }
    let expected = Array(SHA512.hash(data: input))
    #expect(transcript.reportData.bytes == expected)
    #expect(
      transcript.identityMessage == Array("quorate/live-signature/v1".utf8) + [0, 0, 0, 64] + expected)
  }

  @Test func `the transcript for a user leaves out what a user does not have`() throws {
    let exporter = try exporter(9)
    let transcript = LiveTranscript(
      network: NetworkID(try digest(1)), clientNonce: try digest(2), tlsKeyDigest: try digest(3), node: id(4),
      instance: try Instance(bytes: digest(5).bytes), exporter: exporter)
    var input = Array("quorate/live/v1".utf8)
    for field in [
      [UInt8](repeating: 1, count: 32), [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1], Array("client".utf8),
      [UInt8](repeating: 2, count: 32), [], [], [UInt8](repeating: 3, count: 32), exporter.bytes, [],
      [UInt8](repeating: 4, count: 20), [], [UInt8](repeating: 5, count: 32),
    ] { input += [0, 0, 0, UInt8(field.count)] + field }
    #expect(transcript.reportData.bytes == Array(SHA512.hash(data: input)))
  }

  @Test func `every field counts, and the two roles never agree`() throws {
    let (network, i, r, exporter) = (NetworkID(try digest(1)), try end(10), try end(20), try exporter(9))
    func transcript(
      network: NetworkID = network, epoch: UInt64 = 1, prover: LiveTranscript.Role = .initiator,
      initiator: LiveTranscript.End = i, responder: LiveTranscript.End = r, exporter: TLSExporter = exporter
    ) -> LiveTranscript {
      LiveTranscript(
        network: network, epoch: epoch, prover: prover, initiator: initiator, responder: responder, exporter: exporter)
    }
    var all = [
      transcript(), transcript(network: NetworkID(try digest(2))), transcript(epoch: 2),
      transcript(prover: .responder), transcript(prover: .client), transcript(exporter: try self.exporter(8)),
      transcript(initiator: r, responder: i),
    ]
    for keyPath in [\LiveTranscript.End.tlsKeyDigest, \.nonce] {
      var (changedI, changedR) = (i, r)
      changedI[keyPath: keyPath] = try digest(99)
      changedR[keyPath: keyPath] = try digest(99)
      all += [transcript(initiator: changedI), transcript(responder: changedR)]
    }
    var (otherNode, otherInstance) = (i, i)
    otherNode.node = id(99)
    otherInstance.instance = Instance.zero
    all += [transcript(initiator: otherNode), transcript(initiator: otherInstance)]
    #expect(Set(all).count == all.count)
  }
}
