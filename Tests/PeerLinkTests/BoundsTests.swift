import Attestation
import Identifiers
import Membership
import NIOCore
@testable import PeerLink
import Testing
import Transcripts
import Wire

@Suite struct BoundsTests {
  @Test func `an allowance is used up at once and comes back at its rate`() {
    var bucket = TokenBucket(perSecond: 10, burst: 3, now: .zero)
    func taken(_ milliseconds: Int...) -> [Bool] {
      milliseconds.map { bucket.take(now: .milliseconds($0)) }
    }
    #expect(taken(0, 0, 0, 0, 50) == [true, true, true, false, false])
    #expect(taken(100, 100) == [true, false])
    #expect(taken(1_000_000, 1_000_000, 1_000_000, 1_000_000) == [true, true, true, false])
    // A clock that went backwards gives nothing away.
    #expect(taken(999_000) == [false])
  }

  @Test func `waiting times double up to their limit, and chance takes at most half of them`() {
    var backOff = BackOff(.milliseconds(100) ... .milliseconds(800))
    #expect(backOff.next(random: [0, 0]) == .milliseconds(50))
    let second = backOff.next(random: [255, 255])
    #expect(second > .milliseconds(199) && second < .milliseconds(200))
    #expect(backOff.next(random: [0, 0]) == .milliseconds(200))
    #expect(backOff.next(random: [0, 0]) == .milliseconds(400))
    #expect(backOff.next(random: [0, 0]) == .milliseconds(400))
    backOff.reset()
    #expect(backOff.next(random: [0, 0]) == .milliseconds(50))
  }

  @Test func `slots are limited in total and for each address, and given back once`() {
    let slots = HandshakeSlots(limit: 3, limitPerAddress: 2)
    #expect(slots.take("a") && slots.take("a") && !slots.take("a") && slots.take("b") && !slots.take("c"))
    let slot = HandshakeSlot(slots, "a")
    slot.release()
    slot.release()
    #expect(slots.take("c") && !slots.take("c"))
  }

  @Test(arguments: [
    ("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"),
    ("2001:db8:1:2:3:4:5:6", "20010db800010002/64"), ("2001:db8:1:2::1", "20010db800010002/64"),
    ("2001:db8:1:3::1", "20010db800010003/64"), ("::1", "0000000000000000/64"),
  ])
  func `strangers are counted by address, and by network where one of them has many`(
    address: String, prefix: String
  ) throws {
    #expect(AddressPrefix.of(try SocketAddress(ipAddress: address, port: 1)) == prefix)
  }

  @Test func `durations become nanoseconds without a trap`() {
    #expect(Duration.milliseconds(1_500).nanoseconds == 1_500_000_000)
    #expect(Duration.seconds(Int64.max).nanoseconds == .max)
    #expect(Duration.seconds(Int64.min).nanoseconds == .min)
  }

  @Test func `every refusal has a reason of its own and no two kinds share one`() {
    let simple: [HandshakeRefusal] = [
      .tooManyHandshakes, .registryUnavailable, .unreachable("x"), .tls("x"), .closedByPeer, .deadline,
      .sessionResumed, .noExporter, .certificateCount(2), .wrongNetwork, .wrongVersion(2), .wrongNode,
      .wrongDirection, .notMember, .insufficientStake, .wrongIdentityKey, .staleAnchor, .wrongInstance, .wrongEpoch,
      .tooManyLinks,
      .identitySignature, .oversizedFrame, .malformedFrame, .unexpectedFrame, .ownEvidence, .stopping,
    ]
    let certificates = NodeCertificateFault.allCases.map(HandshakeRefusal.certificate)
    let evidence = AttestationCheck.allCases.flatMap { check in
      let refusal = AttestationRefusal(FailedCheck(check, "x"))
      return [HandshakeRefusal.evidence(refusal), .liveEvidence(refusal)]
    }
    let all = simple + certificates + evidence
    #expect(Set(all.map(\.reason)).count == all.count)
    #expect(all.allSatisfy { !$0.detail.isEmpty })
  }

  @Test func `a failed proof is named before a failed wish of the policy`() {
    let refusal = AttestationRefusal(FailedCheck(.measurement, "x"), [FailedCheck(.reportSignature, "y")])
    #expect(HandshakeRefusal.evidence(refusal).reason == "evidence-report-signature")
    #expect(HandshakeRefusal.evidence(refusal).detail.contains("measurement: x"))
  }
}
