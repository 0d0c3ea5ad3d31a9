import Foundation

/// Nobody signs what was not shown: a person is asked, a script says so beforehand.
struct Confirmation {
  let console: Console
  /// What `--yes` says.
  let isGiven: Bool
  var answer: () -> String? = { readLine() }

  func require(_ question: String) throws(CommandFailure) {
    if isGiven { return }
    guard console.format == .text, console.traits.inputIsTerminal, console.traits.errorIsTerminal else {
      throw CommandFailure(.refused, "nobody is here to confirm what would be signed", advice: "give --yes")
    }
    console.prompt(question + " [y/N] ")
    guard let answer = answer(), ["y", "yes"].contains(answer.lowercased()) else {
      throw CommandFailure(.interrupted, "nothing was signed")
    }
  }
}
