public import Aggregation

/// Why a signer refuses to sign; its nonces are gone either way.
public enum SigningRefusal: Error, Sendable, Hashable {
  /// The share's holder is not in the quorum it was asked to sign with.
  case notInQuorum
  /// A share of zero says nothing and would leave nonces unprotected by the share.
  case zeroShare
  /// The list is about another quorum than the order.
  case otherQuorum
  /// The list shows commitments in this signer's name that it did not make.
  case ownCommitmentsAltered
  case input(SigningInputError)
}
