import Attestation
import Client
import Foundation
import Identifiers
import Membership
import PeerLink

/// A network through its registry file on this machine.
struct LocalNetwork: Sendable {
  let file: String
  let registry: FreshRegistry
  let founding: FoundingDocument
  /// What makers say of their platforms: the folder `collateral` beside the registry.
  let vendorFiles: VendorFiles
  private let clock = SystemClock()

  /// - Parameter expecting: the network the user chose before; nil when the file itself is the choice.
  init(file: String, expecting expected: NetworkID? = nil) throws(CommandFailure) {
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
    do throws(RegistryTrouble) {
      registry = FreshRegistry(try FileRegistry(storage: storage, network: founding.network, clock: clock))
    } catch {
      throw .registry(error, file: file)
    }
    vendorFiles = VendorFiles(folder: VendorFolder.path(besideRegistry: file))
    self.file = file
    self.founding = founding
  }

  var id: NetworkID { founding.network }
  var writer: RegistryWriter { RegistryWriter(storage: RegistryFile(path: file), clock: clock) }

  func snapshot() throws(CommandFailure) -> MembershipSnapshot {
    guard let snapshot = registry.current else {
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
