import Identifiers
import SecretSharing

/// What a party says when it stops: sets of parties in each of which, as far as it can tell, somebody is at fault.
///
/// Without it the next to wait for a party that stopped for good reason would take *that* party for the silent one. The
/// receiver cannot trust the notice: it concludes only that each set, together with the sender, has a culprit in it.
struct AbortNotice: Sendable, Hashable {
  static let byteLimit = 8192
  private static let setLimit = 255

  let suspicions: [PartySet]

  init(_ abort: ProtocolAbort) {
    suspicions =
      switch abort {
      case .blamed(let faults): faults.keys.sorted().compactMap { try? PartySet([$0]) }
      case .missing(_, let parties), .sessionMismatch(let parties): parties.compactMap { try? PartySet([$0]) }
      case .disagreement(let sets): sets
      case .cancelled, .internalFault: []
      }
  }

  /// What the receiver concludes; empty when the sender stopped without accusing anybody.
  func conclusions(from sender: PartyID) -> [PartySet] {
    suspicions.compactMap { set in try? PartySet(Set(set).union([sender])) }
  }

  /// `u8 sets ‖ per set: u8 parties ‖ u16 party …`. Sets beyond the limit are left out.
  var encoded: [UInt8] {
    var body = ByteWriter()
    var count: UInt8 = 0
    for set in suspicions.prefix(Self.setLimit) where body.bytes.count + 2 * set.count + 2 <= Self.byteLimit {
      body.u8(UInt8(clamping: set.count))
      for party in set { body.u16(party.value) }
      count += 1
    }
    return [count] + body.bytes
  }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      var sets: [PartySet] = []
      for _ in 0..<(try reader.u8()) {
        var parties: [PartyID] = []
        for _ in 0..<(try reader.u8()) { parties.append(try PartyID(reader.u16())) }
        guard parties.allSatisfy(context.parties.contains) else { throw MalformedMessage("unknown party") }
        let set = try PartySet(parties)
        guard set.parties == parties else { throw MalformedMessage("party order") }
        sets.append(set)
      }
      try reader.finish()
      suspicions = sets
    } catch {
      throw MalformedMessage("abort notice")
    }
  }
}

extension ProtocolAbort {
  /// What the host tells the other parties, on the abort channel of round 0, when it ends a session whose protocol cannot.
  public var encodedNotice: [UInt8] { AbortNotice(self).encoded }
}
