/// A limit by its name in documents and error texts.
public enum ActionLimit: String, Sendable, Hashable, CaseIterable {
  case time, memory, code, parameters, response, logs, fetches, signatures, broadcasts, contractCalls, decryptions
  case calls, depth, operations
}
