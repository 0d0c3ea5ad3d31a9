internal import ActionNames
internal import Identifiers
internal import Secrets

/// What the host says to a worker. Only what this action may see.
enum HostMessage {
  /// The first frame: sources that run before anything of an action is there. Nil for a worker without libraries,
  /// which does not load its own either.
  static func start(libraries: [WorkerScript]?) -> [UInt8] {
    let list = libraries?.map { library in
      JSONValue.object([
        JSONMember("name", .string(library.name)), JSONMember("source", .string(library.text)),
      ])
    }
    return JSONValue.object([JSONMember("libraries", list.map { .array($0) } ?? .null)]).serialized
  }

  /// Announces code and parameters, which follow as frames of their own.
  static func order(_ authentication: ActionAuthentication, stack: [ActionID], limits: ActionLimits) -> [UInt8] {
    JSONValue.object([
      JSONMember(
        "limits",
        .object([
          JSONMember("response", JSONValue(limits.response)), JSONMember("logs", JSONValue(limits.logs)),
        ])),
      JSONMember("authentication", authentication.json(stack: stack)),
    ]).serialized
  }

  static func reply(_ number: Int64, _ output: JSONValue) -> [UInt8] {
    JSONValue.object([JSONMember("number", .integer(number)), JSONMember("output", output)]).serialized
  }

  static func refusal(_ number: Int64, _ message: String) -> [UInt8] {
    JSONValue.object([JSONMember("number", .integer(number)), JSONMember("error", .string(message))]).serialized
  }
}
