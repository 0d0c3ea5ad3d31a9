/// One of the worker's scripts, as it lies in the sandbox.
struct WorkerScript: Sendable, Hashable {
  var name: String
  var text: String
}
