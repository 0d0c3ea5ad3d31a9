public import Aggregation
import Curves
public import Rounds
public import SecretSharing
public import Secrets
public import Signatures

/// FROST (RFC 9591) among the signers of one request: one round between them, then a share for the user.
public enum SigningProtocol {
  /// What the mailbox of a signing session accepts.
  public static func plan<S: SchnorrCiphersuite>(for suite: S.Type, in context: SessionContext) -> RoundPlan {
    RoundPlan(context).publishing(CommitmentMessage<S>.self)
  }

  /// Takes part as one signer.
  ///
  /// The session's parties are the order's quorum; the share is this party's, and it is wiped when this returns.
  /// Signers do not confirm to each other that they hold the same list: the user compares the lists, and shares under
  /// different lists give no signature.
  ///
  /// - Parameter random: hedged, see ``SigningNonces``.
  public static func sign<S: SchnorrCiphersuite>(
    _ order: SigningOrder<S>, share: consuming SecretShare<S.Group>, in session: ProtocolSession,
    random: consuming some RandomSource
  ) async throws(ProtocolAbort) -> SigningContribution<S> {
    guard session.context.parties == order.quorum, share.party == session.context.me else {
      throw .internalFault("the session is not the order's")
    }
    let nonces = try commit(to: order, share: share, random: &random)
    let message = CommitmentMessage<S>(nonces.commitments)
    let list = try await session.run { () throws(ProtocolAbort) -> CommitmentList<S> in
      try Self.list(of: await session.publish(message), quorum: order.quorum)
    }
    do throws(SigningRefusal) {
      return try nonces.sign(list)
    } catch .input(.identityGroupCommitment) {
      // Somebody chose its commitments knowing all others'; nobody can tell who.
      throw .disagreement([order.quorum])
    } catch {
      throw .internalFault("a signer refused the list it made")
    }
  }

  private static func commit<S: SchnorrCiphersuite>(
    to order: SigningOrder<S>, share: consuming SecretShare<S.Group>, random: inout some RandomSource
  ) throws(ProtocolAbort) -> SigningNonces<S> {
    do {
      return try SigningNonces(for: order, share: share, random: &random)
    } catch {
      throw .internalFault("the share is not the order's")
    }
  }

  private static func list<S: SchnorrCiphersuite>(
    of messages: [PartyID: CommitmentMessage<S>], quorum: PartySet
  ) throws(ProtocolAbort) -> CommitmentList<S> {
    do throws(SigningInputError) {
      var commitments: [SigningCommitments<S>] = []
      for (party, message) in messages.sorted(by: { $0.key < $1.key }) {
        commitments.append(try message.commitments(of: party))
      }
      return try CommitmentList(commitments, quorum: quorum)
    } catch {
      throw .internalFault("the mailbox gave other parties than the session's")
    }
  }
}
