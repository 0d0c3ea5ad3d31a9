import Identifiers
import ProtocolTestKit
import Testing
import Transcripts
import Wire

@Suite struct InjectiveInputTests {
  @Test func `P13 every tagged encoding can be read back, so no two inputs share one`() throws {
    var random = SeededRandom(seed: 13)
    for domain in Domain.allCases {
      for _ in 0..<20 {
        let fields = (0..<random.next(below: 6)).map { _ in
          (0..<random.next(below: 9)).map { _ in UInt8(random.next(below: 3)) }
        }
        let encoding = TaggedHash.encoding(domain, fields)
        let tags = Domain.allCases.filter { encoding.starts(with: $0.bytes) }
        #expect(tags == [domain])
        var reader = ByteReader(encoding[domain.bytes.count...])
        var read: [[UInt8]] = []
        while reader.remaining > 0 { read.append(try reader.lp(limit: encoding.count)) }
        #expect(read == fields)
      }
    }
  }

  @Test func `P13 moving a byte across a field boundary changes what is hashed`() throws {
    let base = try SessionInputs.request(label: "sign", protocolName: "frost")
    let shifted = try SessionInputs.request(label: "signf", protocolName: "rost")
    #expect(base.session != shifted.session)
    let message = Wire.Operation.sign(key: try Fixture.key(), content: .message([1]))
    let raw = Wire.Operation.sign(key: try Fixture.key(), content: .raw([1]))
    #expect(message.digest != raw.digest)
    #expect(message.canonicalEncoding != raw.canonicalEncoding)
  }

  @Test func `A8 every input of a session changes its id`() throws {
    let base = try SessionInputs.request()
    func changed(
      request: RequestID? = nil, label: String? = nil, name: String? = nil, key: KeyID?? = nil, epoch: UInt64? = nil,
      certificate: Digest32? = nil, quorum: Quorum? = nil, digest: Digest32? = nil
    ) -> SessionID {
      RequestSessionInputs(
        request: request ?? base.request, operationLabel: label ?? base.operationLabel,
        protocolName: name ?? base.protocolName, key: key ?? base.key, epoch: epoch ?? base.epoch,
        certificate: certificate ?? base.certificate, quorum: quorum ?? base.quorum,
        operationDigest: digest ?? base.operationDigest
      ).session
    }
    let entries = try Fixture.quorum().entries
    let restarted = QuorumEntry(node: entries[1].node, instance: try Instance(bytes: Fixture.filled(0x77)))
    let other = try Digest32(bytes: Fixture.filled(0x55))
    let ids = [
      base.session, changed(request: RequestID(other)), changed(label: "other"), changed(name: "other"),
      changed(key: .some(nil)), changed(key: KeyID(other)), changed(epoch: 8), changed(certificate: other),
      changed(quorum: try Fixture.quorum([1, 2])), changed(quorum: try Quorum([entries[0], restarted, entries[2]])),
      changed(digest: other),
    ]
    #expect(Set(ids).count == ids.count)
  }

  @Test func `every input of a network session changes its id`() throws {
    let base = try SessionInputs.network()
    let other = try Digest32(bytes: Fixture.filled(0x55))
    func changed(
      network: NetworkID? = nil, epoch: UInt64? = nil, number: UInt64? = nil, digest: Digest32? = nil,
      purpose: String? = nil, participants: [NetworkSessionInputs.Participant]? = nil
    ) -> SessionID {
      NetworkSessionInputs(
        network: network ?? base.network, epoch: epoch ?? base.epoch, registryNumber: number ?? base.registryNumber,
        registryDigest: digest ?? base.registryDigest, purpose: purpose ?? base.purpose,
        participants: participants ?? base.participants
      ).session
    }
    let first = base.participants[0]
    let rest = Array(base.participants.dropFirst())
    let ids = [
      base.session, changed(network: NetworkID(other)), changed(epoch: 8), changed(number: 4), changed(digest: other),
      changed(purpose: "reshare"), changed(participants: rest),
      changed(participants: rest + [.init(node: first.node, instance: first.instance, nonce: other.bytes)]),
    ]
    #expect(Set(ids).count == ids.count)
    #expect(changed(participants: base.participants.reversed()) == base.session)
  }
}
