import Foundation

/// The source tree this program was built in, when it still lies there: the independent checks are part of it.
struct SourceTree: Sendable, Equatable {
  let root: String

  var python: String { root + "/.venv/bin/python" }
  var verifier: String { root + "/Tests/Independent/verify_outputs.py" }

  /// Looks upwards from the program and from the working folder.
  static func find(program: String?, workingFolder: String = FileManager.default.currentDirectoryPath) -> SourceTree? {
    for start in [program, workingFolder].compactMap(\.self) {
      var folder = URL(fileURLWithPath: start)
      for _ in 0..<8 {
        let tree = SourceTree(root: folder.path)
        if PrivateFile.exists(tree.root + "/Package.swift"), PrivateFile.exists(tree.verifier) { return tree }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }

  /// The path of a part of the tree that set-up makes.
  ///
  /// - Parameter variable: of the environment, which may name another path.
  static func part(_ variable: String, _ path: String) throws(CommandFailure) -> String {
    if let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty { return path }
    guard let tree = find(program: try? ThisProgram.path()), PrivateFile.exists(tree.root + "/" + path) else {
      throw CommandFailure(
        .missingTool, "\(path) is not there: it is part of the source tree",
        advice: "run scripts/setup-contracts in it, and this program from within it")
    }
    return tree.root + "/" + path
  }
}
