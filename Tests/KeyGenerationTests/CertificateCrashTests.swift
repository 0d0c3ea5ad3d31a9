import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Testing

@testable import KeyGeneration

/// Three members carry their pending shares to active ones while processes die between any two steps and messages in
/// flight are lost with them.
struct CertificateCrashTests {
  /// One member: a process that may die, and a disk that does not.
  private struct Member {
    var ceremony: CertificateCeremony?
    var record: CertificateCeremony.Record?
    var todo: [CertificateCeremony.Action] = []
    var hasUsedKeys = false
    var hasDropped = false
  }

  private struct World {
    let fixture: CeremonyFixture
    var random: SeededRandom
    var members: [PartyID: Member] = [:]
    var links: [[PartyID]: [CertificateCeremony.Event]] = [:]
    var crashesLeft: Int

    var parties: [PartyID] { fixture.body.members.map(\.party) }

    init(_ fixture: CeremonyFixture, seed: UInt64, crashes: Int, withoutResult loser: PartyID?) {
      self.fixture = fixture
      random = SeededRandom(seed: seed)
      crashesLeft = crashes
      for party in fixture.body.members.map(\.party) where party != loser {
        let (ceremony, actions) = CertificateCeremony.begin(fixture.body, me: party)
        members[party] = Member(ceremony: ceremony, todo: actions)
      }
      if let loser {
        members[loser] = Member()
        broadcast(.declaredNone(loser, fixture.body.digest), from: loser)
      }
    }

    mutating func broadcast(_ event: CertificateCeremony.Event, from sender: PartyID) {
      for receiver in parties where receiver != sender { links[[sender, receiver], default: []].append(event) }
    }

    mutating func feed(_ event: CertificateCeremony.Event, to party: PartyID) {
      let actions = members[party]?.ceremony?.handle(event) ?? []
      members[party]?.todo += actions
    }

    /// Does one thing that can be done, drawn at random.
    ///
    /// - Returns: false when there is nothing left to do.
    mutating func step() -> Bool {
      let workers = parties.filter { members[$0]?.todo.isEmpty == false }
      let busy = links.keys.filter { links[$0]?.isEmpty == false }.sorted { $0.lexicographicallyPrecedes($1) }
      guard !workers.isEmpty || !busy.isEmpty else { return false }
      if crashesLeft > 0, random.next(below: 4) == 0 {
        crashesLeft -= 1
        crash(parties[random.next(below: parties.count)])
        return true
      }
      let choice = random.next(below: workers.count + busy.count)
      if choice < workers.count {
        work(workers[choice])
      } else {
        let link = busy[choice - workers.count]
        if let event = links[link]?.removeFirst() { receive(event, link[1], from: link[0]) }
      }
      return true
    }

    private mutating func receive(_ event: CertificateCeremony.Event, _ party: PartyID, from sender: PartyID) {
      if members[party]?.ceremony == nil {
        // It knows of no run: the one thing it has to say, to whoever speaks of one.
        if case .declaredNone = event { return }
        links[[party, sender], default: []].append(.declaredNone(party, fixture.body.digest))
      } else {
        feed(event, to: party)
      }
    }

    private mutating func work(_ party: PartyID) {
      guard let action = members[party]?.todo.removeFirst() else { return }
      let signature = fixture.signature(of: party)
      switch action {
      case .keepPending:
        members[party]?.record = .pending
        feed(.pendingKept, to: party)
      case .sendAcknowledgement(let receivers, let digest):
        for receiver in receivers { links[[party, receiver], default: []].append(.acknowledged(party, digest)) }
      case .recordSignature:
        members[party]?.record = .signed(signature)
        // It may die here, after the write and before it knows.
        if crashesLeft > 0, random.next(below: 3) == 0 {
          crashesLeft -= 1
          return crash(party)
        }
        feed(.signatureRecorded(signature), to: party)
      case .sendSignature(let receivers, let signature):
        for receiver in receivers { links[[party, receiver], default: []].append(.signed(party, signature)) }
      case .keepCertificate:
        members[party]?.record = .active(signature)
        feed(.certificateKept, to: party)
      case .activate:
        members[party]?.hasUsedKeys = true
      case .dropPending:
        members[party]?.record = nil
        members[party]?.hasDropped = true
        feed(.pendingDropped, to: party)
      case .declareNone(let receivers, let digest):
        for receiver in receivers { links[[party, receiver], default: []].append(.declaredNone(party, digest)) }
      case .report:
        break
      }
    }

    /// The process dies, all its links with it, and comes back with what the disk has.
    private mutating func crash(_ party: PartyID) {
      for other in parties where other != party {
        links[[party, other]] = []
        links[[other, party]] = []
      }
      members[party]?.todo = []
      let restored = members[party]?.record.map { CertificateCeremony(restoring: $0, fixture.body, me: party) }
      members[party]?.ceremony = restored
      for other in parties where other != party {
        feed(.connected(other), to: party)
        feed(.connected(party), to: other)
      }
    }
  }

  @Test func `K1 K7 without a loss everybody uses the keys, however often processes die`() throws {
    for seed in Seeds.range(1000) {
      // Shares are lost with a process that dies before it kept them; that is the next test.
      var world = World(try CeremonyFixture.shared.get(), seed: seed, crashes: 0, withoutResult: nil)
      while world.members.values.contains(where: { $0.record == nil }) { _ = world.step() }
      world.crashesLeft = Int(seed % 7)
      while world.step() {}
      #expect(world.members.values.allSatisfy { if case .active = $0.record { true } else { false } }, "seed \(seed)")
    }
  }

  @Test func `K1 K7 keys are used by nobody unless everybody keeps them, whoever dies when`() throws {
    var abandonedRuns = 0
    for seed in Seeds.range(1000) {
      var world = World(try CeremonyFixture.shared.get(), seed: seed, crashes: Int(seed % 5), withoutResult: nil)
      var steps = 0
      while world.step(), steps < 10_000 {
        steps += 1
        let used = world.members.values.contains { $0.hasUsedKeys }
        #expect(!used || world.members.values.allSatisfy { $0.record != nil }, "seed \(seed)")
      }
      #expect(steps < 10_000, "seed \(seed) does not end")
      let states = world.members.values.map { member -> String in
        switch member.record {
        case .active: "active"
        case .signed: "signed"
        case .pending: "pending"
        case nil: "none"
        }
      }
      // All or nothing: nobody is left behind with shares that can neither be used nor be given up.
      #expect(Set(states).count == 1, "seed \(seed): \(states)")
      if states.first == "none" { abandonedRuns += 1 }
    }
    #expect(abandonedRuns > 0, "no run lost its shares: the crashes come too late to show anything")
  }

  @Test func `P4 a member that ended without shares makes the others give theirs up`() throws {
    for seed in Seeds.range(100) {
      let fixture = try CeremonyFixture.shared.get()
      var world = World(fixture, seed: seed, crashes: Int(seed % 3), withoutResult: try party(3))
      while world.step() {}
      #expect(world.members.values.allSatisfy { $0.record == nil && !$0.hasUsedKeys }, "seed \(seed)")
    }
  }
}
