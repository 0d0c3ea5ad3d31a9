import EthereumChain
import Foundation
import Identifiers
import Wire

/// Which transactions were sent for a network's contracts, in a file beside its network.json. A hash is kept before its
/// transaction is sent; a later one takes its place.
struct DeploymentRecord: Sendable, Equatable {
  let network: NetworkID
  var staking: Digest32?
  var keys: Digest32?

  private static let fileLimit = 4_096

  static func path(beside file: String) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("deployment.json").path
  }

  init(network: NetworkID) { self.network = network }

  /// Empty where the file is not there, or is about another network.
  init(of network: NetworkID, beside file: String) throws(CommandFailure) {
    self.init(network: network)
    let path = Self.path(beside: file)
    guard PrivateFile.exists(path) else { return }
    let bytes = try PrivateFile.read(path, maximum: Self.fileLimit)
    do throws(FormatError) {
      var fields = try JSONFields(JSONValue.parse(bytes, limit: Self.fileLimit))
      guard try fields.identifier("network", as: NetworkID.self) == network else { return }
      if fields.has("staking") { staking = try fields.hexIdentifier("staking") }
      if fields.has("keys") { keys = try fields.hexIdentifier("keys") }
      try fields.finish()
    } catch {
      throw CommandFailure(
        .badInput, "\(path) does not say by which transactions contracts were made: \(error)",
        advice: "move it away, and give --staking HASH and --keys HASH")
    }
  }

  func write(beside file: String) throws(CommandFailure) {
    let members =
      [JSONMember("network", .text(network))]
      + (staking.map { [JSONMember("staking", .string(HexText.write($0.bytes)))] } ?? [])
      + (keys.map { [JSONMember("keys", .string(HexText.write($0.bytes)))] } ?? [])
    try PrivateFile.write(JSONValue.object(members).serialized, to: Self.path(beside: file))
  }
}

extension DeploymentRecord {
  mutating func note(_ hash: Digest32, of creation: ContractDeployer.Creation) {
    switch creation.contract {
    case .staking: staking = hash
    case .keys: keys = hash
    }
  }
}
