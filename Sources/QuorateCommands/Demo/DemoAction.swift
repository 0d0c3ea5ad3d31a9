import ActionNames
import Actions
import Authorization
import Client
import Identifiers
import Membership
import PublicKeys
import Transcripts
import Wire

extension Demo {
  /// A key that signs for whoever knows a password, and a program that is the only one to use it. Its hash is in the
  /// program, the password itself in what only the nodes of one quorum see.
  func runAction(_ user: DemoUser, _ stranger: DemoUser) async throws {
    try await steps.run("run-action", "Run a program in private") { step in
      do throws(SandboxProblem) {
        _ = try await SandboxProbe.examine()
      } catch {
        step.fact("skipped", .string(error.detail))
        step.note("skipped, this machine has no sandbox (\(error.part.rawValue)); see quorate doctor")
        return
      }
      let password = "correct horse battery staple"
      let code = Array(Self.program(opening: Digest32.sha256(of: Array(password.utf8))).utf8)
      let action = ActionID(of: code)
      let created = try await KeyCreation(user: user.context, owner: user.wallet)
        .create(.ed25519Sign, kinds: [.raw], actions: [action])
      let message = "Let through by a program that every node ran."
      func run(_ word: String) async throws -> ActionResult {
        let parameters = JSONValue.object([
          JSONMember("password", .string(word)), JSONMember("note", .string(message)),
          JSONMember("key", .text(created.record.key)),
        ])
        let session = try stranger.context.sessions.session(
          for: [.execute(action)], of: stranger.wallet, in: stranger.context.network.founding)
        return try await stranger.context.client.run(code, parameters: parameters.serialized, as: session)
      }
      let opened = try await run(password)
      guard opened.failure == nil, opened.response == "signed", let finished = opened.signatures["note"],
        SignatureVerification.isValid(finished.signature, of: .raw(Array(message.utf8)), under: created.publicKey)
      else { throw CommandFailure(.notValid, "the action did not sign with the key that names it") }
      let refused = try await run("a guess")
      guard refused.response == "refused", refused.signatures.isEmpty else {
        throw CommandFailure(.notValid, "the action signed without the password")
      }
      step.fact("action", .string(action.text))
      step.fact("signature", .string(Hex.encode(finished.signature)))
      step.note("\(action.text.prefix(12))…, a key signs only through it; \(opened.logs.count) nodes agree")
    }
  }

  private static func program(opening hash: Digest32) -> String {
    """
    (async () => {
      const bytes = (text) => new TextEncoder().encode(text);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(password)));
      const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      if (hex !== "\(hash)") return Lit.Actions.setResponse({ response: "refused" });
      await Lit.Actions.sign({
        toSign: bytes(note), publicKey: key, sigName: "note", signingScheme: "SchnorrEd25519Sha512",
      });
      Lit.Actions.setResponse({ response: "signed" });
    })();
    """
  }
}
