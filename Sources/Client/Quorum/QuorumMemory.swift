import Identifiers
import PublicKeys
import SecretSharing
import Synchronization

/// What one client remembers about the nodes of each epoch's certificate.
final class QuorumMemory: Sendable {
  private struct Remembered {
    var certificate: Digest32
    var chooser: QuorumChooser
  }

  private let state = Mutex<Remembered?>(nil)

  /// Suspicions are kept per key certificate: another one has other members and another `n − t`.
  func withChooser<Value>(
    of certificate: KeyCertificate, _ body: (inout QuorumChooser) -> Value
  ) -> Value {
    state.withLock { state in
      var chooser: QuorumChooser
      if let state, state.certificate == certificate.digest {
        chooser = state.chooser
      } else {
        chooser = QuorumChooser(threshold: certificate.threshold.t, memberCount: certificate.threshold.n)
      }
      defer { state = Remembered(certificate: certificate.digest, chooser: chooser) }
      return body(&chooser)
    }
  }
}
