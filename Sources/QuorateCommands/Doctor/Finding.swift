import Identifiers
import Wire

/// What the doctor says about one thing.
struct Finding: Sendable, Equatable {
  enum Status: String, Sendable {
    case good
    /// Everything works; something optional is left out.
    case optional
    case missing
  }

  var subject: String
  var status: Status
  var detail: String
  /// The command that puts it right.
  var remedy: String?

  init(_ subject: String, _ status: Status, _ detail: String, remedy: String? = nil) {
    self.subject = subject
    self.status = status
    self.detail = detail
    self.remedy = remedy
  }

  var json: JSONValue {
    var fields = [
      JSONMember("subject", .string(subject)), JSONMember("status", .string(status.rawValue)),
      JSONMember("detail", .string(detail)),
    ]
    if let remedy { fields.append(JSONMember("remedy", .string(remedy))) }
    return .object(fields)
  }
}

/// How packages are installed on this system.
enum PackageInstaller: Sendable {
  case apt
  case brew
  case unknown

  static func detected() -> PackageInstaller {
    if ExternalTool.find("apt-get") != nil { return .apt }
    return ExternalTool.find("brew") != nil ? .brew : .unknown
  }

  func command(apt: String, brew: String) -> String {
    switch self {
    case .apt: "sudo apt-get install -y \(apt)"
    case .brew: "brew install \(brew)"
    case .unknown: "scripts/setup"
    }
  }
}
