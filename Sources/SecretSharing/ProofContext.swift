public import Identifiers

/// Where a dealer's proof belongs: it is worthless in every other place.
public struct ProofContext: Sendable, Hashable {
  public let session: SessionID
  public let dealer: PartyID
  /// The name of the purpose the root key is for.
  public let purpose: String
  /// Which root of that purpose, from 0.
  public let root: Int

  public init(session: SessionID, dealer: PartyID, purpose: String, root: Int) {
    self.session = session
    self.dealer = dealer
    self.purpose = purpose
    self.root = root
  }
}
