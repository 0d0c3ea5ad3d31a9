import Identifiers
import SecretSharing

/// Where a hash, an expansion or a transcript belongs: one run, one direction of one pair. Part of every input.
struct OTLabel: Sendable, Hashable {
  let session: SessionID
  /// The host's word on whom the run is between, or the set-up the run uses.
  let binding: Digest32
  /// Who ends up with both messages of every OT.
  let sender: PartyID
  /// Who ends up with one of them.
  let receiver: PartyID

  var fields: [[UInt8]] {
    [
      session.bytes, binding.bytes, UInt64(sender.value).bigEndianBytes, UInt64(receiver.value).bigEndianBytes,
    ]
  }
}
