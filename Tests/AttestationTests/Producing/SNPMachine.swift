@testable import Attestation

/// An SEV-SNP machine whose chip is made by a test.
extension FakeKernel {
  static func snp(
    _ amd: TestAMD, through way: Way, provider: String? = nil, certificates: [[UInt8]]? = nil,
    _ change: (inout Machine) -> Void = { _ in }
  ) throws -> FakeKernel {
    let table = CertificateTable.bytes(try certificates ?? [amd.endorsement(provider: provider)])
    return FakeKernel { machine in
      machine.provider = way == .reports ? "sev_guest" : nil
      machine.hasGuestDevice = way == .device
      machine.report = { data, level in
        try amd.report(provider: provider != nil) { report in
          report.reportData = data
          report.privilegeLevel = level
        }.bytes
      }
      machine.table = table
      change(&machine)
    }
  }

  enum Way: CaseIterable {
    case reports, device
  }
}

extension CertificateTable {
  /// As a host writes it; every entry has the name of a VCEK.
  static func bytes(_ certificates: [[UInt8]]) -> [UInt8] {
    let name: [UInt8] = [
      0x63, 0xDA, 0x75, 0x8D, 0xE6, 0x64, 0x45, 0x64, 0xAD, 0xC5, 0xF4, 0xB9, 0x3B, 0xE8, 0xAC, 0xCD,
    ]
    var offset = 24 * (certificates.count + 1)
    var entries: [UInt8] = []
    for certificate in certificates {
      entries += name + little(offset) + little(certificate.count)
      offset += certificate.count
    }
    return entries + [UInt8](repeating: 0, count: 24) + certificates.flatMap(\.self)
  }

  private static func little(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
}
