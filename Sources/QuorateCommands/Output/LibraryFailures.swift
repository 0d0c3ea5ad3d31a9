import Client
import Foundation
import Identifiers
import IdentityEncryption
import Membership
import Node
import Vault
import Wire

extension CommandFailure {
  /// Any error in the form users see. Nothing a user encrypts, signs or decrypts is ever part of one.
  init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as ClientError: self.init(client: error)
    case let error as EncryptedFileError: self.init(file: error)
    case let trouble as RegistryTrouble: self = .registry(trouble, file: "the registry")
    case let error as VaultError: self.init(vault: error)
    case let error as NodeBootError: self.init(boot: error)
    case is CancellationError: self.init(.interrupted, "stopped")
    default: self.init(.internalFault, "unexpected: \(error)")
    }
  }

  private init(vault error: VaultError) {
    switch error {
    case .manifestRefused:
      self.init(
        .fileProblem, "the node's vault does not open: it was sealed for other code, another machine or another node",
        advice: "move the vault away; the node then has a new identity key, which the stakers have to list")
    default: self.init(.fileProblem, "the node's vault: \(error)", advice: "is another process of this node running?")
    }
  }

  /// Why a node does not start.
  private init(boot error: NodeBootError) {
    switch error {
    case .vault(let error): self.init(vault: error)
    case .identityKey: self.init(.fileProblem, "the node's vault holds no usable identity key")
    case .attestation(let reason):
      self.init(
        .notAttested, "the node cannot prove what it runs: \(reason)", advice: "docs/attestation.md, What a node needs")
    case .registry(let reason): self.init(.networkNotTrusted, "the registry: \(reason)")
    case .listen(let reason):
      self.init(.processProblem, "cannot listen: \(reason)", advice: "see who does: ss -ltnp")
    case .configuration(let reason): self.init(.badInput, "the configuration: \(reason)")
    }
  }

  static func registry(_ trouble: RegistryTrouble, file: String) -> CommandFailure {
    switch trouble {
    case .unreadable(let error) where error.step == .alreadyThere:
      CommandFailure(.alreadyExists, "\(file) is there already, and stays as it is", advice: "choose another place")
    case .unreadable(let error):
      .file(file, "(\(error.step.rawValue)) failed", errno: error.errorNumber)
    case .locked:
      CommandFailure(.fileProblem, "\(file) is locked by another process", advice: "try again in a moment")
    case .refused(let fault):
      CommandFailure(.networkNotTrusted, "\(file): \(describe(fault))", advice: advice(fault))
    }
  }

  private static func describe(_ fault: RegistryFault) -> String {
    switch fault {
    case .tooFewSignatures(let number, let found, let needed):
      "update \(number) has \(found) of the \(needed) signatures it needs"
    case .foreignSigner(let number, let signer): "\(signer) may not sign update \(number)"
    case .notAllowed(let number, let rule): "update \(number) is not allowed (\(rule))"
    default: "does not verify (\(fault))"
    }
  }

  private static func advice(_ fault: RegistryFault) -> String? {
    fault.isFatal ? "its history was changed; do not use this copy" : nil
  }

  private init(file error: EncryptedFileError) {
    switch error {
    case .notAnEncryptedFile: self.init(.badInput, "this is not a file that quorate encrypted")
    case .malformedHeader: self.init(.notValid, "the file's header is damaged", advice: "get the file again")
    case .damaged(let chunk):
      self.init(
        .notValid, "the file was changed after it was encrypted (part \(chunk)); nothing of it was kept",
        advice: "get the file again")
    case .truncated:
      self.init(.notValid, "the file is incomplete; nothing of it was kept", advice: "get the file again")
    case .wrongKey: self.init(.notValid, "the key does not open this file")
    case .policyTooLong, .tooLong: self.init(.badInput, "the file is too large")
    case .noPublicKey: self.init(.internalFault, "the network's encryption key cannot be used")
    }
  }
}
