import Identifiers
import PublicKeys
import SecretSharing
import Testing

@testable import KeyGeneration

/// Every event in every phase, as seen by member 1 of three. Member 2 is one step ahead of member 3.
struct CertificateCeremonyTableTests {
  typealias Phase = CertificateCeremony.Phase
  typealias Action = CertificateCeremony.Action

  enum Stimulus: CaseIterable {
    case pendingKept, signatureRecorded, wrongSignatureRecorded, certificateKept, pendingDropped, storageFailed
    case connected, acknowledged, acknowledgedOther, declaredNone, declaredNoneOther, signed, signedWrongly
    case strangerSpeaks, ownEcho
  }

  enum Expected {
    case same
    /// Nothing changes but what is remembered.
    case noted
    case bug
    case says([Action])
    case moves(Phase, [Action])
  }

  struct Cell: Sendable, CustomTestStringConvertible {
    let phase: Phase
    let stimulus: Stimulus
    var testDescription: String { "\(phase) × \(stimulus)" }
    static let all = Phase.allCases.flatMap { phase in Stimulus.allCases.map { Cell(phase: phase, stimulus: $0) } }
  }

  let fixture: CeremonyFixture
  let me: PartyID
  let second: PartyID
  let third: PartyID
  let stranger: PartyID

  init() throws {
    fixture = try CeremonyFixture.shared.get()
    me = try PartyID(1)
    second = try PartyID(2)
    third = try PartyID(3)
    stranger = try PartyID(4)
  }

  private var digest: Digest32 { fixture.body.digest }

  private func ceremony(in phase: Phase) -> CertificateCeremony {
    var ceremony = CertificateCeremony(fixture.body, me: me, phase: phase)
    switch phase {
    case .keeping, .abandoning, .abandoned, .halted: break
    case .acknowledging: ceremony.acknowledged = [second]
    case .recording: ceremony.acknowledged = [second, third]
    case .signing:
      ceremony.acknowledged = [second, third]
      for party in [me, second] { _ = ceremony.signatures.add(fixture.signature(of: party), of: party) }
    case .activating, .active:
      ceremony.acknowledged = [second, third]
      for party in [me, second, third] { _ = ceremony.signatures.add(fixture.signature(of: party), of: party) }
    }
    return ceremony
  }

  private func event(_ stimulus: Stimulus) -> CertificateCeremony.Event {
    let wrong = fixture.signature(of: second)
    return switch stimulus {
    case .pendingKept: .pendingKept
    case .signatureRecorded: .signatureRecorded(fixture.signature(of: me))
    case .wrongSignatureRecorded: .signatureRecorded(wrong)
    case .certificateKept: .certificateKept
    case .pendingDropped: .pendingDropped
    case .storageFailed: .storageFailed
    case .connected: .connected(third)
    case .acknowledged: .acknowledged(third, digest)
    case .acknowledgedOther: .acknowledged(third, .zero)
    case .declaredNone: .declaredNone(third, digest)
    case .declaredNoneOther: .declaredNone(third, .zero)
    case .signed: .signed(third, fixture.signature(of: third))
    case .signedWrongly: .signed(third, wrong)
    case .strangerSpeaks: .acknowledged(stranger, digest)
    case .ownEcho: .acknowledged(me, digest)
    }
  }

