import Foundation
import Identifiers
import Signatures
import Wire

/// Where the files of a development network are.
///
/// ```
/// network.json             the registry every node and user of this machine reads, or the founding document
/// endpoints.json           where a registry on a chain is read
/// chain.log, chain.process what a chain of the network's own had to say, and which process it is
/// development-root.pem     what makes this network's software evidence; whoever has it can pretend any code runs
/// stakers/<n>.wallet       one wallet for each node
/// nodes/<n>/node.json      the node's configuration
/// nodes/<n>/attester.pem   its software attester's credentials
/// nodes/<n>/data/          its vault
/// nodes/<n>/node.log       what it had to say
/// nodes/<n>/process        which process it is, while it runs
/// ```
struct DevnetLayout: Sendable, Equatable {
  /// Absolute.
  let folder: String

  init(folder: String) {
    self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
  }

  var registry: String { folder + "/network.json" }
  var developmentRoot: String { folder + "/development-root.pem" }
  var endpoints: String { folder + "/endpoints.json" }
  var chainLog: String { folder + "/chain.log" }
  var chainProcess: String { folder + "/chain.process" }
  var stakers: String { folder + "/stakers" }
  var nodes: String { folder + "/nodes" }

  func stakerWallet(_ number: Int) -> String { "\(stakers)/\(number).wallet" }
  func node(_ number: Int) -> NodeFolder { NodeFolder(number: number, path: "\(nodes)/\(number)") }

  /// The wallets of the first so many stakers.
  func readStakers(_ count: Int) throws(CommandFailure) -> [EthereumSigningKey] {
    try (1...count).map { (number) throws(CommandFailure) in try WalletFile.read(stakerWallet(number)) }
  }

  /// The nodes that were set up, in order.
  func existingNodes() throws(CommandFailure) -> [NodeFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: nodes)) ?? []
    let folders = names.compactMap(Int.init).sorted().map(node)
    guard !folders.isEmpty, PrivateFile.exists(registry) else {
      throw CommandFailure(
        .notFound, "\(folder) holds no development network", advice: "quorate devnet init \(folder)")
    }
    return folders
  }
}

struct NodeFolder: Sendable, Equatable {
  let number: Int
  let path: String

  var configuration: String { path + "/node.json" }
  var credentials: String { path + "/attester.pem" }
  var data: String { path + "/data" }
  var log: String { path + "/node.log" }
  var process: String { path + "/process" }
}
