import Foundation
import Identifiers
import Signatures

/// The wallets of one home folder, each under a name.
struct Wallets: Sendable {
  static let standardName = "default"

  let home: HomeFolder

  struct Named {
    var name: String
    var key: EthereumSigningKey
  }

  func create(_ name: String) throws(CommandFailure) -> Named {
    let name = try ChosenName.check(name)
    try home.prepare()
    guard !PrivateFile.exists(path(name)) else {
      throw CommandFailure(
        .alreadyExists, "there is a wallet \(name) already", advice: "choose another name with --name")
    }
    return Named(name: name, key: try WalletFile.create(at: path(name)))
  }

  /// The wallet of that name, or the one named `default`.
  func open(_ name: String?) throws(CommandFailure) -> Named {
    let name = try ChosenName.check(name ?? Self.standardName)
    guard PrivateFile.exists(path(name)) else {
      let advice = name == Self.standardName ? "quorate wallet create" : "quorate wallet list shows those you have"
      throw CommandFailure(.notFound, "there is no wallet \(name) in \(home.path)", advice: advice)
    }
    return Named(name: name, key: try WalletFile.read(path(name)))
  }

  func all() throws(CommandFailure) -> [Named] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: home.wallets)) ?? []
    var wallets: [Named] = []
    for file in files.sorted() where file.hasSuffix(".json") && !file.hasPrefix(".") {
      let name = String(file.dropLast(".json".count))
      wallets.append(Named(name: name, key: try WalletFile.read(path(name))))
    }
    return wallets
  }

  private func path(_ name: String) -> String { "\(home.wallets)/\(name).json" }
}
