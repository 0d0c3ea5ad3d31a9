import Foundation

/// Where a user's wallets, sessions and settings are: `--home`, else `QUORATE_HOME`, else `~/.quorate`.
struct HomeFolder: Sendable, Equatable {
  let path: String

  init(
    option: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
    userFolder: String = FileManager.default.homeDirectoryForCurrentUser.path
  ) {
    if let option {
      path = option
    } else if let variable = environment["QUORATE_HOME"], !variable.isEmpty {
      path = variable
    } else {
      path = userFolder + "/.quorate"
    }
  }

  var wallets: String { path + "/wallets" }
  var sessions: String { path + "/sessions" }
  var keys: String { path + "/keys" }
  var certificates: String { path + "/certificates" }
  var settings: String { path + "/settings.json" }

  /// Makes the folder on first use and refuses one that other users can enter: it holds keys.
  func prepare() throws(CommandFailure) {
    for folder in [path, wallets, sessions, keys, certificates] { try PrivateFile.createFolder(folder) }
    guard let others = PrivateFile.permissionsOfOthers(path), others == 0 else {
      throw CommandFailure(
        .fileProblem, "\(path) can be entered by other users, and it holds keys", advice: "chmod 700 \(path)")
    }
  }
}

/// A name a user gives to something of theirs; it becomes a file name.
enum ChosenName {
  static func check(_ name: String) throws(CommandFailure) -> String {
    let allowed = name.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard allowed, (1...64).contains(name.utf8.count) else {
      throw CommandFailure(.badInput, "\(name) is not a usable name", advice: "use 1 to 64 letters, digits, - and _")
    }
    return name
  }
}
