import Identifiers
import PublicKeys
import Wire

extension QuorateClient {
  /// Has a quorum run an action. Every node of it runs the code; what the code asks of the outside happens that often,
  /// and again when a node fails and another quorum is asked.
  ///
  /// - Parameters:
  ///   - code: JavaScript, at most ``WireLimits/code`` bytes.
  ///   - parameters: a JSON object of at most ``WireLimits/parameters`` bytes, or none. Only the nodes see it.
  ///   - session: has to grant running this action; and signing with every key the action uses whose record does not
  ///     name the action, each by its id.
  /// - Throws: ``ClientError/nodesDiffer(_:)`` when not all nodes say the same became of it.
  public func run(
    _ code: [UInt8], parameters: [UInt8] = [], as session: UserSession
  ) async throws(ClientError) -> ActionResult {
    guard code.count <= WireLimits.code else { throw .unsuitableInput("code of more than \(WireLimits.code) bytes") }
    guard parameters.count <= WireLimits.parameters else {
      throw .unsuitableInput("parameters of more than \(WireLimits.parameters) bytes")
    }
    let certificate = try await keyCertificate()
    let order = Operation.execute(code: code, parameters: parameters)
    guard let action = order.action else { throw .inconsistent("an action without a name") }
    let work = ExecutionCombination(certificate: certificate, snapshot: try snapshot(), action: action)
    return try await run(work, ordering: order, as: session, under: certificate)
  }
}
