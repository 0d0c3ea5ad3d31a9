import Identifiers
public import SecretSharing
import Transcripts

/// One round's messages of all parties, of which this party knows that every other party said it has the same.
///
/// Made only by ``ProtocolSession/agree(on:)``.
public struct Agreed<Message: RoundMessage>: Sendable {
  /// In ascending order of parties, this party's own included.
  public let messages: [(party: PartyID, message: Message)]

  init(_ messages: [(party: PartyID, message: Message)]) {
    self.messages = messages
  }

  public func message(of party: PartyID) -> Message? {
    messages.first { $0.party == party }?.message
  }
}

/// The digests of all parties' messages of one round as one party holds them, in ascending order of parties.
struct BroadcastEcho: Sendable, Hashable {
  private(set) var digests: [Digest32]

  static func byteCount(in context: SessionContext) -> Int { context.parties.count * Digest32Kind.byteCount }

  init(_ payloads: [PartyID: [UInt8]], round: UInt8, in context: SessionContext) {
    digests = context.parties.map { party in
      TaggedHash.sha256(
        .broadcastEcho,
        [
          context.session.bytes, UInt64(round).bigEndianBytes, UInt64(party.value).bigEndianBytes,
          payloads[party] ?? [],
        ])
    }
  }

  var encoded: [UInt8] { digests.flatMap(\.bytes) }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      var digests: [Digest32] = []
      for _ in context.parties { digests.append(try Digest32(bytes: reader.raw(Digest32Kind.byteCount))) }
      try reader.finish()
      self.digests = digests
    } catch {
      throw MalformedMessage("echo")
    }
  }

  /// Compares what another party says it holds with what this party holds.
  ///
  /// About its own message and about this party's, the other can only differ by lying. About a third party's, either of
  /// the two may be the liar.
  func compare(_ theirs: BroadcastEcho, of echoer: PartyID, in context: SessionContext) -> Difference {
    var thirdParties: [PartyID] = []
    for (party, (mine, other)) in zip(context.parties, zip(digests, theirs.digests)) where mine != other {
      if party == echoer || party == context.me { return .lie }
      thirdParties.append(party)
    }
    return thirdParties.isEmpty ? .none : .about(thirdParties)
  }

  enum Difference {
    case none
    case lie
    case about([PartyID])
  }
}
