import ArgumentParser
import EthereumChain
import Identifiers
import Wire

/// The hashes of the transactions that made a network's contracts. Whoever says them is not believed: what they name is
/// compared with the founding document.
struct CreationHashes: Sendable, Equatable {
  let staking: Digest32
  let keys: Digest32
}

/// Which transactions made a network's contracts.
struct CreationOptions: ParsableArguments, Sendable {
  @Option(
    help: """
      The hash of the transaction that made Staking. (default: what quorate network deploy wrote into deployment.json \
      beside the network.json)
      """)
  var staking: String?

  @Option(help: "The hash of the transaction that made Keys. (default: as for --staking)")
  var keys: String?

  /// - Parameter recorded: what is known of this network's contracts beside that.
  func hashes(_ recorded: DeploymentRecord) throws(CommandFailure) -> CreationHashes {
    guard let staking = try Self.hash(staking) ?? recorded.staking, let keys = try Self.hash(keys) ?? recorded.keys
    else {
      throw CommandFailure(
        .notFound, "by which transactions the contracts were made is not known here, so that cannot be verified",
        advice: "give --staking HASH and --keys HASH; whoever deployed has them, and need not be believed")
    }
    return CreationHashes(staking: staking, keys: keys)
  }

  /// Nil for none.
  private static func hash(_ text: String?) throws(CommandFailure) -> Digest32? {
    guard let text else { return nil }
    guard let bytes = TypedHex.bytes(text), let hash = try? Digest32(bytes: bytes) else {
      throw CommandFailure(.badInput, "\(text) is no hash of a transaction", advice: "0x and 64 hex digits")
    }
    return hash
  }
}
