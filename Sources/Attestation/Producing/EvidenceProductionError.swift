/// Why the environment gave no evidence. None of it is the fault of a peer.
public enum EvidenceProductionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kernel refused.
  case kernel(KernelFault)
  /// The host throttles requests, or somebody else used the interface at the same time.
  case busy
  /// The firmware refused with this status.
  case firmware(UInt32)
  /// The host refused with this code (GHCB specification, SNP Guest Request).
  case host(UInt32)
  /// The security module of an enclave refused.
  case securityModule(NitroFault)
  /// What came back is not what the interface is documented to give.
  case malformed(String)
  /// A report that says something else than was asked for, or that its own key did not sign.
  case contradictsRequest(String)
  /// Neither the host nor the given file has the certificate of the key that signed.
  case noCertificate
  /// Another key signs here than one of this chip, so that keys derived here are not of this chip.
  case notChipBound

  /// Whether the same may work a moment later.
  public var isTemporary: Bool {
    switch self {
    case .busy: true
    case .kernel(let fault): fault.isTemporary
    default: false
    }
  }

  public var description: String {
    switch self {
    case .kernel(let fault): fault.description
    case .busy: "the environment is busy"
    case .firmware(let status): "the firmware refuses with status 0x\(String(status, radix: 16))"
    case .host(let code): "the host refuses with code \(code)"
    case .securityModule(let fault): "the security module refuses: \(fault.rawValue)"
    case .malformed(let what): "the environment answers with something that is not \(what)"
    case .contradictsRequest(let what): "the environment answers with a report that \(what)"
    case .noCertificate:
      "no certificate of the key that signs reports: the host offers none, and none that fits was given in a file"
    case .notChipBound: "reports here are not signed by a key of the chip"
    }
  }
}
