import Client
import Foundation
import Identifiers
import PublicKeys
import Wire

/// Has cryptography that is not ours judge the demo's signatures, where the machine has some.
struct IndependentCheck: Sendable {
  /// A scratch folder that exists.
  let folder: String
  let tree: SourceTree?

  struct Judgement: Sendable, Equatable {
    /// The tools that agreed.
    var judges: [String]
    /// What could not be checked, and how to change that.
    var skipped: String?
  }

  struct Signed: Sendable {
    var scheme: SigningScheme
    var message: [UInt8]
    var finished: FinishedSignature
  }

  /// - Throws: when a tool that is there does not agree.
  func judge(_ signatures: [Signed]) async throws -> Judgement {
    var judgement = Judgement(judges: [], skipped: nil)
    if let openssl = ExternalTool.find("openssl"), let signed = signatures.first(where: { $0.scheme == .ed25519 }) {
      try await askOpenSSL(openssl, signed.finished)
      judgement.judges.append("openssl (ed25519)")
    }
    if let tree, ExternalTool.find(tree.python) != nil {
      try await askPython(tree, signatures)
      judgement.judges.append("python (\(signatures.map(\.scheme.rawValue).joined(separator: ", ")))")
    } else {
      judgement.skipped = "the Python environment is not there; scripts/setup makes it"
    }
    return judgement
  }

  private func askOpenSSL(_ openssl: String, _ signature: FinishedSignature) async throws {
    // SubjectPublicKeyInfo of an Ed25519 key (RFC 8410): a fixed beginning, then the key.
    let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    try PrivateFile.write(prefix + signature.publicKey.bytes, to: folder + "/key.der")
    try PrivateFile.write(signature.message, to: folder + "/message")
    try PrivateFile.write(signature.signature, to: folder + "/signature")
    let outcome = try await ExternalTool.run(
      openssl,
      [
        "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder + "/key.der", "-rawin",
        "-in", folder + "/message", "-sigfile", folder + "/signature",
      ])
    guard outcome.succeeded else {
      throw CommandFailure(.notValid, "openssl does not accept the Ed25519 signature: \(outcome.output)")
    }
  }

  private func askPython(_ tree: SourceTree, _ signatures: [Signed]) async throws {
    let records = signatures.map { signed in
      let members = [
        JSONMember("check", .string("sign")), JSONMember("scheme", .string(signed.scheme.rawValue)),
        JSONMember("kind", .string(SigningKind.message.rawValue)),
        JSONMember("message", .string(Hex.encode(signed.message))),
        JSONMember("publicKey", .string(Hex.encode(signed.finished.publicKey.bytes))),
        JSONMember("signature", .string(Hex.encode(signed.finished.signature))),
      ]
      return JSONValue.object(members + SignCommand.ecdsaMembers(signed.finished))
    }
    let place = folder + "/records"
    try PrivateFile.createFolder(place)
    try PrivateFile.write(JSONValue.array(records).serialized, to: place + "/demo.json")
    let kinds = signatures.map { "sign/\($0.scheme.rawValue)" }
    let outcome = try await ExternalTool.run(tree.python, [tree.verifier, place] + kinds)
    guard outcome.succeeded else {
      throw CommandFailure(.notValid, "independent verification failed: \(outcome.output)")
    }
  }
}
