import Client
import Identifiers
import Wire

extension CommandFailure {
  init(client error: ClientError) {
    switch error {
    case .registryUnavailable:
      self.init(
        .networkNotTrusted, "the network's registry cannot be read or was changed", advice: "check network.json")
    case .paused:
      self.init(
        .networkUnavailable, "the network's stakers paused it", advice: "quorate network show says until when")
    case .tooFewNodes(let verified, let needed, let failures):
      let who = failures.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }
      self.init(
        .networkUnavailable,
        (["only \(verified) of the \(needed) nodes needed proved themselves"] + who).joined(separator: "\n  "),
        advice: "are the nodes running? quorate devnet status <folder>")
    case .noKeyCertificate:
      self.init(.networkUnavailable, "the network has not generated its keys yet", advice: "wait a few seconds")
    case .keyCertificate(let error):
      self.init(.networkNotTrusted, "the key certificate does not verify (\(error))", advice: "tell the operators")
    case .otherKeyCertificate:
      self.init(.networkNotTrusted, "this belongs to another key certificate than the registry's present one")
    case .unknownKey(let key):
      self.init(.notFound, "no key \(key) in this network", advice: "quorate key list")
    case .refused(let code): self.init(refused: code)
    case .session(.contractWithoutChain):
      self.init(
        .refused, "the signature is not one of this wallet's key, and this network asks no contracts",
        advice: "act as a contract where the registry is on a chain; else leave --as out")
    case .session: self.init(.internalFault, "the session could not be made")
    case .failed(let attempts, let last):
      let who = last.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }
      self.init(
        .networkUnavailable, (["no result after \(attempts) attempts"] + who).joined(separator: "\n  "),
        advice: "try again; if it goes on, quorate devnet status <folder>")
    case .nodesDiffer(let groups):
      let who = groups.map { $0.map(\.text).joined(separator: " ") }
      self.init(
        .notValid, (["the nodes do not agree on what became of the action:"] + who).joined(separator: "\n  "),
        advice: "an action must do the same on every node: no time, no randomness, no answers that change")
    case .notDecryptable: self.init(.notValid, "the file's data key does not open: its header was changed")
    case .unsuitableInput(let what): self.init(.badInput, what)
    case .inconsistent(let what):
      self.init(
        .internalFault, "the network contradicts its own key certificate: \(what)", advice: "tell the operators")
    }
  }

  private init(refused code: ErrorCode) {
    let advice: String? =
      switch code {
      case .notPermitted:
        "check that this wallet may use the key or is named by the file's policy: quorate wallet list, quorate key show"
      case .invalidCapability: "have the wallet sign anew: --fresh-session"
      case .outsideTimeWindow: "check this machine's clock: date -u"
      case .tooLarge: "sign the file's digest instead: quorate sign --file"
      default: nil
      }
    self.init(.refused, "the nodes refuse: \(code.message)", advice: advice)
  }
}

extension ConnectionFailure {
  var text: String {
    switch self {
    case .unreachable: "nobody answers"
    case .closed: "it closed the connection"
    case .timedOut: "it did not answer in time"
    case .malformed: "it answered something that is not an answer"
    case .notVerified(let check): "it could not prove itself (\(check))"
    }
  }
}

extension NodeTrouble {
  var text: String {
    switch self {
    case .connection(let failure): failure.text
    case .refused(let code): "refused: \(code.message)"
    case .sessionFailed(let code): code.message
    case .cheated(let what): "misbehaved: \(what)"
    case .silent: "it did not answer in time"
    case .notNeeded: "was not waited for"
    }
  }
}
