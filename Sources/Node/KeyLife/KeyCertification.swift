internal import Identifiers
internal import KeyGeneration
internal import Logging
internal import Membership
internal import PeerLink
internal import PublicKeys
internal import SecretSharing
internal import Secrets
internal import Signatures
internal import Vault
internal import Wire

/// What a member said about certificate bodies before this node knew of any.
struct EarlyWord: Sendable {
  var acknowledged: Digest32?
  var signed: (digest: Digest32, signature: [UInt8])?
}

/// Carries out what the certificate ceremony decides: vault first, then the word to others.
extension KeyLife {
  /// Takes up what the vault holds of the epoch. False when it holds nothing.
  func restore(_ members: EpochMembers, _ snapshot: MembershipSnapshot, _ number: Int) async throws -> Bool {
    let epoch = members.epoch
    let signed = try await setup.vault.signedCertificate(epoch: epoch)
    if let stored = try await setup.vault.activeShares(epoch: epoch) {
      let anchor: UnverifiedKeyCertificate.Anchor =
        if let digest = snapshot.certificateDigest {
          .registered(digest: digest)
        } else {
          .members(members.identityKeys)
        }
      let keys = try KeyShares(encoded: stored, network: snapshot.network, epoch: epoch, anchor: anchor)
      guard work?.number == number else { return true }
      work?.members = EpochMembers(keys.certificate.body)
      if let signed, signed.digest == keys.certificate.digest {
        work?.ceremony = CertificateCeremony(
          restoring: .active(signed.signature), keys.certificate.body, me: keys.party)
      }
      use(keys)
      return true
    }
    guard let digest = await setup.vault.pendingDigest(epoch: epoch),
      let stored = try await setup.vault.pendingShares(epoch: epoch, digest: digest)
    else { return false }
    let pending = try PendingKeyShares(encoded: stored)
    guard work?.number == number else { return true }
    // Party numbers are those the shares were made with; the member list may have changed since.
    work?.members = EpochMembers(pending.body)
    let record: CertificateCeremony.Record =
      if let signed, signed.digest == digest { .signed(signed.signature) } else { .pending }
    work?.ceremony = CertificateCeremony(restoring: record, pending.body, me: pending.party)
    for peer in links.values { await connected(peer) }
    return true
  }

  func certify(_ pending: consuming PendingKeyShares) async {
    unkept = pending.encoded()
    let (ceremony, actions) = CertificateCeremony.begin(pending.body, me: pending.party)
    let words = work?.words ?? [:]
    work?.ceremony = ceremony
    work?.run = nil
    work?.words = [:]
    await perform(actions)
    for (party, word) in words {
      if let digest = word.acknowledged { await feed(.acknowledged(party, digest)) }
      if let (digest, signature) = word.signed, digest == ceremony.body.digest {
        await feed(.signed(party, signature))
      }
    }
  }

  func feed(_ event: CertificateCeremony.Event) async {
    guard let actions = work?.ceremony?.handle(event) else { return }
    await perform(actions)
  }

  /// For what a member says about a certificate body: that one is this node's, or this node has no part in it.
  func feedOrDeny(_ event: CertificateCeremony.Event, _ digest: Digest32, to peer: AttestedPeer) async {
    if work?.ceremony != nil {
      if case .signed = event, work?.ceremony?.body.digest != digest { return }
      await feed(event)
    } else if work?.run != nil {
      switch event {
      case .acknowledged(let party, let digest): work?.words[party, default: EarlyWord()].acknowledged = digest
      case .signed(let party, let signature): work?.words[party, default: EarlyWord()].signed = (digest, signature)
      default: return
      }
    } else if work?.exchange != nil {
      await deny(digest, to: peer.node)
    }
  }

  /// After a run that gave this node nothing: whoever has shares of it need not wait.
  func denyEarlyWords() async {
    guard let work else { return }
    self.work?.words = [:]
    for (party, word) in work.words {
      guard let digest = word.acknowledged ?? word.signed?.digest, let node = work.members.nodes[party] else {
        continue
      }
      await deny(digest, to: node)
    }
  }

  private func deny(_ digest: Digest32, to node: NodeID) async {
    guard let epoch = work?.members.epoch else { return }
    await setup.send(.certificateAbsence(CertificateAbsenceFrame(epoch: epoch, digest: digest)), node)
  }

  /// Takes the signatures out of a certificate another member already has complete.
  func take(_ frame: CertificateFrame, from sender: PartyID) async {
    guard let work, let ceremony = work.ceremony, ceremony.phase == .signing, frame.epoch == ceremony.body.epoch,
      let certificate = try? UnverifiedKeyCertificate(encoded: frame.encoded),
      certificate.body.digest == ceremony.body.digest
    else { return }
    let entries = certificate.signatures.compactMap { entry in
      work.members.parties[entry.node].map { (party: $0, signature: entry.signature) }
    }
    // What does not hold is the doing of whoever sent it, not of whom it names.
    var trial = CertificateSignatures(ceremony.body)
    guard entries.allSatisfy({ trial.add($0.signature, of: $0.party) }) else {
      return report(.invalidSignature(sender), in: work.members)
    }
    for entry in entries where entry.party != ceremony.me { await feed(.signed(entry.party, entry.signature)) }
  }

