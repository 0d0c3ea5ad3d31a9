import Identifiers
import KeyGeneration
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Testing

struct SessionMixTests {
  @Test(arguments: [UInt8(1), 2, 3, 4, 5])
  func `P8 messages of another session are dropped, and passed off as of this one they name the sender`(
    round: UInt8
  ) throws {
    let cheater = try party(2)
    let earlier = try #require(try KeyGenerationRun(4, seed: 1).run())
    let replayed = earlier.sent.filter { $0.sender == cheater && $0.envelope.round == round }
    let unchanged = Rewriting { message, _ in
      [message] + replayed.filter { $0.receiver == message.receiver }
    }
    let ignored = try #require(try KeyGenerationRun(4, seed: 2).run(corrupted: [cheater], adversary: unchanged))
    #expect(ignored.abortedCount == 0)

    let relabelled = Rewriting { message, _ in
      guard message.envelope.round == round, message.envelope.channel == .broadcast,
        let old = replayed.first(where: { $0.receiver == message.receiver && $0.envelope.channel == .broadcast }),
        old.envelope.payload != message.envelope.payload
      else { return [message] }
      return [message.with(payload: old.envelope.payload)]
    }
    let refused = try #require(try KeyGenerationRun(4, seed: 2).run(corrupted: [cheater], adversary: relabelled))
    #expect(refused.violations(corrupted: [cheater]).isEmpty)
    // An empty verdict is the same in every session.
    #expect((refused.abortedCount > 0) == (round != 4))
  }

  @Test func `P9 members that disagree on the session part without a word against each other`() throws {
    let run = try KeyGenerationRun(3, seed: 1)
    let other = try SessionID(bytes: [UInt8](repeating: 7, count: 32))
    let strayed = try party(3)
    let mailboxes = try mailboxes(run, strayed, other)
    let orders = mailboxes.keys.reduce(into: [:]) { orders, party in
      orders[party] = try? order(run, party, party == strayed ? other : run.session)
    }
    let ran: Simulation.Result<ProtocolAbort?>? = Simulation(seed: 4).run(mailboxes) { party, mailbox, transport in
      guard let order = orders[party] else { return nil }
      var random = SeededRandom(seed: UInt64(party.value))
      do throws(ProtocolAbort) {
        _ = try await generateKeys(order, mailbox: mailbox, transport: transport, random: &random)
        return nil
      } catch {
        return error
      }
    }
    let result = try #require(ran)
    for (party, abort) in result.outcomes {
      guard case .missing(let round, let missing) = abort else {
        Issue.record("\(party) blames: \(String(describing: abort))")
        continue
      }
      #expect(round == 1)
      #expect(missing == (party == strayed ? [try self.party(1), try self.party(2)] : [strayed]))
    }
    #expect(mailboxes.values.allSatisfy { $0.dropCount(.sessionMismatch) > 0 })
  }

  private func party(_ value: UInt16) throws -> PartyID { try PartyID(value) }

  private func mailboxes(_ run: KeyGenerationRun, _ strayed: PartyID, _ other: SessionID) throws -> [PartyID: Mailbox] {
    var mailboxes: [PartyID: Mailbox] = [:]
    for member in run.members {
      let session = member.party == strayed ? other : run.session
      mailboxes[member.party] = try order(run, member.party, session).makeMailbox()
    }
    return mailboxes
  }
}

private func order(
  _ run: KeyGenerationRun, _ party: PartyID, _ session: SessionID
) throws -> KeyGenerationOrder {
  try KeyGenerationOrder(
    session: session, network: run.network, epoch: 1, members: run.members,
    node: run.members[Int(party.value) - 1].node)
}
