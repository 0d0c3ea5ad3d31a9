import EthereumChain
import Identifiers
import SigningContent
import Wire

/// What a reader asks one endpoint. Headers come with a recomputed hash, proofs unjudged.
extension ChainEndpoint {
  func chainID() async throws(RPCFailure) -> UInt64 { try await smallNumber("eth_chainId") }

  func latestHeader() async throws(RPCFailure) -> BlockHeader { try await header("latest") }

  func header(number: UInt64) async throws(RPCFailure) -> BlockHeader {
    let header = try await header(HexText.write(number))
    guard header.number == number else { throw .header(.otherBlock) }
    return header
  }

  private func header(_ block: String) async throws(RPCFailure) -> BlockHeader {
    let value = try await ask("eth_getBlockByNumber", [.string(block), .bool(false)])
    guard value != .null else { throw .noSuchBlock }
    do {
      return try BlockHeader(value)
    } catch {
      switch error {
      case .malformed(let error): throw .malformed(error)
      case .hashMismatch: throw .header(.hashMismatch)
      }
    }
  }

  func proof(of address: WalletAddress, _ keys: [Digest32], at block: PinnedBlock) async throws(RPCFailure)
    -> StateProof
  {
    let slots = JSONValue.array(keys.map { .string(HexText.write($0.bytes)) })
    let value = try await ask("eth_getProof", [.string(address.text), slots, block.json])
    do { return try StateProof(value, address: address, keys: keys) } catch { throw .malformed(error) }
  }

  func word(of address: WalletAddress, _ key: Digest32, at block: PinnedBlock) async throws(RPCFailure) -> UInt256 {
    let bytes = try await bytes(
      "eth_getStorageAt", [.string(address.text), .string(HexText.write(key.bytes)), block.json], limit: 32)
    guard let word = UInt256(bigEndianBytes: bytes) else { throw .malformed(.invalid("result")) }
    return word
  }

  func code(at address: WalletAddress, at block: PinnedBlock) async throws(RPCFailure) -> [UInt8] {
    // EIP-170 allows 24 KiB; chains of their own may allow more.
    try await bytes("eth_getCode", [.string(address.text), block.json], limit: 256 << 10)
  }

  /// - Parameters:
  ///   - gas: the same everywhere, since a contract can look at it.
  ///   - limit: of what the contract gives back, in bytes.
  func call(
    _ address: WalletAddress, _ data: [UInt8], gas: UInt64, at block: PinnedBlock, limit: Int = RPCLimits.callResult
  ) async throws(RPCFailure) -> [UInt8] {
    let call = JSONValue.object([
      JSONMember("to", .string(address.text)), JSONMember("data", .string(HexText.write(data))),
      JSONMember("gas", .string(HexText.write(gas))),
    ])
    return try await bytes("eth_call", [call, block.json], limit: limit)
  }
}
