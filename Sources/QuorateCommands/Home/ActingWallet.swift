import Foundation
import Identifiers
import Signatures

/// The wallet a command acts as, and what signs for it.
struct ActingWallet: Sendable {
  let address: WalletAddress
  /// Whose signature it is: a key's address or a program's path. What one signed is not another's.
  let signer: String
  /// Signs the text of a capability: r ‖ s ‖ v, or whatever the contract of such a wallet takes.
  let sign: @Sendable (_ text: String) async throws(CommandFailure) -> [UInt8]

  /// - Parameter contract: the wallet acted as, where it is a contract that takes this key's signatures.
  init(_ key: EthereumSigningKey, contract: WalletAddress? = nil) {
    address = contract ?? key.address
    signer = key.address.text
    sign = { (text) throws(CommandFailure) in
      guard let signature = try? key.signMessage(Array(text.utf8)) else {
        throw CommandFailure(.internalFault, "the wallet cannot sign")
      }
      return signature
    }
  }

  /// - Parameter program: reads the text from its standard input and writes the signature, `0x` and hex.
  init(_ address: WalletAddress, program: String) {
    self.address = address
    signer = program
    sign = { (text) throws(CommandFailure) in try await Self.signature(of: text, by: program) }
  }

  /// Somebody may have to look at a device and press a button.
  private static let patience = Duration.seconds(180)

  private static func signature(of text: String, by program: String) async throws(CommandFailure) -> [UInt8] {
    guard let path = ExternalTool.find(program) else {
      throw CommandFailure(.notFound, "\(program) is no program that can be run", advice: "give its path to --signer")
    }
    let outcome = try await ExternalTool.run(
      path, [], input: Array(text.utf8), showsErrors: true, timeout: patience)
    guard outcome.succeeded else {
      throw CommandFailure(.refused, "\(program) did not sign: it ended with status \(outcome.status)")
    }
    let written = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    guard written.hasPrefix("0x"), let signature = try? Hex.decode(written.dropFirst(2).utf8), !signature.isEmpty
    else {
      throw CommandFailure(.badInput, "what \(program) wrote is no signature", advice: "it has to write 0x and hex")
    }
    return signature
  }
}
