public import ActionNames
public import Identifiers
public import PublicKeys
import Transcripts

extension Identifier where Kind == KeyIDKind {
  /// The id of an action's own key: `SHA-256("quorate/action-key/v1" ‖ lp(network) ‖ lp(purpose) ‖ lp(action digest))`.
  ///
  /// No owner and salt give it, so no key record is ever about it: the action is the only one to sign with this key, and
  /// whoever runs the action has it sign what its code lets them.
  public static func derive(network: NetworkID, purpose: KeyPurpose, action: ActionID) -> KeyID {
    KeyID(TaggedHash.sha256(.actionKey, [network.bytes, Array(purpose.rawValue.utf8), action.digest]))
  }
}
