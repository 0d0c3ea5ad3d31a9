import PublicKeys
import SecretSharing

extension CertificateCeremony {
  /// Takes one event and gives what the host has to do, in order.
  public mutating func handle(_ event: Event) -> [Action] {
    if phase == .halted { return [] }
    switch event {
    case .pendingKept, .signatureRecorded, .certificateKept, .pendingDropped, .storageFailed:
      return handleOwn(event)
    case .connected(let party), .acknowledged(let party, _), .declaredNone(let party, _), .signed(let party, _):
      guard party != me, body.members.contains(where: { $0.party == party }) else { return [.report(.stranger(party))] }
      return handle(event, of: party)
    }
  }

  private var others: [PartyID] { body.members.map(\.party).filter { $0 != me } }

  /// What the host reports about the step it was asked for. In any other phase it is a bug.
  private mutating func handleOwn(_ event: Event) -> [Action] {
    switch (phase, event) {
    case (.keeping, .pendingKept) where isRefused:
      phase = .abandoning
      return [.dropPending]
    case (.keeping, .pendingKept):
      phase = .acknowledging
      return [.sendAcknowledgement(others, body.digest)] + recordIfAllAcknowledged()
    case (.recording, .signatureRecorded(let signature)):
      guard signatures.add(signature, of: me) else { return halt(.impossibleEvent) }
      phase = .signing
      return [.sendSignature(others, signature)] + keepIfComplete()
    case (.activating, .certificateKept):
      phase = .active
      return [.activate]
    case (.abandoning, .pendingDropped):
      phase = .abandoned
      return [.declareNone(others, body.digest)]
    case (.keeping, .storageFailed), (.recording, .storageFailed), (.activating, .storageFailed),
      (.abandoning, .storageFailed):
      return halt(.storageFailed)
    default:
      return halt(.impossibleEvent)
    }
  }

  private mutating func handle(_ event: Event, of party: PartyID) -> [Action] {
    switch event {
    case .connected: return answer(party)
    case .acknowledged(_, let digest): return handleAcknowledgement(of: party, isMine: digest == body.digest)
    case .declaredNone(_, let digest): return digest == body.digest ? handleNone(of: party) : []
    case .signed(_, let signature): return handleSignature(signature, of: party)
    case .pendingKept, .signatureRecorded, .certificateKept, .pendingDropped, .storageFailed: return []
    }
  }

  /// Says again to one member what was said to all in this phase.
  private func answer(_ party: PartyID) -> [Action] {
    switch phase {
    case .acknowledging, .recording:
      return [.sendAcknowledgement([party], body.digest)]
    case .signing, .activating, .active:
      guard let signature = signatures.signatures[me] else { return [] }
      return [.sendSignature([party], signature)]
    case .abandoned:
      return [.declareNone([party], body.digest)]
    case .keeping, .abandoning, .halted:
      return []
    }
  }

  private mutating func handleAcknowledgement(of party: PartyID, isMine: Bool) -> [Action] {
    guard isMine else { return [.report(.otherRun(party))] }
    switch phase {
    case .keeping:
      acknowledged.insert(party)
      return []
    case .acknowledging:
      acknowledged.insert(party)
      return recordIfAllAcknowledged()
    case .active, .abandoned:
      // It is behind: it may have restarted before what it waits for came.
      return answer(party)
    case .recording, .signing, .activating, .abandoning, .halted:
      return []
    }
  }

  private mutating func handleNone(of party: PartyID) -> [Action] {
    let lost: [Action] = acknowledged.contains(party) ? [.report(.lostShares(party))] : []
    switch phase {
    case .keeping:
      // The write goes on, so its end must still be an event of this phase.
      isRefused = true
      return lost
    case .acknowledging:
      // Nothing of this member's is signed, so no certificate can come of this run.
      phase = .abandoning
      return lost + [.dropPending]
    case .recording, .signing:
      // A signature may be out. It is the only one this member ever gives for this epoch.
      return lost + [.report(.cannotFinish(party))]
    case .activating, .active:
      return [.report(.lostShares(party))]
    case .abandoning, .abandoned, .halted:
      return []
    }
  }

  private mutating func handleSignature(_ signature: [UInt8], of party: PartyID) -> [Action] {
    switch phase {
    case .activating, .active, .abandoning, .halted:
      return []
    case .abandoned:
      return answer(party)
    case .keeping, .acknowledging, .recording, .signing:
      guard signatures.add(signature, of: party) else { return [.report(.invalidSignature(party))] }
      // Who signed has the shares.
      acknowledged.insert(party)
      switch phase {
      case .acknowledging: return recordIfAllAcknowledged()
      case .signing: return keepIfComplete()
      default: return []
      }
    }
  }

  private mutating func recordIfAllAcknowledged() -> [Action] {
    guard acknowledged.isSuperset(of: others) else { return [] }
    phase = .recording
    return [.recordSignature]
  }

  private mutating func keepIfComplete() -> [Action] {
    guard signatures.areComplete else { return [] }
    phase = .activating
    return [.keepCertificate]
  }

  private mutating func halt(_ finding: Finding) -> [Action] {
    phase = .halted
    return [.report(finding)]
  }
}