  private func perform(_ actions: [CertificateCeremony.Action]) async {
    for action in actions {
      guard let work, let body = work.ceremony?.body else { return }
      switch action {
      case .sendAcknowledgement(let parties, let digest):
        await send(.certificateAcknowledgement(.init(epoch: body.epoch, digest: digest)), to: parties)
      case .sendSignature(let parties, let signature):
        let frame = CertificateSignatureFrame(epoch: body.epoch, digest: body.digest, signature: signature)
        await send(.certificateSignature(frame), to: parties)
      case .declareNone(let parties, let digest):
        await send(.certificateAbsence(.init(epoch: body.epoch, digest: digest)), to: parties)
        // The run is over at every member; the next one may begin.
        if work.ceremony?.phase == .abandoned { await abandoned(work.number) }
      case .report(let finding):
        report(finding, in: work.members)
      case .activate:
        setup.metrics.keyGeneration("certified")
        if let keys = made { use(keys) }
        made = nil
      case .keepPending, .recordSignature, .keepCertificate, .dropPending:
        await store(action, body, work.number)
      }
    }
  }

  private func store(_ action: CertificateCeremony.Action, _ body: KeyCertificateBody, _ number: Int) async {
    let event: CertificateCeremony.Event
    do {
      event = try await stored(action, body)
      setup.standing.vaultWrote(.keys, true)
    } catch {
      setup.logger.error("the vault did not keep keys", metadata: ["problem": "\(Self.text(error))"])
      setup.standing.vaultWrote(.keys, false)
      event = .storageFailed
    }
    guard work?.number == number else { return }
    await feed(event)
  }

  private func stored(
    _ action: CertificateCeremony.Action, _ body: KeyCertificateBody
  ) async throws -> CertificateCeremony.Event {
    let vault = setup.vault
    switch action {
    case .keepPending:
      guard let shares = unkept.take() else { throw KeyShareError.malformed }
      try await vault.keepPendingShares(shares, epoch: body.epoch, digest: body.digest)
      return .pendingKept
    case .recordSignature:
      let signature = CertificateSignatures.make(for: body, sign: setup.identity.sign)
      try await vault.recordCertificateSignature(
        epoch: body.epoch, SignedCertificateRecord(digest: body.digest, signature: signature))
      return .signatureRecorded(signature)
    case .keepCertificate:
      let keys = try await activated(body)
      try await vault.keepActiveShares(keys.encoded(), epoch: body.epoch)
      made = keys
      return .certificateKept
    case .dropPending:
      try await vault.dropPendingShares(epoch: body.epoch, digest: body.digest)
      return .pendingDropped
    default:
      return .storageFailed
    }
  }

  private func activated(_ body: KeyCertificateBody) async throws -> KeyShares {
    guard let signatures = work?.ceremony?.signatures,
      let stored = try await setup.vault.pendingShares(epoch: body.epoch, digest: body.digest)
    else { throw KeyShareError.malformed }
    return try PendingKeyShares(encoded: stored).activated(by: signatures.certificate())
  }

  private func use(_ keys: KeyShares) {
    setup.standing.use(keys)
    setup.logger.info(
      "keys are active", metadata: ["epoch": "\(keys.certificate.epoch)", "certificate": "\(keys.certificate.digest)"])
  }

  private func abandoned(_ number: Int) async {
    work?.ceremony = nil
    setup.metrics.keyGeneration("abandoned")
    // The ceremony was about the members its shares were made with. Those who make the next ones may be others.
    if let snapshot = setup.membership.current { await follow(snapshot) }
    guard work?.number == number else { return }
    if work?.exchange == nil, let members = work?.members {
      work?.exchange = NonceExchange(others: members.others(than: setup.node), nonce: Self.freshNonce())
    }
    retry(number)
  }

  private func send(_ frame: PeerFrame, to parties: [PartyID]) async {
    for party in parties {
      guard let node = work?.members.nodes[party] else { continue }
      await setup.send(frame, node)
    }
  }

  private func report(_ finding: CertificateCeremony.Finding, in members: EpochMembers) {
    guard work?.findings.insert(finding).inserted == true else { return }
    let text: String
    switch finding {
    case .otherRun(let party): text = "\(name(party, members)) keeps shares of another run"
    case .invalidSignature(let party): text = "\(name(party, members)) sent a signature that does not hold"
    case .lostShares(let party): text = "\(name(party, members)) lost its shares"
    case .cannotFinish(let party):
      text = "\(name(party, members)) cannot sign what this node signed: begin the next epoch"
      work?.problem = text
    case .stranger(let party): text = "\(name(party, members)) is no other member"
    case .storageFailed:
      text = "the vault failed: see to it and restart"
      work?.problem = text
    case .impossibleEvent:
      text = "internal fault in the certificate ceremony: restart"
      work?.problem = text
    }
    setup.logger.warning("certificate ceremony", metadata: ["finding": "\(text)"])
  }

  private func name(_ party: PartyID, _ members: EpochMembers) -> String {
    members.nodes[party]?.text ?? "party \(party)"
  }
}
