import ActionNames
import Client
import Identifiers
import PublicKeys
import Signatures
import Wire

/// Shows what became of an action. What nodes and code said may go to a terminal, which must not obey it.
struct RunReport {
  let result: ActionResult
  let console: Console

  /// - Throws: when the action did not come to its end.
  func show() throws(CommandFailure) {
    showLogs()
    let failed = FailedOperationsText(result.failedOperations)
    for line in failed.lines { console.notice(line) }
    // A run that failed has no result to carry them.
    if result.failure != nil, !failed.json.isEmpty {
      console.event(.object([JSONMember("failedOperations", .array(failed.json))]))
    }
    if let failure = result.failure { throw self.failure(failure) }
    console.result(result.json) { text }
  }

  /// One for all nodes where they are alike.
  private func showLogs() {
    let distinct = Dictionary(grouping: result.logs.filter { !$0.value.isEmpty }) { $0.value }
    for (text, nodes) in distinct.sorted(by: { $0.value.count > $1.value.count }) {
      let who =
        nodes.count == result.logs.count ? "" : "[" + nodes.map(\.key.text).sorted().joined(separator: " ") + "]\n"
      console.notice(who + console.foreign(text.hasSuffix("\n") ? String(text.dropLast()) : text, on: .error))
    }
  }

  private func failure(_ failure: ExecutionOutcome.Failure) -> CommandFailure {
    switch failure {
    case .code(let text): CommandFailure(.notValid, console.foreign(text, on: .error))
    case .limit(let limit):
      CommandFailure(
        .notValid, "the action used more than it may of: \(limit.rawValue)", advice: "see docs/actions.md, Limits")
    case .worker: CommandFailure(.notValid, "the process the action ran in was ended: it broke")
    }
  }

  private var text: String {
    var lines = [result.response.map { console.foreign($0) } ?? "(no response)"]
    for (name, finished) in result.signatures.sorted(by: { $0.key < $1.key }) {
      lines.append(
        Columns.lines([
          ["signature \(console.foreign(name, keepsLines: false))", Hex.encode(finished.signature)],
          ["by key", finished.key.text], ["public key", Hex.encode(finished.publicKey.bytes)],
        ]).joined(separator: "\n"))
    }
    return lines.joined(separator: "\n")
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
}
