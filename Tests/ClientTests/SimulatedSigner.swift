import Aggregation
import Client
import Crypto
import Curves
import Identifiers
import Membership
import PublicKeys
import SecretSharing
import Testing
import Wire

/// FROST with nonces everybody can compute: the simulation needs no rounds.
extension SimulatedNode {
  func sign<S: CertifiedSchnorrSuite>(
    _ request: SignedRequest, _ key: KeyID, _ message: [UInt8], _ suite: S.Type, _ behaviour: Behaviour
  ) throws -> SignatureShareOutcome {
    let quorum = request.payload.quorum.nodes
    let certificate = try network.certificate.verified(
      network: network.founding.network, epoch: 1, anchor: .registered(digest: network.certificate.body.digest))
    let members = try quorum.map { try #require(certificate.member($0)) }
    let commitments = try members.map { member in
      let (d, e) = try nonces(request.id, member.node, in: S.Group.self)
      return try SigningCommitments<S>(
        party: member.party, hiding: S.Group.generator.multiplied(by: d), binding: S.Group.generator.multiplied(by: e))
    }
    let derived = try certificate.derivedKey(for: S.self, keyID: key)
    let transcript = try SigningTranscript<S>(
      publicKey: derived.publicKey, message: message,
      commitments: CommitmentList(commitments, quorum: PartySet(members.map(\.party))))

    let own = try #require(certificate.member(node)).party
    let (d, e) = try nonces(request.id, node, in: S.Group.self)
    let share = try KnownRoots.share(
      S.purpose, weights: KeyDerivation.weights(key, S.purpose, in: S.Group.self), of: own, network.threshold,
      in: S.Group.self)
    let noncePart = d + e * (try transcript.bindingFactor(of: own))
    let keyPart = try transcript.weight(of: own) * share
    var response = (transcript.negatesNonces ? -noncePart : noncePart) + (transcript.negatesShares ? -keyPart : keyPart)
    if case .wrongShare = behaviour { response = response + .one }

    let quoted = zip(members, commitments).map { member, commitment in
      var hiding = commitment.hiding
      if case .misquotes(let victim) = behaviour, victim == member.node { hiding = hiding + S.Group.generator }
      return SignatureShareOutcome.Commitment(
        party: member.party.value, hiding: hiding.canonicalBytes, binding: commitment.binding.canonicalBytes)
    }
    return SignatureShareOutcome(commitments: quoted, share: response.canonicalBytes)
  }

  private func nonces<G: PrimeOrderGroup>(
    _ request: RequestID, _ node: NodeID, in group: G.Type
  ) throws -> (G.Scalar, G.Scalar) {
    func scalar(_ label: UInt8) throws -> G.Scalar {
      try G.scalar(reducingWide: Array(SHA512.hash(data: request.bytes + node.bytes + [label])))
    }
    return (try scalar(0), try scalar(1))
  }
}

extension ReplyBody {
  func with(
    request: RequestID? = nil, epoch: UInt64? = nil, certificate: Digest32? = nil, operationDigest: Digest32? = nil
  ) -> ReplyBody {
    ReplyBody(
      request: request ?? self.request, node: node, instance: instance, epoch: epoch ?? self.epoch,
      certificate: certificate ?? self.certificate, operationDigest: operationDigest ?? self.operationDigest,
      outcome: outcome)
  }
}
