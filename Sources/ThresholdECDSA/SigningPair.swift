import Curves
import Secrets

/// One signer's two multiplications with one other signer, in a box that a dictionary can hold. It belongs to one
/// session and is used by one task.
final class SigningPair {
  private let receiver: MultiplicationReceiver
  /// `χ_ij`
  let factor: SecretScalar<Secp256k1>
  /// `c^u_ij`, `c^v_ij`
  private var sentNonce = SecretScalar<Secp256k1>(.zero)
  private var sentKey = SecretScalar<Secp256k1>(.zero)
  /// `d^u_ij`, `d^v_ij`
  private var receivedNonce = SecretScalar<Secp256k1>(.zero)
  private var receivedKey = SecretScalar<Secp256k1>(.zero)

  init(_ receiver: consuming MultiplicationReceiver, gadget: borrowing ScalarVector) {
    factor = receiver.factor(gadget)
    self.receiver = receiver
  }

  func sent(_ nonce: borrowing SecretScalar<Secp256k1>, _ key: borrowing SecretScalar<Secp256k1>) {
    sentNonce = nonce.clone()
    sentKey = key.clone()
  }

  /// - Returns: false when the multiplication's check fails.
  func receive(_ reply: MultiplicationReply, gadget: borrowing ScalarVector) -> Bool {
    guard let outputs = receiver.finish(reply.message, senderSalt: reply.salt, gadget: gadget) else { return false }
    receivedNonce = outputs.scalar(0)
    receivedKey = outputs.scalar(1)
    return true
  }

  /// `χ_ij·R_j − Γ^u_ji = d^u_ij·G` and `χ_ij·pk_j − Γ^v_ji = d^v_ij·G`: what the other put in is what it shows.
  func isConsistent(with reply: MultiplicationReply) -> Bool {
    let nonceHolds = factor.times(reply.noncePoint) - reply.nonceOutput == receivedNonce.timesGenerator()
    let keyHolds = factor.times(reply.keyPoint) - reply.keyOutput == receivedKey.timesGenerator()
    return nonceHolds && keyHolds
  }

  /// `c^u + d^u` and `c^v + d^v`
  func outputs() -> Outputs {
    Outputs(nonce: sentNonce.adding(receivedNonce), key: sentKey.adding(receivedKey))
  }

  struct Outputs: ~Copyable {
    let nonce: SecretScalar<Secp256k1>
    let key: SecretScalar<Secp256k1>
  }
}
