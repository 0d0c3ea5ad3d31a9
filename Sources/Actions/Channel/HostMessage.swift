internal import ActionNames
internal import Identifiers
internal import Secrets

/// What the host says to a worker. Only what this action may see.
enum HostMessage {
  /// The first frames: names of sources that run before anything of an action is there, and then these.
  static func start(libraries: [WorkerScript]) -> [[UInt8]] {
    let names = JSONValue.array(libraries.map { .string($0.name) })
    return [JSONValue.object([JSONMember("libraries", names)]).serialized] + libraries.map { Array($0.text.utf8) }
  }

  /// Announces code and parameters, which follow as frames of their own.
  static func order(
    _ authentication: ActionAuthentication, stack: [ActionID], limits: ActionLimits, namesTokens: Bool
  ) -> [UInt8] {
    JSONValue.object([
      JSONMember(
        "limits",
        .object([
          JSONMember("response", JSONValue(limits.response)), JSONMember("logs", JSONValue(limits.logs)),
        ])),
      JSONMember("authentication", authentication.json(stack: stack)), JSONMember("namesTokens", .bool(namesTokens)),
    ]).serialized
  }

  static func reply(_ number: Int64, _ output: JSONValue) -> [UInt8] {
    JSONValue.object([JSONMember("number", .integer(number)), JSONMember("output", output)]).serialized
  }

  static func refusal(_ number: Int64, _ message: String) -> [UInt8] {
    JSONValue.object([JSONMember("number", .integer(number)), JSONMember("error", .string(message))]).serialized
  }
}
