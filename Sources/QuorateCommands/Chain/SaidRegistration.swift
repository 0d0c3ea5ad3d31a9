import ArgumentParser
import Identifiers
import Membership
import Wire

/// What a node said of itself when it started, for a node that keeps no key on a disk.
struct SaidRegistration: ParsableArguments, Sendable {
  @Option(
    help: """
      A file with the registration that a node gave: JSON with node, identityKey, peer, client and proof, as node init \
      --json prints it.
      """)
  var registration: String?

  @Option(help: "The identity key in the node's log, with --proof, --peer and --client.")
  var identityKey: String?

  @Option(help: "The proof in the node's log.")
  var proof: String?

  private static let fileLimit = 64 << 10

  var isEmpty: Bool { registration == nil && identityKey == nil && proof == nil }

  /// - Parameter staker: whose node it is, where the file does not say it.
  /// - Throws: ``CommandFailure`` unless the identity key signed all of it for this network.
  func registration(
    of staker: WalletAddress, for network: NetworkID, peer: Endpoint?, client: Endpoint?
  ) throws(CommandFailure) -> Registration {
    let said: Registration
    switch (registration, identityKey, proof) {
    case (let file?, nil, nil) where peer == nil && client == nil:
      said = try Self.read(file)
    case (nil, let identityKey?, let proof?):
      guard let peer, let client else {
        throw CommandFailure(
          .badInput, "the proof is for certain endpoints", advice: "give --peer and --client as the node said them")
      }
      said = Registration(
        node: NodeID(staker: staker),
        identityKey: try Self.bytes(identityKey, "--identity-key", Registration.identityKeyByteCount),
        peerEndpoint: peer, clientEndpoint: client,
        proof: try Self.bytes(proof, "--proof", Registration.proofByteCount))
    default:
      throw CommandFailure(
        .badInput, "this does not say which key shall be registered",
        advice: "--config, --registration, or --identity-key with --proof, --peer and --client")
    }
    guard said.isProved(for: network) else {
      throw CommandFailure(
        .notValid, "this identity key did not sign this registration of \(said.node) for this network",
        advice: "give what the node said at its latest start, unchanged, and its staker's wallet")
    }
    return said
  }

  private static func read(_ file: String) throws(CommandFailure) -> Registration {
    let bytes = try PrivateFile.read(file, maximum: fileLimit)
    do throws(FormatError) {
      // It may hold what else node init says.
      var fields = try JSONFields(JSONValue.parse(bytes, limit: fileLimit))
      return Registration(
        node: try fields.identifier("node"),
        identityKey: try fields.bytes("identityKey", count: Registration.identityKeyByteCount),
        peerEndpoint: try fields.endpoint("peer"), clientEndpoint: try fields.endpoint("client"),
        proof: try fields.bytes("proof", count: Registration.proofByteCount))
    } catch {
      throw CommandFailure(
        .badInput, "\(file) is not a registration: \(error)", advice: "node init --json prints one")
    }
  }

  private static func bytes(_ text: String, _ option: String, _ count: Int) throws(CommandFailure) -> [UInt8] {
    guard let bytes = try? Base64URL.decode(text), bytes.count == count else {
      throw CommandFailure(.badInput, "\(option) is not \(count) bytes in base64url", advice: "copy it from the log")
    }
    return bytes
  }
}

extension JSONFields {
  fileprivate mutating func endpoint(_ name: String) throws(FormatError) -> Endpoint {
    guard let endpoint = try? Endpoint(text: string(name, limit: 512)) else { throw .invalid(name) }
    return endpoint
  }
}
