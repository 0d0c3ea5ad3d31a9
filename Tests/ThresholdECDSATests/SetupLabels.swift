import Identifiers
import SecretSharing

@testable import ThresholdECDSA

extension OTLabel {
  /// Of a set-up of parties 1 and 2: the OTs that party 2 sends, and those of the other direction.
  static func bothDirections() throws -> (OTLabel, OTLabel) {
    let (one, two) = (try PartyID(1), try PartyID(2))
    return (
      OTLabel(session: .zero, binding: .zero, sender: two, receiver: one),
      OTLabel(session: .zero, binding: .zero, sender: one, receiver: two)
    )
  }
}
