/// A failure as the user sees it: what happened, and what to do about it.
///
/// `code` is stable, for scripts; `exitCode` follows sysexits where one fits.
struct CommandFailure: Error, Sendable, Equatable {
  enum Code: String, Sendable, CaseIterable {
    case badInput = "bad_input"
    case notFound = "not_found"
    case alreadyExists = "already_exists"
    case fileProblem = "file_problem"
    case networkUnavailable = "network_unavailable"
    case networkNotTrusted = "network_not_trusted"
    case refused = "refused"
    case notValid = "not_valid"
    case processProblem = "process_problem"
    case missingTool = "missing_tool"
    case notAttested = "not_attested"
    case interrupted = "interrupted"
    case internalFault = "internal_fault"
  }

  var code: Code
  var message: String
  var advice: String?

  init(_ code: Code, _ message: String, advice: String? = nil) {
    self.code = code
    self.message = message
    self.advice = advice
  }

  var exitCode: Int32 {
    switch code {
    case .badInput: 64
    case .notFound, .alreadyExists, .notValid: 1
    case .networkUnavailable: 69
    case .internalFault: 70
    case .missingTool, .processProblem, .notAttested: 71
    case .fileProblem: 74
    case .networkNotTrusted, .refused: 77
    case .interrupted: 130
    }
  }
}
