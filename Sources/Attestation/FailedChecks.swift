/// Lets a list of checks be written one line each; those that hold leave nothing behind.
@resultBuilder
enum FailedChecks {
  static func buildExpression(_ check: FailedCheck?) -> [FailedCheck] { check.map { [$0] } ?? [] }
  static func buildExpression(_ checks: [FailedCheck]) -> [FailedCheck] { checks }
  static func buildBlock(_ parts: [FailedCheck]...) -> [FailedCheck] { parts.flatMap(\.self) }
  static func buildOptional(_ part: [FailedCheck]?) -> [FailedCheck] { part ?? [] }
  static func buildEither(first part: [FailedCheck]) -> [FailedCheck] { part }
  static func buildEither(second part: [FailedCheck]) -> [FailedCheck] { part }
  static func buildArray(_ parts: [[FailedCheck]]) -> [FailedCheck] { parts.flatMap(\.self) }
}

/// - Parameter detail: facts of the evidence, only made where the check failed.
func require(_ holds: Bool, _ check: AttestationCheck, _ detail: @autoclosure () -> String) -> FailedCheck? {
  holds ? nil : FailedCheck(check, detail())
}
