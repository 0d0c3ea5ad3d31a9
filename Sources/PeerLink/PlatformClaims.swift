import Attestation
import Identifiers
import Synchronization

/// Which node stands on which machine, so that one machine is never taken for two members.
///
/// Whoever comes first has the machine as long as one of its connections lasts. Machines that evidence does not tell
/// apart are not counted.
final class PlatformClaims: Sendable {
  private struct Claim {
    var node: NodeID
    var count: Int
  }

  private let claims = Mutex<[PlatformID: Claim]>([:])

  /// To be given back with ``release(_:)``, once for each time.
  ///
  /// - Throws: ``HandshakeRefusal/platformInUse(by:)`` while another node has the machine.
  func take(_ platform: PlatformID?, for node: NodeID) throws(HandshakeRefusal) {
    guard let platform else { return }
    let holder = claims.withLock { claims -> NodeID in
      var claim = claims[platform] ?? Claim(node: node, count: 0)
      if claim.node == node {
        claim.count += 1
        claims[platform] = claim
      }
      return claim.node
    }
    guard holder == node else { throw .platformInUse(by: holder) }
  }

  func release(_ platform: PlatformID?) {
    guard let platform else { return }
    claims.withLock { claims in
      guard var claim = claims[platform] else { return }
      claim.count -= 1
      claims[platform] = claim.count > 0 ? claim : nil
    }
  }
}
