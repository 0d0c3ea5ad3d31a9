import Curves
public import Identifiers
public import SecretSharing
import Secrets
import Synchronization

/// What two parties keep to sign together: an OT half for each direction and the seed of their zero sharing.
///
/// It is in memory only, belongs to one epoch and one pair of instances, and is shared by all signing sessions of the
/// pair. It has no encoding: a set-up that came back from a disk could revive a burned one. Each failed consistency
/// check tells a cheating receiver a bit of Δ, so the first one burns both directions before anything is answered.
public final class PairSetup: Sendable {
  public enum Condition: Sendable, Hashable {
    case ready
    /// The other party failed the OT extension's or the multiplication's check.
    case burned
    /// The host gave it up.
    case retired
  }

  /// A hash of the set-up's transcript, the same at both ends.
  public let id: Digest32
  public let me: PartyID
  public let peer: PartyID
  let gadget: ScalarVector
  private let state: Mutex<State>

  private enum State {
    case ready(PairSecrets)
    case ended(Condition)
  }

  init(id: Digest32, me: PartyID, peer: PartyID, secrets: PairSecrets) {
    self.id = id
    self.me = me
    self.peer = peer
    gadget = GadgetVector.derive(from: id)
    state = Mutex(.ready(secrets))
  }

  public var condition: Condition {
    state.withLock { state in
      switch state {
      case .ready: .ready
      case .ended(let condition): condition
      }
    }
  }

  /// Wipes both directions; every later use refuses. Returns after a use that was going on.
  public func burn() { end(.burned) }

  /// The same for reasons of the host: the link is gone, an instance or the epoch is another.
  public func retire() { end(.retired) }

  private func end(_ condition: Condition) {
    state.withLock { state in
      if case .ready = state { state = .ended(condition) }
    }
  }

  /// Refuses unless ``condition`` is ready.
  func confirmReady() throws(PairSetupRefusal) {
    switch condition {
    case .ready: break
    case .burned: throw .burned
    case .retired: throw .retired
    }
  }

  // MARK: Uses, one at a time: whoever burns the set-up knows that no other use is going on

  /// As receiver of extended OTs.
  func extend(
    choices: borrowing SecretWords, _ shape: ExtensionShape, _ label: OTLabel, salt: [UInt8]
  ) throws(PairSetupRefusal) -> ReceiverExtension {
    try state.withLock { state throws(PairSetupRefusal) in
      try Self.secrets(state).receiver.extend(choices: choices, shape, label, salt: salt)
    }
  }

  /// As sender of extended OTs. A failed check burns the set-up within this call.
  func extend(
    _ message: OTExtensionMessage, _ shape: ExtensionShape, _ label: OTLabel
  ) throws(PairSetupRefusal) -> OTSenderHalf.Extension {
    try state.withLock { state throws(PairSetupRefusal) in
      guard let extended = try Self.secrets(state).sender.extend(message, shape, label) else {
        state = .ended(.burned)
        throw .failedCheck
      }
      return extended
    }
  }

  /// This party's part of the pair's share of zero for one session.
  func zeroShare(_ session: SessionID) throws(PairSetupRefusal) -> SecretScalar<Secp256k1> {
    let share = try state.withLock { state throws(PairSetupRefusal) in
      try Self.secrets(state).zeroSeed.share(session)
    }
    return me < peer ? share : share.negated()
  }

  private static func secrets(_ state: State) throws(PairSetupRefusal) -> PairSecrets {
    switch state {
    case .ready(let secrets): return secrets
    case .ended(.burned), .ended(.ready): throw .burned
    case .ended(.retired): throw .retired
    }
  }
}

extension PairSetup: CustomStringConvertible, CustomReflectable {
  public var description: String { "PairSetup(\(me), \(peer), \(condition))" }
  public var customMirror: Mirror { Mirror(self, children: ["me": me, "peer": peer]) }
}

/// The secrets themselves, wiped when the set-up lets go of them.
final class PairSecrets: Sendable {
  let sender: OTSenderHalf
  let receiver: OTReceiverHalf
  let zeroSeed: ZeroSeed

  init(sender: consuming OTSenderHalf, receiver: consuming OTReceiverHalf, zeroSeed: consuming ZeroSeed) {
    self.sender = sender
    self.receiver = receiver
    self.zeroSeed = zeroSeed
  }
}

/// Why a set-up cannot be used.
enum PairSetupRefusal: Error {
  /// The other party's message failed the check just now.
  case failedCheck
  case burned
  case retired
}
