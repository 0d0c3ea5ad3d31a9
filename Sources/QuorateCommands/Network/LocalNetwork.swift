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

  init(
    file: String, expecting expected: NetworkID? = nil, endpoints: String? = nil
  ) async throws(CommandFailure) {
    try await self.init(FoundingFile(path: file, expecting: expected, endpoints: endpoints))
  }

  /// Opens the registry; on a chain it has to be there.
  init(_ source: FoundingFile) async throws(CommandFailure) {
    let (file, founding) = (source.path, source.founding)
    let registry: UserRegistry
    do {
      registry = try UserRegistry(
        RegistryFile(path: file), network: founding.network, endpoints: source.endpoints, clock: clock)
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
    endpoints = source.endpoints
    vendorFiles = VendorFiles(folder: VendorFolder.path(besideRegistry: file))
    self.file = file
    self.founding = founding
  }

  private static func failure(_ error: UserRegistryError, file: String) -> CommandFailure {
    switch error {
    case .trouble(let trouble): .registry(trouble, file: file)
    case .chain(let error): CommandFailure(chainRegistry: error)
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

  func warn(_ console: Console) { founding.warn(console) }

  static let developmentNotice = "DEVELOPMENT NETWORK – NOT A TEE"
}

extension FoundingDocument {
  /// What every command says first about a network that believes evidence anybody can make.
  func warn(_ console: Console) {
    guard isDevelopment else { return }
    console.warning(LocalNetwork.developmentNotice)
  }
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
