public import Identifiers
public import PublicKeys
public import Wire

/// Why an operation gave no result.
public enum ClientError: Error, Sendable, Hashable {
  /// Our copy of the registry cannot be read, or is too old to act on.
  case registryUnavailable
  /// The stakers stopped users' work for a while.
  case paused
  /// Too few members proved themselves; nothing was sent to any of them.
  case tooFewNodes(verified: Int, needed: Int, failures: [NodeID: ConnectionFailure])
  /// The network has no key certificate for this epoch yet.
  case noKeyCertificate
  /// What nodes present as the epoch's key certificate is not one.
  case keyCertificate(KeyCertificateError)
  /// The certificate is valid and not the one the registry names.
  case otherKeyCertificate
  case unknownKey(KeyID)
  /// More nodes than can be dishonest refuse the request, for this reason.
  case refused(ErrorCode)
  /// The wallet or session cannot make the request.
  case session(SessionFailure)
  /// Every attempt failed; what the nodes of the last one had to say.
  case failed(attempts: Int, last: [NodeID: NodeTrouble])
  /// The nodes of a quorum say different things became of an action; nodes that say the same stand together, the most
  /// first. Either the code does not do the same everywhere, or nodes lie.
  case nodesDiffer([[NodeID]])
  /// What was encrypted does not open, although the network gave its key: it is damaged or was made for something else.
  case notDecryptable
  /// Input larger than a request carries, or of the wrong form for the key.
  case unsuitableInput(String)
  /// The network says things that contradict its own key certificate, or this program has a bug.
  case inconsistent(String)
}

public enum SessionFailure: Error, Sendable, Hashable {
  /// The wallet could not sign, or the session key could not.
  case signing
  /// The capability does not fit into a request.
  case capability
  /// The wallet is a contract, or its signature is wrong; and where the registry is a file, no contract can be asked.
  case contractWithoutChain
}

/// What was wrong with one node in one attempt.
public enum NodeTrouble: Sendable, Hashable {
  case connection(ConnectionFailure)
  /// The node answered with an error of the closed list.
  case refused(ErrorCode)
  /// The node took part and reports a failed session.
  case sessionFailed(ErrorCode)
  /// The node's own answer shows that it is at fault; the text says what is wrong with it.
  case cheated(String)
  /// Nothing came in time.
  case silent
  /// The attempt was over before the node answered.
  case notNeeded
}
