import Wire

/// What is asked of a network that is founded now, beside what every founding document has to keep.
extension FoundingTerms {
  func checkNew() throws(FormatError) {
    guard case .chain(let terms) = registry else { return }
    try terms.checkConstructors()
    // With other evidence beside it, software may be voted out, and the depth would stay.
    let isTrial = evidenceKinds == [FoundingDocument.developmentEvidenceKind]
    guard terms.finalityDepth > 0 || isTrial else { throw .invalid("finalityDepth") }
  }
}

extension ChainRegistryTerms {
  private static let day: UInt64 = 86_400

  /// The bounds that the contracts' constructors keep and ``check()`` does not.
  fileprivate func checkConstructors() throws(FormatError) {
    guard window <= 30 * Self.day else { throw .invalid("window") }
    guard notice <= 30 * Self.day else { throw .invalid("notice") }
    guard unstakeDelay <= 90 * Self.day else { throw .invalid("unstakeDelay") }
  }
}
