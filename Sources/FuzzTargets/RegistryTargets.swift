import Identifiers
import Membership
import Wire

extension FuzzTarget {
  /// `network.json`, which whoever can write the file can make say anything.
  static let registryTargets: [FuzzTarget] = [
    .stable("registry", decode: { try RegistryDocument(decoding: $0) }, encode: { $0.encoded }) { document in
      let network = document.founding.network
      let snapshot = try? MembershipSnapshot(verifying: document, network: network)
      try require(snapshot.map { $0.number == UInt64(document.updates.count) } ?? true, "no update is passed over")
      for update in document.updates {
        try require(
          update.proposal.approvalText.utf8.count > update.proposal.body.count, "a signer sees the whole update")
        try whereAccepted {
          try judge(update.kind, update.proposal.body, in: [MembershipSnapshot(founding: document.founding)])
        }
      }
    },
    .stable("registry-ballot", decode: { try RegistryBallot(decoding: $0) }, encode: { $0.encoded }) { ballot in
      try require(
        ballot.proposal.approvalText.utf8.count > ballot.proposal.body.count, "a signer sees the whole change")
    },
    FuzzTarget("founding-document") { bytes in
      let document = try FoundingDocument(decoding: bytes)
      try require(document.bytes == bytes, "a founding document is the bytes it was read from")
      try require(try? FoundingDocument(decoding: bytes) == document, "the same bytes found the same network")
    },
    // The first byte chooses the kind of update, the rest is its body.
    FuzzTarget("registry-change") { bytes in
      let kinds = RegistryUpdateKind.allCases
      guard let first = bytes.first else { throw NoKind() }
      try judge(kinds[Int(first) % kinds.count], Array(bytes.dropFirst()), in: try SampleNetwork.snapshots())
    },
  ]

  /// Not every change is allowed everywhere; one that is allowed can be read from what its signers sign.
  private static func judge(_ kind: RegistryUpdateKind, _ body: [UInt8], in snapshots: [MembershipSnapshot]) throws {
    var isAllowed = false
    for snapshot in snapshots {
      let change = try RegistryChange(kind: kind, body: body, network: snapshot.network)
      try require(change.kind == kind, "a change is of the kind it was read as")
      guard let proposal = try? snapshot.proposing(change) else { continue }
      isAllowed = true
      let again = try? RegistryChange(kind: proposal.kind, body: proposal.body, network: snapshot.network)
      try require(again == change, "what was read is written as the same change")
    }
    guard isAllowed else { throw NotAllowed() }
  }
}

private struct NoKind: Error {}
private struct NotAllowed: Error {}
