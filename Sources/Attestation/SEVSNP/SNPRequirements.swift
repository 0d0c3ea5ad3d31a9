/// What a network asks of SEV-SNP platforms beyond what is asked of every environment.
public struct SNPRequirements: Sendable, Hashable {
  /// The oldest firmware of each product that counts; a product that is missing does not count at all.
  public var minimumFirmware: [SNPProduct: SNPFirmware]
  /// Whose keys may sign.
  public var signers: Set<SNPSigner> = [.chip]
  /// The privilege level (VMPL) the node runs at: 0 where no paravisor lies between.
  public var privilegeLevel: UInt32 = 0
  /// Bits of PLATFORM_INFO that have to be set. Bit 5 says that the firmware looked for aliased memory.
  public var protections: UInt64 = 0
  /// Bits of the mitigation vector that have to be set at launch and now; only reports of version 5 have one.
  public var mitigations: UInt64 = 0
  /// What the host has to have said at launch, 32 bytes; nil where it does not matter.
  public var hostData: [UInt8]?
  /// SHA-384 of the keys that may have signed the ID block; nil where no ID block is asked for.
  public var idKeys: Set<[UInt8]>?
  /// The lowest guest version (GUEST_SVN) in the ID block. Without a list of ID keys the host chooses it.
  public var minimumGuestVersion: UInt32 = 0
  /// SHA-384 of the keys that may have signed the ID key.
  public var authorKeys: Set<[UInt8]>?
  /// Whether a current revocation list of the product's root is needed.
  public var needsRevocationList = false

  public init(minimumFirmware: [SNPProduct: SNPFirmware]) {
    self.minimumFirmware = minimumFirmware
  }
}
