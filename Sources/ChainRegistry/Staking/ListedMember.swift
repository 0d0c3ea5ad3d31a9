package import EthereumChain
package import Identifiers
package import Membership
import Signatures

/// A member as the contract lists it: the registration is bytes that nobody has judged.
package struct ListedMember: Sendable, Hashable {
  package let staker: WalletAddress
  /// In gwei.
  package let stake: UInt64
  /// Identity key ‖ proof ‖ u16 length of the peer endpoint ‖ peer endpoint ‖ client endpoint.
  package let registration: [UInt8]

  package init(staker: WalletAddress, stake: UInt64, registration: [UInt8]) {
    self.staker = staker
    self.stake = stake
    self.registration = registration
  }

  package init(_ fields: inout ABIFields) throws(ABIError) {
    staker = try fields.address()
    stake = try fields.uint64()
    registration = try fields.bytes()
    try fields.finish()
  }

  package var leaf: Digest32 {
    WordHash.hash([.address(staker), .number(stake), .digest(.keccak256(registration))])
  }

  /// Nil where the bytes are no registration. Whether the key signed it is judged where the snapshot is made.
  package var member: Member? {
    var reader = ByteReader(registration)
    guard let key = try? reader.raw(Registration.identityKeyByteCount),
      let proof = try? reader.raw(Registration.proofByteCount), let count = try? reader.u16(),
      let peer = try? reader.raw(Int(count)), let client = try? reader.raw(reader.remaining),
      let peerEndpoint = Self.endpoint(peer), let clientEndpoint = Self.endpoint(client)
    else { return nil }
    return Member(
      registration: Registration(
        node: NodeID(staker: staker), identityKey: key, peerEndpoint: peerEndpoint, clientEndpoint: clientEndpoint,
        proof: proof),
      stake: stake)
  }

  private static func endpoint(_ bytes: [UInt8]) -> Endpoint? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return try? Endpoint(text: text)
  }
}
