import EthereumChain
import Foundation
import Identifiers
import Wire

/// Headers and proofs that py-evm and py-trie made (`Tests/Independent/make_chain_vectors.py`), and the first block of
/// the main network as everybody knows it.
enum ChainVectors {
  static let all = Result {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/headers-and-proofs.json")
    return try JSONValue(parsing: Array(Data(contentsOf: file)), limit: 1 << 20)
  }

  static let forks = ["mainnet-genesis", "frontier", "london", "shanghai", "cancun", "prague"]

  static func header(_ fork: String) throws -> JSONValue { try all.get()["headers"][fork] }
  static func state(_ name: String) throws -> JSONValue { try all.get()["state"][name] }

  static func root() throws -> Digest32 {
    guard case .string(let text) = try state("root") else { throw FormatError.missing("root") }
    return try Digest32(bytes: HexText.bytes(text, limit: 32) ?? [])
  }
}

extension JSONValue {
  subscript(_ name: String) -> JSONValue {
    guard case .object(let members) = self else { return .null }
    return members.first { $0.name == name }?.value ?? .null
  }

  var list: [JSONValue] { if case .array(let values) = self { values } else { [] } }
  var text: String { if case .string(let text) = self { text } else { "" } }
  var names: [String] { if case .object(let members) = self { members.map(\.name) } else { [] } }

  func setting(_ name: String, to value: JSONValue?) -> JSONValue {
    guard case .object(var members) = self else { return self }
    members.removeAll { $0.name == name }
    if let value { members.append(JSONMember(name, value)) }
    return .object(members)
  }
}
