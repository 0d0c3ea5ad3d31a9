/// The SHA-256 of a network's founding document; lower-case hex.
public typealias NetworkID = Identifier<NetworkIDKind>
/// The address of the staker of a node: `0x` and 40 lower-case hex digits.
public typealias NodeID = Identifier<NodeIDKind>
/// 32 random bytes a node makes at every boot and attests; base64url.
public typealias Instance = Identifier<InstanceKind>
/// An Ethereum address, `0x` and 40 lower-case hex digits. The EIP-55 mixed-case form lives in `Signatures`.
public typealias WalletAddress = Identifier<WalletAddressKind>
/// Names one derived key: the hash of network, purpose, owner and salt; lower-case hex.
public typealias KeyID = Identifier<KeyIDKind>
/// The hash of a request as it was received; lower-case hex.
public typealias RequestID = Identifier<RequestIDKind>
/// Names one run of one multi-party protocol; lower-case hex.
public typealias SessionID = Identifier<SessionIDKind>
/// Where frames of a session belong, before the session itself is known; lower-case hex.
public typealias RouteID = Identifier<RouteIDKind>
/// Any other SHA-256 value; lower-case hex.
public typealias Digest32 = Identifier<Digest32Kind>

public enum NetworkIDKind: HexIdentifierKind {}
public enum KeyIDKind: HexIdentifierKind {}
public enum RequestIDKind: HexIdentifierKind {}
public enum SessionIDKind: HexIdentifierKind {}
public enum RouteIDKind: HexIdentifierKind {}
public enum Digest32Kind: HexIdentifierKind {}
public enum NodeIDKind: AddressIdentifierKind {}
public enum WalletAddressKind: AddressIdentifierKind {}

public enum InstanceKind: IdentifierKind {
  public static var byteCount: Int { 32 }
  public static var textForm: IdentifierTextForm { .base64URL }
}

/// 32 bytes in lower-case hex.
public protocol HexIdentifierKind: IdentifierKind {}

extension HexIdentifierKind {
  public static var byteCount: Int { 32 }
  public static var textForm: IdentifierTextForm { .hex }
}

/// 20 bytes in `0x` lower-case hex.
public protocol AddressIdentifierKind: IdentifierKind {}

extension AddressIdentifierKind {
  public static var byteCount: Int { 20 }
  public static var textForm: IdentifierTextForm { .prefixedHex }
}

extension Identifier where Kind == NodeIDKind {
  /// A node is named by the address of its staker.
  public init(staker: WalletAddress) {
    self.init(unchecked: staker.bytes)
  }

  public var staker: WalletAddress { WalletAddress(sameBytesAs: self) }
}

extension Identifier where Kind: AddressIdentifierKind {
  init(sameBytesAs other: Identifier<some AddressIdentifierKind>) {
    self.init(unchecked: other.bytes)
  }
}

extension Identifier where Kind: HexIdentifierKind {
  /// Gives a 32-byte digest the meaning of this kind.
  public init(_ digest: Digest32) {
    self.init(unchecked: digest.bytes)
  }

  /// The same 32 bytes as a plain digest.
  public var digest: Digest32 { Digest32(unchecked: bytes) }
}
