public import Identifiers
internal import Transcripts

/// The identity a data key is encrypted to: it names the exact bytes of the policy and the data key.
///
/// Nodes build it from a policy they evaluated themselves; no other function of the network signs one.
public enum PolicyIdentity {
  /// `quorate-policy://<SHA-256 of the policy bytes>/<SHA-256 of the data key>`, both in lower-case hex.
  public static func bytes(policy: [UInt8], dataKeyHash: Digest32) -> [UInt8] {
    Array("quorate-policy://\(Digest32.sha256(of: policy).text)/\(dataKeyHash.text)".utf8)
  }
}
