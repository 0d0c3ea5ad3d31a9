import ActionNames
import ArgumentParser
import Authorization
import Client
import Identifiers
import Membership
import PublicKeys
import Signatures
import Wire

struct RunCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Have a quorum run JavaScript, and show what its nodes agree on.",
    discussion: """
      Every node of the quorum runs the code by itself, in a sandbox; only these nodes see the parameters. The response \
      is shown only if all of them give the same. What the code prints is each node's own and goes to standard error.

      The code may use keys whose record names it (quorate key create --action), and with --key one of yours; it decrypts \
      under policies that name it, and with --policy under one that names you.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var walletOptions: WalletOptions

  @Argument(help: "The JavaScript file, - for standard input, or ipfs://<id> of code the nodes look up themselves.")
  var file: String

  @Option(help: "A file with a JSON object; its members become globals of the code.")
  var params: String?

  @Option(help: "A key the code may use in your name: your name for it or its id; may be repeated.")
  var key: [String] = []

  @Option(help: "A policy the code may decrypt under in your name, by its hash; may be repeated.")
  var policy: [String] = []

  func run(_ console: Console) async throws {
    let program = try Program(file)
    let parameters = try params.map { (path) throws(CommandFailure) in try ActionFile.parameters(path) } ?? []
    let user = try await UserContext(common, networkOptions, console)
    let wallet = try walletOptions.acting(user.home)
    let choice = try KeyChoice(snapshot: user.network.snapshot(), names: user.names.all())
    var grants: Set<Grant> = [.execute(program.action)]
    for name in key {
      grants.insert(.sign(with: try choice.record(key: name, scheme: nil, wallet: wallet.address).key))
    }
    for hash in policy {
      guard let hash = try? Digest32(text: hash) else {
        throw CommandFailure(.badInput, "\(hash) is no hash of a policy", advice: "quorate encrypt --json shows it")
      }
      grants.insert(.decrypt(under: hash))
    }
    let session = try await user.sessions.session(
      for: grants, of: wallet, in: user.network.founding, fresh: walletOptions.freshSession)
    let waiting = WaitingLine(console: console, title: "nodes run \(program.action)")
    let result = try await waiting.during {
      switch program {
      case .code(let code): try await user.client.run(code, parameters: parameters, as: session)
      case .named(let action): try await user.client.run(action, parameters: parameters, as: session)
      }
    }
    await user.client.close()
    try RunReport(result: result, console: console).show()
  }
}

/// What is to be run: code of this machine, or code of which only the name is here.
enum Program: Equatable {
  case code([UInt8])
  case named(ActionID)

  static let scheme = "ipfs://"

  init(_ text: String) throws(CommandFailure) {
    if text.hasPrefix(Self.scheme) {
      self = .named(try ActionFile.id(String(text.dropFirst(Self.scheme.count))))
    } else {
      self = .code(try ActionFile.code(text))
    }
  }

  var action: ActionID {
    switch self {
    case .code(let code): ActionID(of: code)
    case .named(let action): action
    }
  }
}
