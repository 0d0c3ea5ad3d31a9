public import ActionNames
import Authorization
import Identifiers
public import PublicKeys
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
    return try await run(ActionID(of: code), by: .execute(code: code, parameters: parameters), as: session)
  }

  /// The same with code that every node looks up by its name at its own gateways.
  public func run(
    _ action: ActionID, parameters: [UInt8] = [], as session: UserSession
  ) async throws(ClientError) -> ActionResult {
    guard parameters.count <= WireLimits.parameters else {
      throw .unsuitableInput("parameters of more than \(WireLimits.parameters) bytes")
    }
    return try await run(action, by: .executeNamed(action, parameters: parameters), as: session)
  }

  private func run(
    _ action: ActionID, by order: Operation, as session: UserSession
  ) async throws(ClientError) -> ActionResult {
    let certificate = try await keyCertificate()
    let work = ExecutionCombination(certificate: certificate, snapshot: try snapshot(), action: action)
    return try await run(work, ordering: order, as: session, under: certificate)
  }
}

extension QuorateClient {
  /// What signatures of an action's own key verify under, from the key certificate.
  public func publicKey(of action: ActionID, purpose: KeyPurpose) async throws(ClientError) -> AnyPublicKey {
    let certificate = try await keyCertificate()
    return try Self.publicKey(
      of: KeyID.derive(network: certificate.network, purpose: purpose, action: action), purpose: purpose,
      in: certificate)
  }
}
