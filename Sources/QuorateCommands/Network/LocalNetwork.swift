import Attestation
import ChainRegistry
import Client
import EthereumRPC
import Foundation
import Identifiers
import Membership
import Node
import PeerLink

/// A network through the file on this machine that holds its registry or, where that is on a chain, its founding
/// document.
struct LocalNetwork: Sendable {
  let file: String
  let registry: FreshRegistry
  let founding: FoundingDocument
  /// What makers say of their platforms: the folder `collateral` beside the file.
  let vendorFiles: VendorFiles
  private let endpoints: EndpointList?
  private let clock = SystemClock()

  private static let patience = Duration.seconds(10)

  /// - Parameters:
  ///   - expected: the network the user chose before; nil when the file itself is the choice.
  ///   - endpoints: the file that lists the endpoints of a chain; nil for `endpoints.json` beside the network's.
  init(
    file: String, expecting expected: NetworkID? = nil, endpoints: String? = nil
  ) async throws(CommandFailure) {
    let storage = RegistryFile(path: file)
    let founding: FoundingDocument
    do {
      founding = try RegistryDocument(decoding: storage.read().bytes).founding
    } catch let error as RegistryStorageError {
      throw .file(file, "cannot be read", errno: error.errorNumber)
    } catch {
      throw CommandFailure(.badInput, "\(file) is not a registry", advice: "give the network.json of a network")
    }
    if let expected, founding.network != expected {
      throw CommandFailure(
        .networkNotTrusted, "\(file) is another network's now: \(founding.network), and \(expected) was chosen",
        advice: "if you want that one: quorate network use \(file)")
    }
    var list: EndpointList?
    if founding.registry != .file { list = try EndpointFile.read(endpoints ?? EndpointFile.path(beside: file)) }
    let registry: UserRegistry
    do {
      registry = try UserRegistry(storage, network: founding.network, endpoints: list, clock: clock)
    } catch {
      throw Self.failure(error, file: file)
    }
    if case .chain(let chain) = registry {
      do {
        _ = try await chain.begin(within: Self.patience)
      } catch {
        throw CommandFailure(chain: error)
      }
    }
    self.registry = FreshRegistry(registry)
    self.endpoints = list
    vendorFiles = VendorFiles(folder: VendorFolder.path(besideRegistry: file))
    self.file = file
    self.founding = founding
  }

  private static func failure(_ error: UserRegistryError, file: String) -> CommandFailure {
    switch error {
    case .trouble(let trouble): .registry(trouble, file: file)
    case .chain(let error):
      CommandFailure(.badInput, "the endpoints cannot be used: \(error)", advice: "docs/operating.md shows a list")
    case .unreadable, .notARegistry, .otherNetwork, .endpointsMissing:
      CommandFailure(.fileProblem, "\(file) changed while it was read", advice: "try again")
    }
  }

  /// How a node of this machine gets at the registry.
  var access: RegistryAccess {
    endpoints.map { .chain(document: file, $0) } ?? .file(file)
  }

  /// The chain the registry is on, and what may be sent there; nil where the registry is a file.
  var chain: ChainAccess? {
    guard case .chain(let registry) = registry.registry, case .chain(let terms) = founding.registry else { return nil }
    return ChainAccess(registry: registry, terms: terms, clock: clock)
  }

  var id: NetworkID { founding.network }

  /// Writes updates of a file; a chain takes transactions.
  var writer: RegistryWriter { RegistryWriter(storage: RegistryFile(path: file), clock: clock) }

  func snapshot() throws(CommandFailure) -> MembershipSnapshot {
    guard let snapshot = registry.current else {
      if let trouble = chain?.registry.trouble { throw CommandFailure(chain: trouble) }
      throw CommandFailure(
        .networkNotTrusted, "\(file) no longer says what it said before, or cannot be read",
        advice: "check who changed it; do not use this network until you know")
    }
    return snapshot
  }

  func client(_ home: HomeFolder?) -> QuorateClient {
    let directory = MembershipDirectory(registry, vendors: vendorFiles)
    let connector = AttestedNodeConnector(directory: directory, clock: clock)
    return QuorateClient(
      registry: registry, connector: connector, clock: clock, certificateStore: home.map(CertificateFiles.init))
  }

  /// What every command says first about a network that believes evidence anybody can make.
  func warn(_ console: Console) {
    guard founding.isDevelopment else { return }
    console.warning(Self.developmentNotice)
  }

  static let developmentNotice = "DEVELOPMENT NETWORK – NOT A TEE"
}

/// Key certificates in the home folder. They are public, and verified again whenever they are read.
struct CertificateFiles: KeyCertificateStore {
  let home: HomeFolder

  func load(_ network: NetworkID, epoch: UInt64) -> [UInt8]? {
    try? PrivateFile.read(path(network, epoch))
  }

  func save(_ network: NetworkID, epoch: UInt64, _ encoded: [UInt8]) {
    // Only a shortcut: the nodes have it as well.
    guard (try? home.prepare()) != nil, load(network, epoch: epoch) != encoded else { return }
    try? PrivateFile.write(encoded, to: path(network, epoch))
  }

  private func path(_ network: NetworkID, _ epoch: UInt64) -> String {
    "\(home.certificates)/\(network)-\(epoch)"
  }
}
