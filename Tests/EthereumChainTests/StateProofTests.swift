import EthereumChain
import Identifiers
import SigningContent
import Testing
import Wire

struct StateProofTests {
  private func proof(_ name: String, _ change: (JSONValue) -> JSONValue = { $0 }) throws -> StateProof {
    let vector = try ChainVectors.state(name)
    let address = try WalletAddress(text: vector["address"].text)
    let keys = try vector["storageProof"].list.map {
      try Digest32(bytes: HexText.bytes($0["key"].text, limit: 32) ?? [])
    }
    return try StateProof(change(vector), address: address, keys: keys)
  }

  @Test(arguments: ["small", "large"])
  func `A proof that independent code made shows the words that are there`(_ name: String) throws {
    let state = try proof(name).verified(under: ChainVectors.root())
    let words = try ChainVectors.state(name + "Words").list.map(\.text)
    #expect(state.words.map { HexText.write($0) } == words)
    #expect(state.account?.hasCode == true)
  }

  @Test func `An account without storage and an account that is not there have nothing but zeros`() throws {
    let plain = try proof("plain").verified(under: ChainVectors.root())
    #expect(plain.account?.nonce == 5)
    #expect(plain.account?.hasCode == false)
    #expect(plain.words == [.zero])
    let absent = try proof("absent").verified(under: ChainVectors.root())
    #expect(absent.account == nil)
  }

  @Test func `Under another state root nothing is shown`() throws {
    #expect(throws: ProofError.wrongNode) { try proof("small").verified(under: .zero) }
  }

  /// The nodes of one path, changed.
  private func changing(_ path: String, _ change: @escaping ([JSONValue]) -> [JSONValue]) -> (JSONValue) -> JSONValue {
    { answer in
      if path == "accountProof" { return answer.setting(path, to: .array(change(answer[path].list))) }
      let slots = answer["storageProof"].list
      let first = slots[0].setting("proof", to: .array(change(slots[0]["proof"].list)))
      return answer.setting("storageProof", to: .array([first] + slots.dropFirst()))
    }
  }

  @Test(arguments: ["accountProof", "storageProof"])
  func `A proof with a node less, more, repeated or in another order shows nothing`(_ path: String) throws {
    let root = try ChainVectors.root()
    let changes: [([JSONValue]) -> [JSONValue]] = [
      { Array($0.dropLast()) }, { Array($0.dropFirst()) }, { $0 + $0.suffix(1) }, { $0.reversed() }, { _ in [] },
      { [$0[0]] + $0 },
    ]
    for change in changes {
      #expect(throws: ProofError.self) { try proof("small", changing(path, change)).verified(under: root) }
    }
  }

  @Test(arguments: ["accountProof", "storageProof"])
  func `A proof with any bit of any node turned shows nothing`(_ path: String) throws {
    let root = try ChainVectors.root()
    for place in 0..<2 {
      for bit in stride(from: 0, to: 1_000, by: 7) {
        let turned = changing(path) { nodes in
          var nodes = nodes
          guard var node = HexText.bytes(nodes[place].text, limit: 1 << 10) else { return nodes }
          node[bit / 8 % node.count] ^= 1 << UInt8(bit % 8)
          nodes[place] = .string(HexText.write(node))
          return nodes
        }
        #expect(throws: ProofError.self) { try proof("small", turned).verified(under: root) }
      }
    }
  }

  /// One account's slot passed off as another's would be a forged registry.
  @Test func `The storage of another account is refused`() throws {
    let other = try ChainVectors.state("large")
    let swapped = { (answer: JSONValue) in answer.setting("accountProof", to: other["accountProof"]) }
    #expect(throws: ProofError.wrongNode) { try proof("small", swapped).verified(under: ChainVectors.root()) }
  }

  @Test func `Answers beyond every bound are refused before they are looked at`() throws {
    let many = changing("accountProof") { Array(repeating: $0[0], count: 66) }
    #expect(throws: FormatError.invalid("accountProof")) { try proof("small", many) }
    let large = changing("accountProof") { _ in [.string("0x" + String(repeating: "00", count: 1_025))] }
    #expect(throws: FormatError.invalid("accountProof")) { try proof("small", large) }
    let fewer = { (answer: JSONValue) in answer.setting("storageProof", to: .array([])) }
    #expect(throws: FormatError.invalid("storageProof")) { try proof("small", fewer) }
  }
}
