import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Testing
import Transcripts

@testable import KeyGeneration

/// Corrupted member 2 of 4 breaks the protocol where everybody can see it: all honest members end alike.
struct DealingAttackTests {
  private func outcomes(of dealer: DeviantDealer) throws -> Set<ProtocolAbort?> {
    let cheater = try party(2)
    let result = try #require(
      try KeyGenerationRun(4, seed: 11).run(corruptions: [cheater: dealer.corruption]))
    #expect(result.violations(corrupted: [cheater]).isEmpty)
    return Set(result.outcomes.filter { $0.key != cheater }.values.map(\.abort))
  }

  private func blamed(_ round: UInt8, _ name: String) throws -> Set<ProtocolAbort?> {
    [.blamed([try party(2): .failedCheck(round: round, name: name)])]
  }

  private func expect(
    _ outcomes: Set<ProtocolAbort?>, _ expected: Set<ProtocolAbort?>, at location: SourceLocation = #_sourceLocation
  ) {
    #expect(outcomes == expected, sourceLocation: location)
  }

  @Test func `a dealer that changes nothing is not blamed`() throws {
    expect(try outcomes(of: DeviantDealer()), [nil])
  }

  @Test func `P3 confirming another run than the others saw names the one that does`() throws {
    expect(
      try outcomes(of: DeviantDealer(confirmation: { _ in Confirmation(digest: .zero) })),
      try blamed(5, "confirmation"))
  }

  @Test(arguments: [0, 40, 280])
  func `P1 a bad share to one victim names the dealer to all, and nobody finishes`(byte: Int) throws {
    let victim = try party(3)
    let dealer = DeviantDealer(sealed: { shares, context in
      var boxes = shares.boxes
      let place = context.parties.others(than: context.me).firstIndex(of: victim) ?? 0
      boxes[place][byte] ^= 1
      return SealedShares(boxes: boxes)
    })
    expect(try outcomes(of: dealer), try blamed(3, "share"))
  }

  @Test func `P1 shares sealed to the wrong members name the dealer`() throws {
    let dealer = DeviantDealer(sealed: { shares, _ in SealedShares(boxes: shares.boxes.reversed()) })
    expect(try outcomes(of: dealer), try blamed(3, "share"))
  }

  @Test func `P41 a complaint about good shares names the complainer`() throws {
    for accused in [[1], [1, 3, 4], [2]] as [[UInt16]] {
      let dealer = DeviantDealer(accused: try accused.map(party))
      expect(try outcomes(of: dealer), try blamed(4, "complaint"))
    }
  }

  @Test func `P41 a complaint with a key that is not the complainer's names the complainer`() throws {
    let accused = try PartySet([party(1)])
    let dealer = DeviantDealer(verdict: { _ in Verdict(complaint: .init(dealers: accused, sealSecret: .one)) })
    expect(try outcomes(of: dealer), try blamed(4, "complaint key"))
  }

  @Test(arguments: 0...6)
  func `P2 commitments of every other length name the dealer`(length: Int) throws {
    let elements = try Threshold.twoThirds(of: 4).t
    guard length != elements else { return }
    let dealer = DeviantDealer(opening: { opening in
      let size = Edwards25519.elementByteCount
      let honest = opening.offers[0]
      let commitment = Array(honest.prefix(elements * size)) + Array(honest.prefix(elements * size))
      return opening.with(
        offer: Array(commitment.prefix(length * size)) + Array(honest.suffix(ProofOfKnowledge<Edwards25519>.byteCount)),
        at: 0)
    })
    for abort in try outcomes(of: dealer) {
      guard case .blamed(let faults) = abort, let fault = faults[try party(2)] else {
        Issue.record("\(String(describing: abort))")
        continue
      }
      switch fault {
      case .malformedMessage(let round, _), .oversizedMessage(let round, _, _): #expect(round == 2)
      default: Issue.record("\(fault)")
      }
    }
  }

  @Test func `P2 a commitment with the identity in it names the dealer`() throws {
    let dealer = DeviantDealer(opening: { opening in
      let size = Ristretto255.elementByteCount
      let place = RootSlot.all.firstIndex { $0.purpose == .ristretto255Sign } ?? 0
      var offer = opening.offers[place]
      offer.replaceSubrange(size..<2 * size, with: Ristretto255.Element.identity.canonicalBytes)
      return opening.with(offer: offer, at: place)
    })
    expect(try outcomes(of: dealer), try blamed(2, "dealing"))
  }

  @Test func `P5 opening something else than was committed to names the dealer`() throws {
    // The last mover has seen all other commitments and would now like to choose.
    let dealer = DeviantDealer(lateOpening: { opening in
      opening.with(offer: opening.offers[1], at: 0)
    })
    expect(try outcomes(of: dealer), try blamed(2, "commitment"))
  }

  @Test(arguments: KeyPurpose.allCases)
  func `P5 a commitment to a secret the dealer does not know names the dealer`(purpose: KeyPurpose) throws {
    let place = try #require(RootSlot.all.firstIndex { $0.purpose == purpose })
    let dealer = DeviantDealer(opening: { opening in
      opening.with(offer: replacingConstantTerm(opening.offers[place], in: purpose.group), at: place)
    })
    expect(try outcomes(of: dealer), try blamed(2, "proof of knowledge"))
  }

  @Test func `P6 a proof made for one root is worthless for another`() throws {
    let dealer = DeviantDealer(opening: { $0.with(offer: $0.offers[0], at: 1) })
    expect(try outcomes(of: dealer), try blamed(2, "proof of knowledge"))
  }

  @Test func `P6 P7 copying another dealer's commitment and opening byte for byte names the copycat`() throws {
    let original = try party(1)
    let copycat = Rewriting { message, seen in
      guard message.envelope.round <= 2, message.envelope.channel == .broadcast,
        let copied = seen.first(where: {
          $0.sender == original && $0.envelope.round == message.envelope.round && $0.envelope.channel == .broadcast
        })
      else { return [message] }
      return [message.with(payload: copied.envelope.payload)]
    }
    // It must echo what it sent, else it is found out by its echo.
    let cheater = try party(2)
    let result = try #require(try KeyGenerationRun(4, seed: 3).run(corrupted: [cheater], adversary: copycat))
    #expect(result.violations(corrupted: [cheater]).isEmpty)
    let echoing = DeviantDealer(commitment: { _ in DealingCommitment(HashCommitment(digest: .zero)) })
    expect(try outcomes(of: echoing), try blamed(2, "commitment"))
  }
}

/// The same commitment to another public key: the old one plus the generator.
private func replacingConstantTerm<G: PrimeOrderGroup>(_ offer: [UInt8], in group: G.Type) -> [UInt8] {
  guard let element = try? G.Element(canonicalBytes: offer.prefix(G.elementByteCount)) else { return offer }
  return (element + G.generator).canonicalBytes + offer.dropFirst(G.elementByteCount)
}
