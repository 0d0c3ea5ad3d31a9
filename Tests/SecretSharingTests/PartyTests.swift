import ProtocolTestKit
import SecretSharing
import Testing

struct PartyTests {
  @Test func `P34 nobody has the x-coordinate 0`() {
    #expect(throws: SharingError.partyZero) { _ = try PartyID(0) }
    #expect(throws: Never.self) { _ = try PartyID(65535) }
  }

  @Test func `a set has every party once, in ascending order`() throws {
    let parties = try [9, 2, 5].map { try PartyID($0) }
    let set = try PartySet(parties)
    #expect(set.map(\.value) == [2, 5, 9])
    #expect(set.others(than: try PartyID(5)).map(\.value) == [2, 9])
    #expect(throws: SharingError.duplicateParty(parties[0])) { _ = try PartySet(parties + [parties[0]]) }
    #expect(throws: SharingError.noParties) { _ = try PartySet([]) }
  }

  @Test func `P35 more than two thirds are needed, for every number of members`() throws {
    for n in 2...Threshold.maximumPartyCount {
      let t = try Threshold.twoThirds(of: n).t
      #expect(3 * t > 2 * n, "\(n)")
      #expect(3 * (t - 1) <= 2 * n, "\(n)")
    }
    #expect(try (3...7).map { try Threshold.twoThirds(of: $0).t } == [3, 3, 4, 5, 5])
  }

  @Test func `P35 impossible thresholds do not exist`() {
    for (t, n) in [(1, 3), (0, 0), (4, 3), (-1, 2), (2, 256), (256, 256), (2, -1)] {
      #expect(throws: SharingError.impossibleThreshold) { _ = try Threshold(t: t, n: n) }
    }
    for n in [-1, 0, 1, 256, .max, .min] {
      #expect(throws: SharingError.impossibleThreshold) { _ = try Threshold.twoThirds(of: n) }
    }
  }
}