  private func expected(_ cell: Cell) -> Expected {
    if cell.phase == .halted { return .same }
    switch cell.stimulus {
    case .strangerSpeaks: return .says([.report(.stranger(stranger))])
    case .ownEcho: return .says([.report(.stranger(me))])
    case .acknowledgedOther: return .says([.report(.otherRun(third))])
    case .declaredNoneOther: return .same
    default: break
    }
    let sign = Action.sendSignature([third], fixture.signature(of: me))
    let none = Action.declareNone([third], digest)
    let disk = Expected.moves(.halted, [.report(.storageFailed)])
    switch cell.phase {
    case .keeping:
      switch cell.stimulus {
      case .pendingKept: return .moves(.acknowledging, [.sendAcknowledgement([second, third], digest)])
      case .signatureRecorded, .wrongSignatureRecorded, .certificateKept, .pendingDropped: return .bug
      case .storageFailed: return disk
      case .acknowledged, .signed, .declaredNone: return .noted
      case .signedWrongly: return .says([.report(.invalidSignature(third))])
      default: return .same
      }
    case .acknowledging:
      switch cell.stimulus {
      case .pendingKept, .signatureRecorded, .wrongSignatureRecorded, .certificateKept, .pendingDropped, .storageFailed:
        return .bug
      case .connected: return .says([.sendAcknowledgement([third], digest)])
      case .acknowledged, .signed: return .moves(.recording, [.recordSignature])
      case .declaredNone: return .moves(.abandoning, [.dropPending])
      case .signedWrongly: return .says([.report(.invalidSignature(third))])
      default: return .same
      }
    case .recording:
      switch cell.stimulus {
      case .signatureRecorded:
        return .moves(.signing, [.sendSignature([second, third], fixture.signature(of: me))])
      case .pendingKept, .wrongSignatureRecorded, .certificateKept, .pendingDropped: return .bug
      case .storageFailed: return disk
      case .connected: return .says([.sendAcknowledgement([third], digest)])
      case .signed: return .noted
      case .declaredNone: return .says([.report(.lostShares(third)), .report(.cannotFinish(third))])
      case .signedWrongly: return .says([.report(.invalidSignature(third))])
      default: return .same
      }
    case .signing:
      switch cell.stimulus {
      case .pendingKept, .signatureRecorded, .wrongSignatureRecorded, .certificateKept, .pendingDropped, .storageFailed:
        return .bug
      case .connected: return .says([sign])
      case .signed: return .moves(.activating, [.keepCertificate])
      case .declaredNone: return .says([.report(.lostShares(third)), .report(.cannotFinish(third))])
      case .signedWrongly: return .says([.report(.invalidSignature(third))])
      default: return .same
      }
    case .activating:
      switch cell.stimulus {
      case .certificateKept: return .moves(.active, [.activate])
      case .pendingKept, .signatureRecorded, .wrongSignatureRecorded, .pendingDropped: return .bug
      case .storageFailed: return disk
      case .connected: return .says([sign])
      case .declaredNone: return .says([.report(.lostShares(third))])
      default: return .same
      }
    case .active:
      switch cell.stimulus {
      case .pendingKept, .signatureRecorded, .wrongSignatureRecorded, .certificateKept, .pendingDropped, .storageFailed:
        return .bug
      case .connected, .acknowledged: return .says([sign])
      case .declaredNone: return .says([.report(.lostShares(third))])
      default: return .same
      }
    case .abandoning:
      switch cell.stimulus {
      case .pendingDropped: return .moves(.abandoned, [.declareNone([second, third], digest)])
      case .pendingKept, .signatureRecorded, .wrongSignatureRecorded, .certificateKept: return .bug
      case .storageFailed: return disk
      default: return .same
      }
    case .abandoned:
      switch cell.stimulus {
      case .pendingKept, .signatureRecorded, .wrongSignatureRecorded, .certificateKept, .pendingDropped, .storageFailed:
        return .bug
      case .connected, .acknowledged, .signed, .signedWrongly: return .says([none])
      default: return .same
      }
    case .halted:
      return .same
    }
  }

  @Test(arguments: Cell.all)
  func `K1 an event in a phase has one outcome`(cell: Cell) {
    let before = ceremony(in: cell.phase)
    var ceremony = before
    let actions = ceremony.handle(event(cell.stimulus))
    switch expected(cell) {
    case .same:
      #expect(actions.isEmpty && ceremony == before)
    case .noted:
      #expect(actions.isEmpty && ceremony.phase == before.phase && ceremony != before)
    case .bug:
      #expect(actions == [.report(.impossibleEvent)] && ceremony.phase == .halted)
    case .says(let said):
      #expect(actions == said && ceremony == before)
    case .moves(let phase, let said):
      #expect(actions == said && ceremony.phase == phase)
    }
  }

  @Test func `K1 P36 a member that declares none while shares are still being written stops nobody for good`() {
    var ceremony = ceremony(in: .keeping)
    _ = ceremony.handle(.acknowledged(second, digest))
    #expect(ceremony.handle(.declaredNone(third, digest)).isEmpty)
    #expect(ceremony.handle(.pendingKept) == [.dropPending])
    #expect(ceremony.handle(.pendingDropped) == [.declareNone([second, third], digest)])
    #expect(ceremony.phase == .abandoned)
  }
}
