public import Identifiers

/// The ways this project knows to trusted execution environments.
public enum HardwareProviders {
  /// What an operator may say about the machine. Nothing here makes evidence count that would not without it.
  public struct Settings: Sendable {
    /// SEV-SNP: the certificate of the key that signs reports, for hosts that hand out none.
    public var certificate: KeyCertificateFile?
    /// SEV-SNP: the level (VMPL) reports shall name.
    public var privilegeLevel: UInt32 = 0

    public init() {}
  }

  /// Chooses by what the machine has and what the network accepts, in this order: configfs-tsm, `/dev/sev-guest`,
  /// `/dev/nsm`.
  ///
  /// - Parameter accepted: kinds of evidence the network's policy takes.
  /// - Throws: ``HardwareAbsence``: what was looked for, and why each did not do.
  public static func find(
    accepted: Set<EvidenceKind>, settings: Settings = Settings(), kernel: any KernelInterface = LinuxKernel(),
    clock: any LocalClock = SystemClock()
  ) throws(HardwareAbsence) -> HardwareAttester {
    var reasons: [HardwareAbsence.Reason] = []
    for way in Way.allCases {
      do throws(HardwareAbsence.Reason) {
        let source = try way.source(settings, kernel)
        guard accepted.contains(source.kind) else { throw .init(way.place, .notAccepted(source.kind)) }
        return HardwareAttester(source, clock: clock)
      } catch {
        reasons.append(error)
      }
    }
    throw HardwareAbsence(reasons: reasons)
  }

  private enum Way: CaseIterable {
    case reports, guestDevice, securityModule

    var place: String {
      switch self {
      case .reports: TSMReports.folder
      case .guestDevice: SNPGuestDevice.path
      case .securityModule: NitroSource.path
      }
    }

    func source(
      _ settings: Settings, _ kernel: any KernelInterface
    ) throws(HardwareAbsence.Reason) -> any EvidenceSource {
      guard kernel.exists(place) else { throw .init(place, .notThere) }
      func snp(_ way: SNPSource.Way) -> SNPSource {
        SNPSource(way: way, certificate: settings.certificate?.der, privilegeLevel: settings.privilegeLevel)
      }
      switch self {
      case .guestDevice: return snp(.device(SNPGuestDevice(kernel: kernel)))
      case .securityModule: return NitroSource(kernel: kernel)
      case .reports:
        let reports = TSMReports(kernel: kernel)
        let name: String
        do { name = try reports.provider() } catch { throw .init(place, .fails(error)) }
        switch name {
        case SNPSource.providerName: return snp(.reports(reports))
        case TDXSource.providerName: return TDXSource(reports: reports)
        default: throw .init(place, .unknownProvider)
        }
      }
    }
  }
}

/// Why a machine has no environment that a network accepts.
public struct HardwareAbsence: Error, Sendable, Hashable, CustomStringConvertible {
  public struct Reason: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Fault: Sendable, Hashable {
      case notThere
      case fails(EvidenceProductionError)
      /// Neither SEV-SNP nor TDX.
      case unknownProvider
      case notAccepted(EvidenceKind)
    }

    /// Where it was looked for.
    public let place: String
    public let fault: Fault

    init(_ place: String, _ fault: Fault) {
      self.place = place
      self.fault = fault
    }

    public var description: String {
      switch fault {
      case .notThere: "\(place) is not there"
      case .fails(let error): "\(place): \(error)"
      case .unknownProvider: "\(place) is of a kind that is not known here"
      case .notAccepted(let kind): "\(place) gives \(kind) evidence, which the network does not accept"
      }
    }
  }

  /// One for each way, in the order of looking.
  public let reasons: [Reason]

  public var description: String {
    "no trusted execution environment: " + reasons.map(\.description).joined(separator: "; ")
  }
}
