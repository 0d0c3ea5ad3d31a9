import ArgumentParser
import Client
import Identifiers
import Membership

/// Who a command acts as.
struct WalletOptions: ParsableArguments, Sendable {
  @Option(help: "The wallet to act as, by its name.")
  var wallet: String?

  @Flag(help: "Have the wallet sign anew instead of using a session of the last hour.")
  var freshSession = false
}

/// What commands of a user work with.
struct UserContext: Sendable {
  let home: HomeFolder
  let network: LocalNetwork
  let client: QuorateClient

  init(home: HomeFolder, network: LocalNetwork) {
    self.home = home
    self.network = network
    client = network.client(home)
  }

  init(_ common: CommonOptions, _ options: NetworkOptions, _ console: Console) async throws(CommandFailure) {
    let home = common.homeFolder
    self.init(home: home, network: try await options.open(home))
    network.warn(console)
  }

  var names: KeyNames { KeyNames(home: home, network: network.id) }
  var sessions: Sessions { Sessions(home: home, clock: SystemClock()) }
}
