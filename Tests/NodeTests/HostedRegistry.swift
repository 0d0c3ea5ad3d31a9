import Foundation
import Identifiers
import Membership
import Node
import NodeTestKit
import Testing

/// The registry file of one node whose host does with it what it likes: at first a link to the common one.
struct HostedRegistry {
  let path: String
  private let common: String
  private let network: TestNetwork

  init(of node: TestNode, in network: TestNetwork) throws {
    path = network.directory.appending(path: "of-\(node.id).json").path
    common = network.registryPath
    self.network = network
    try follow(common)
  }

  /// Shows the node what is in another file from now on.
  func follow(_ target: String) throws {
    let link = path + ".link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    // As a writer does it: at no moment is there no file.
    let renamed = unsafe rename(link, path)
    try #require(renamed == 0)
  }

  func restore() throws { try follow(common) }

  func write(_ bytes: [UInt8]) throws {
    try RegistryFile(path: path).replace(with: bytes)
  }

  /// Starts the node, again if it runs, with a reader of this file.
  func restart(_ node: TestNode) async throws {
    await node.stop()
    let registry = try FileRegistry(storage: RegistryFile(path: path), network: network.network, clock: network.clock)
    await node.adjust {
      $0.membership = registry
      $0.background = [{ await registry.run() }]
    }
    try await node.start()
  }
}

/// What a host can make of a registry it reads.
enum RegistryTampering: CaseIterable {
  case edited, shortened

  func callAsFunction(_ bytes: [UInt8]) throws -> [UInt8] {
    switch self {
    case .edited:
      // In the text of an update that stakers signed, a stake becomes another one.
      var text = String(decoding: bytes, as: UTF8.self)
      // The last one, since the founding document names stakes too.
      let place = try #require(text.range(of: #"\"stake\":10"#, options: .backwards))
      text.replaceSubrange(place, with: #"\"stake\":90"#)
      return Array(text.utf8)
    case .shortened:
      let document = try RegistryDocument(decoding: bytes)
      var shorter = RegistryDocument(founding: document.founding)
      for update in document.updates.dropLast() { shorter.append(update) }
      return shorter.encoded
    }
  }
}

extension TestNetwork {
  nonisolated var registryBytes: [UInt8] {
    get throws { try RegistryFile(path: registryPath).read().bytes }
  }
}
