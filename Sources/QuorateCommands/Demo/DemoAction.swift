import ActionNames
import Actions
import Authorization
import Client
import Identifiers
import Membership
import PublicKeys
import Signatures
import Wire

extension Demo {
  /// A program that asks a service with a secret API key, checks what it says, and has the nodes sign it with a key that
  /// only this program uses. Only the nodes of one quorum see the API key.
  func runAction(_ user: DemoUser) async throws {
    try await steps.run("run-action", "Run a program in private") { step in
      do throws(SandboxProblem) {
        _ = try await SandboxProbe.examine()
      } catch {
        step.fact("skipped", .string(error.detail))
        step.note("skipped, this machine has no sandbox (\(error.part.rawValue)); see quorate doctor")
        return
      }
      let code = Array(Self.program.utf8)
      let action = ActionID(of: code)
      let created = try await KeyCreation(user: user.context, owner: user.wallet.address)
        .create(.ed25519Sign, kinds: [.raw], actions: [action], signedBy: user.wallet)
      func run(_ apiKey: String) async throws -> ActionResult {
        let parameters = JSONValue.object([
          JSONMember("url", .string(service.url)), JSONMember("apiKey", .string(apiKey)),
          JSONMember("key", .text(created.record.key)),
        ])
        let session = try await user.context.sessions.session(
          for: [.execute(action)], of: ActingWallet(user.wallet), in: user.context.network.founding)
        return try await user.context.client.run(code, parameters: parameters.serialized, as: session)
      }
      let told = try await run(service.apiKey)
      let statement = "\(DemoService.pair) costs 102.5"
      guard told.failure == nil, told.response == statement, let finished = told.signatures["price"],
        SignatureVerification.isValid(finished.signature, of: .raw(Array(statement.utf8)), under: created.publicKey)
      else { throw CommandFailure(.notValid, "the action did not sign what the service says") }
      let asked = service.count
      guard asked >= told.logs.count else {
        throw CommandFailure(.notValid, "not every node asked the service")
      }
      let refused = try await run("a guess")
      guard refused.response == "the service answers 401", refused.signatures.isEmpty else {
        throw CommandFailure(.notValid, "the action signed what nobody told it")
      }
      step.fact("action", .string(action.text))
      step.fact("response", .string(statement))
      step.fact("asked", JSONValue(asked))
      step.fact("signature", .string(Hex.encode(finished.signature)))
      step.note("\"\(statement)\": \(told.logs.count) nodes asked \(service.url), agree, and signed it")
    }
  }

  private static let program = """
    (async () => {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } });
      if (!answer.ok) return Lit.Actions.setResponse({ response: `the service answers ${answer.status}` });
      const { pair, price } = await answer.json();
      if (pair !== "\(DemoService.pair)" || !(price > 0)) {
        return Lit.Actions.setResponse({ response: "this is no price" });
      }
      const statement = `${pair} costs ${price}`;
      await Lit.Actions.sign({
        toSign: new TextEncoder().encode(statement),
        publicKey: key,
        sigName: "price",
        signingScheme: "SchnorrEd25519Sha512",
      });
      Lit.Actions.setResponse({ response: statement });
    })();
    """
}
