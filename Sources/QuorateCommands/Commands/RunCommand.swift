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
    let wallet = try Wallets(home: user.home).open(walletOptions.wallet).key
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
    let session = try user.sessions.session(
      for: grants, of: wallet, in: user.network.founding, fresh: walletOptions.freshSession)
    let waiting = WaitingLine(console: console, title: "nodes run \(program.action)")
    let result = try await waiting.during {
      switch program {
      case .code(let code): try await user.client.run(code, parameters: parameters, as: session)
      case .named(let action): try await user.client.run(action, parameters: parameters, as: session)
      }
    }
    await user.client.close()
    showLogs(of: result, console)
    let failed = FailedOperationsText(result.failedOperations)
    for line in failed.lines { console.notice(line) }
    // A run that failed has no result to carry them.
    if result.failure != nil, !failed.json.isEmpty {
      console.event(.object([JSONMember("failedOperations", .array(failed.json))]))
    }
    if let failure = result.failure { throw CommandFailure(failure) }
    console.result(result.json) { result.text }
  }

  /// One for all nodes where they are alike.
  private func showLogs(of result: ActionResult, _ console: Console) {
    let distinct = Dictionary(grouping: result.logs.filter { !$0.value.isEmpty }) { $0.value }
    for (text, nodes) in distinct.sorted(by: { $0.value.count > $1.value.count }) {
      let who =
        nodes.count == result.logs.count ? "" : "[" + nodes.map(\.key.text).sorted().joined(separator: " ") + "]\n"
      console.notice(who + (text.hasSuffix("\n") ? String(text.dropLast()) : text))
    }
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

extension ActionResult {
  fileprivate var json: JSONValue {
    let signed = signatures.sorted { $0.key < $1.key }.map { name, finished in
      let members = [
        JSONMember("key", .text(finished.key)), JSONMember("scheme", .string(finished.publicKey.purpose.rawValue)),
        JSONMember("publicKey", .string(Hex.encode(finished.publicKey.bytes))),
        JSONMember("signed", .base64URL(finished.message)),
        JSONMember("signature", .string(Hex.encode(finished.signature))),
      ]
      return JSONMember(name, .object(members + SignCommand.ecdsaMembers(finished)))
    }
    return .object([
      JSONMember("action", .string(action.text)), JSONMember("response", response.map { .string($0) } ?? .null),
      JSONMember("signatures", .object(signed)),
      JSONMember(
        "logs",
        .array(
          logs.sorted { $0.key < $1.key }.map {
            .object([JSONMember("node", .text($0.key)), JSONMember("text", .string($0.value))])
          })),
      JSONMember("failedOperations", .array(FailedOperationsText(failedOperations).json)),
    ])
  }

  fileprivate var text: String {
    var lines = [response ?? "(no response)"]
    for (name, finished) in signatures.sorted(by: { $0.key < $1.key }) {
      lines.append(
        Columns.lines([
          ["signature \(name)", Hex.encode(finished.signature)], ["by key", finished.key.text],
          ["public key", Hex.encode(finished.publicKey.bytes)],
        ]).joined(separator: "\n"))
    }
    return lines.joined(separator: "\n")
  }
}

extension CommandFailure {
  init(_ failure: ExecutionOutcome.Failure) {
    switch failure {
    case .code(let text): self.init(.notValid, text)
    case .limit(let limit):
      self.init(
        .notValid, "the action used more than it may of: \(limit.rawValue)", advice: "see docs/actions.md, Limits")
    case .worker: self.init(.notValid, "the process the action ran in was ended: it broke")
    }
  }
}
