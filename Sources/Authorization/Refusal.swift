public import Identifiers
public import SigningContent
public import Wire

/// Why a request is refused, and at which step of the check.
public struct Refusal: Error, Sendable, Hashable {
  public let reason: Reason
  /// Nil until the session key is known to have signed the request.
  public let request: RequestID?

  init(_ reason: Reason, request: RequestID? = nil) {
    self.reason = reason
    self.request = request
  }

  /// The numbered steps every node takes, in this order.
  public enum Step: Int, CaseIterable, Sendable, Hashable, Comparable {
    /// Size and shape.
    case shape = 1
    /// For this network, epoch, quorum, node and instance, and signed by the session key.
    case addressee
    /// The wallet's capability.
    case capability
    /// Now, inside the request's window, inside the capability's.
    case time
    /// The operation's own permission.
    case permission

    public static func < (left: Step, right: Step) -> Bool { left.rawValue < right.rawValue }
  }

  public enum Reason: Sendable, Hashable {
    case malformed(FormatError)
    case network
    case epoch
    case quorumSize
    /// A node of the quorum is not in the epoch's key certificate, or not eligible in the registry.
    case quorumMember
    /// This node is not in the quorum, or as an instance that it is not now.
    case notThisInstance
    case delivery
    case signature
    /// The request wants a later view of the registry than this node has.
    case viewBehind
    case capability(CapabilityRefusal)
    case clockWentBack
    case notYetValid
    case expired
    case outsideCapability
    /// Not one document of the kind it is called; found out before anybody looks at a key.
    case content(ContentError)
    /// Unknown key, key of somebody else, kind not listed, constraint not met, policy not met, nothing granted: one reason for all.
    case notPermitted
  }

  public var step: Step {
    switch reason {
    case .malformed: .shape
    case .network, .epoch, .quorumSize, .quorumMember, .notThisInstance, .delivery, .signature, .viewBehind:
      .addressee
    case .capability: .capability
    case .clockWentBack, .notYetValid, .expired, .outsideCapability: .time
    case .content, .notPermitted: .permission
    }
  }

  /// What the user is told.
  public var code: ErrorCode {
    switch reason {
    case .malformed(.json(.tooLarge)): .tooLarge
    case .malformed, .content: .invalidRequest
    case .network: .wrongNetwork
    case .epoch: .wrongEpoch
    case .quorumSize, .quorumMember, .notThisInstance: .wrongQuorum
    case .delivery, .signature: .invalidSignature
    case .viewBehind, .capability(.blockAhead), .capability(.contractNotAsked), .clockWentBack: .notReady
    case .capability: .invalidCapability
    case .notYetValid, .expired, .outsideCapability: .outsideTimeWindow
    case .notPermitted: .notPermitted
    }
  }
}
