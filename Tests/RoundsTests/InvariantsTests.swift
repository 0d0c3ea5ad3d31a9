import ProtocolTestKit
import Rounds
import SecretSharing
import Secrets
import Testing

/// Every check of the invariants notices what it is for, and is silent otherwise.
struct InvariantsTests {
  private typealias Ending = Invariants.Ending

  private func violations(
    _ endings: [UInt16: Invariants.Ending], corrupted: Set<UInt16> = [2], livingSecrets: Int? = nil
  ) throws -> [Invariants.Violation] {
    var invariants = Invariants()
    var byParty: [PartyID: Invariants.Ending] = [:]
    for (value, ending) in endings { byParty[try party(value)] = ending }
    invariants.check(byParty, corrupted: Set(try corrupted.map(party)), livingSecrets: livingSecrets)
    return invariants.violations
  }

  @Test func `N two keys of one session are noticed, those of corrupted parties do not count`() throws {
    let (key, other) = (Ending(publicKey: [1]), Ending(publicKey: [2]))
    #expect(try violations([1: key, 3: other]) == [.publicKeys(2)])
    #expect(try violations([1: key, 2: other, 3: key]).isEmpty)
  }

  @Test func `N a nonce in two transcripts is noticed, also across runs`() throws {
    var invariants = Invariants()
    let one = try party(1)
    for (nonces, transcript) in [([[1], [2]], [1]), ([[3], [4]], [2]), ([[1], [2]], [1])] as [([[UInt8]], [UInt8])] {
      invariants.check([one: Ending(nonces: nonces, transcript: transcript)], corrupted: [], livingSecrets: nil)
    }
    #expect(invariants.violations.isEmpty)
    invariants.check([one: Ending(nonces: [[5], [4]], transcript: [3])], corrupted: [], livingSecrets: nil)
    #expect(invariants.violations == [.nonceReused(one)])
  }

  @Test func `N an abort that names nobody or an honest party is noticed`() throws {
    let (one, two, three) = (try party(1), try party(2), try party(3))
    let fault = Fault.failedCheck(round: 1, name: "share")
    for abort: ProtocolAbort in [.cancelled, .internalFault("x"), .blamed([:]), .missing(round: 1, [])] {
      #expect(try violations([1: Ending(abort: abort)]) == [.nobodyNamed(by: one, abort)])
    }
    for abort: ProtocolAbort in [
      .blamed([three: fault]), .blamed([two: fault, three: fault]), .missing(round: 1, [two, three]),
      .disagreement([try PartySet([one, three])]),
      .disagreement([try PartySet([two, three]), try PartySet([one, three])]),
    ] {
      #expect(try violations([1: Ending(abort: abort)]) == [.honestNamed(by: one, abort)])
    }
    for abort: ProtocolAbort in [
      .blamed([two: fault]), .missing(round: 1, [two]), .disagreement([try PartySet([two, three])]),
    ] {
      #expect(try violations([1: Ending(abort: abort), 2: Ending(abort: .cancelled)]).isEmpty)
    }
  }

  @Test func `N a secret that outlives its run is noticed, one in the result is not`() throws {
    final class Keeper { var secret: SecretBytes? }
    let keeper = Keeper()
    let leaking = Invariants.run { keeper.secret = SecretBytes(zeroed: 1) }
    #expect(try violations([1: Ending()], livingSecrets: leaking.livingSecrets) == [.secretsLeft(1)])
    #expect(try violations([1: Ending(secretCount: 1)], livingSecrets: leaking.livingSecrets).isEmpty)
    keeper.secret = nil
    let clean = Invariants.run { _ = SecretBytes(zeroed: 1).clone().count }
    #expect(clean.livingSecrets == 0)
    #expect(try violations([1: Ending(secretCount: 1)], livingSecrets: clean.livingSecrets) == [.secretsLeft(-1)])
  }

  @Test func `secrets are counted where they were made, in tasks too and wherever they are wiped`() async {
    final class Keeper: Sendable {
      let secret: SecretBytes
      init() { secret = SecretBytes(zeroed: 4) }
    }
    let count = SecretCount()
    let task = count.counting { Task { Keeper() } }
    var keeper: Keeper? = await task.value
    #expect(count.made == 1 && count.wiped == 0 && keeper?.secret.count == 4)
    _ = SecretBytes(zeroed: 1).count
    #expect(count.made == 1)
    keeper = nil
    _ = keeper
  }

  @Test func `N a signature that does not verify is noticed`() {
    var invariants = Invariants()
    invariants.checkSignature(isValid: true)
    #expect(invariants.violations.isEmpty)
    invariants.checkSignature(isValid: false)
    #expect(invariants.violations == [.invalidSignature])
  }
}
