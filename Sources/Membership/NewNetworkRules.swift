import Wire

/// What is asked of a network that is founded now, beside what every founding document has to keep.
extension FoundingTerms {
  func checkNew() throws(FormatError) {
    guard case .chain(let terms) = registry else { return }
    try terms.checkConstructors()
    guard terms.isDeepEnough(for: evidenceKinds) else { throw .invalid("finalityDepth") }
  }
}

extension FoundingDocument {
  /// False for a registry on a chain whose newest block counts at once, unless all evidence is software. No such network is
  /// founded; documents that are older, or from elsewhere, may be of one.
  public var isDeepEnough: Bool {
    guard case .chain(let terms) = registry else { return true }
    return terms.isDeepEnough(for: evidenceKinds)
  }
}

extension ChainRegistryTerms {
  private static let day: UInt64 = 86_400

  fileprivate func isDeepEnough(for evidenceKinds: [String]) -> Bool {
    // With other evidence beside it, software may be voted out, and the depth would stay.
    finalityDepth > 0 || evidenceKinds == [FoundingDocument.developmentEvidenceKind]
  }

  /// The bounds that the contracts' constructors keep and ``check()`` does not.
  fileprivate func checkConstructors() throws(FormatError) {
    guard window <= 30 * Self.day else { throw .invalid("window") }
    guard notice <= 30 * Self.day else { throw .invalid("notice") }
    guard unstakeDelay <= 90 * Self.day else { throw .invalid("unstakeDelay") }
  }
}
