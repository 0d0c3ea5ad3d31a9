import FuzzTargets

/// The target named on the command line.
enum Chosen {
  private static let target: FuzzTarget = {
    let name = CommandLine.arguments.dropFirst().first ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else { fatalError("no target \(name)") }
    return target
  }()

  /// Before anything moves the arguments.
  static func choose() { _ = target }

  /// A promise that does not hold ends the process, which is what the fuzzer notices and keeps the input of.
  static func judge(_ bytes: [UInt8]) {
    do { _ = try target.judge(bytes) } catch { fatalError("not so: \(error.promise)") }
  }
}
