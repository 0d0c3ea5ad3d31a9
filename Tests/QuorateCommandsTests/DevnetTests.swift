import ArgumentParser
import Attestation
import Foundation
import Identifiers
import Membership
import Node
@testable import QuorateCommands
import Signatures
import Testing
import Wire

/// A development network of three nodes; its nodes are never started.
func foundedNetwork(in folder: TestFolder, nodes: Int = 3) async throws -> LocalNetwork {
  let layout = DevnetLayout(folder: folder("network"))
  _ = try await DevnetFounder(layout: layout, clock: SystemClock())
    .found(nodes: nodes, measurement: Measurement(bytes: [UInt8](repeating: 7, count: 48))) { _ in }
  return try await LocalNetwork(file: layout.registry)
}

@Suite struct DevnetTests {
  @Test func `what init writes is a registry every reader accepts`() async throws {
    let folder = try TestFolder()
    let network = try await foundedNetwork(in: folder)
    let bytes = try PrivateFile.read(folder("network/network.json"))
    let snapshot = try MembershipSnapshot(verifying: RegistryDocument(decoding: bytes), network: network.id)
    #expect(snapshot.members.count == 3)
    #expect(snapshot.eligibleMembers.count == 3)
    #expect(snapshot.founding.isDevelopment)
    #expect(snapshot.measurements == ["software": [[UInt8](repeating: 7, count: 48)]])
    #expect(snapshot.certificateDigest == nil)
    #expect(try network.snapshot().position == snapshot.position)
  }

  @Test func `every node has its configuration, credentials and the identity key that is listed`() async throws {
    let folder = try TestFolder()
    let network = try await foundedNetwork(in: folder)
    let layout = DevnetLayout(folder: folder("network"))
    let nodes = try layout.existingNodes()
    #expect(nodes.map(\.number) == [1, 2, 3])
    var ports: Set<Int> = []
    for node in nodes {
      let configuration = try node.readConfiguration()
      let member = try #require(try network.snapshot().member(configuration.node))
      #expect(member.node.staker == (try WalletFile.read(layout.stakerWallet(node.number))).address)
      #expect(try await NodePreparation(configuration).registration().identityKey == member.identityKey)
      _ = try SoftwareCredentials(pem: String(decoding: PrivateFile.read(node.credentials), as: UTF8.self))
      for path in [node.configuration, node.credentials, layout.stakerWallet(node.number), layout.developmentRoot] {
        #expect(PrivateFile.permissionsOfOthers(path) == 0)
      }
      ports.formUnion([configuration.clientAddress, configuration.peerAddress, configuration.adminAddress].map(\.port))
    }
    #expect(ports.count == 9)
  }

  @Test func `a folder that holds a network is left alone, and sizes out of range are refused`() async throws {
    let folder = try TestFolder()
    let network = try await foundedNetwork(in: folder)
    await #expect(throws: CommandFailure.self) { _ = try await foundedNetwork(in: folder) }
    #expect(try network.snapshot().members.count == 3)
    let other = try TestFolder()
    for count in [0, 2, 33] {
      await #expect(throws: CommandFailure.self) { _ = try await foundedNetwork(in: other, nodes: count) }
    }
    #expect(other.names.isEmpty)
  }

  @Test func `a rebuilt program is put on the list by the stakers, once`() async throws {
    let folder = try TestFolder()
    let network = try await foundedNetwork(in: folder)
    let update = MeasurementUpdate(layout: DevnetLayout(folder: folder("network")), network: network)
    let rebuilt = try Measurement(bytes: [UInt8](repeating: 8, count: 48))
    #expect(try await update.allow(rebuilt, nodeCount: 3))
    #expect(try network.snapshot().measurements == ["software": [rebuilt.bytes]])
    let number = try network.snapshot().number
    #expect(try await !update.allow(rebuilt, nodeCount: 3))
    #expect(try network.snapshot().number == number)
  }

  @Test func `a chosen network's file that becomes another network's is refused`() async throws {
    let folder = try TestFolder()
    let network = try await foundedNetwork(in: folder)
    let other = try TestFolder()
    let replacement = try await foundedNetwork(in: other)
    let home = HomeFolder(option: folder("home"))
    try Settings(registryFile: network.file, network: network.id).save(home)
    let options = try NetworkOptions.parse([])
    #expect(try await options.open(home, environment: [:]).id == network.id)
    try PrivateFile.write(try PrivateFile.read(replacement.file), to: network.file)
    await #expect {
      try await options.open(home, environment: [:])
    } throws: {
      ($0 as? CommandFailure)?.code == .networkNotTrusted
    }
    #expect(try await options.open(home, environment: ["QUORATE_NETWORK": other("network")]).id == replacement.id)
  }

  @Test func `a folder without a network says how to make one`() throws {
    let folder = try TestFolder()
    #expect { try DevnetLayout(folder: folder.path).existingNodes() } throws: {
      ($0 as? CommandFailure)?.advice?.hasPrefix("quorate devnet init") == true
    }
  }

  @Test func `a recorded process that is gone does not count as running`() throws {
    let folder = try TestFolder()
    let node = NodeFolder(number: 1, path: folder.path)
    #expect(node.runningProcess == nil)
    let own = try #require(ProcessMark(observing: getpid()))
    try node.record(own)
    #expect(node.runningProcess == own)
    try node.record(ProcessMark(pid: own.pid, started: "1"))
    #expect(node.runningProcess == nil)
    try PrivateFile.write(Array("rubbish".utf8), to: node.process)
    #expect(node.runningProcess == nil)
  }
}

@Suite struct NodeStatusTests {
  private let node = "0x" + String(repeating: "ab", count: 20)

  private func decode(_ text: String) throws -> ReportedStatus { try ReportedStatus(decoding: Array(text.utf8)) }

  @Test func `a status is read and what is not known is left out`() throws {
    let instance = String(repeating: "A", count: 43)
    let status = try decode(
      """
      {"network":"x","node":"\(node)","instance":"\(instance)","version":"9","registry":{"number":4,"digest":"d"},\
      "epoch":1,"ready":false,"reason":"keys-missing","keys":{"state":"waiting","attempt":2,"missing":[],\
      "certificate":null,"registered":false,"problem":null},"peers":[{"node":"\(node)","linked":true,"instance":null,\
      "dials":true,"problem":null},{"node":"\(node)","linked":false,"problem":"unreachable"}],"sessions":0,"new":[]}
      """)
    #expect(status.linkCount == 1)
    #expect(status.registryNumber == 4)
    #expect(status.keyState == "waiting")
    #expect(status.certificate == nil)
    #expect(status.reason == "keys-missing")
    #expect(status.peers.map(\.problem) == [nil, "unreachable"])
  }

  @Test(arguments: ["", "{}", "[]", #"{"node":"0x","ready":true}"#])
  func `anything else is no status`(_ text: String) {
    #expect(throws: FormatError.self) { try decode(text) }
  }
}
