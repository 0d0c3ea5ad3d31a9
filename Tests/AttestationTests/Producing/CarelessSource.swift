@testable import Attestation
import Foundation

/// The weakened double of the sources: it passes on whatever configfs-tsm gives, with the first certificate in the table.
struct CarelessSource: EvidenceSource {
  let kernel: any KernelInterface
  let kind = EvidenceKind.sevSNP

  func evidence(over reportData: ReportData) throws(EvidenceProductionError) -> Evidence {
    let folder = "/sys/kernel/config/tsm/report/careless"
    do {
      try kernel.makeFolder(folder)
      defer { try? kernel.removeFolder(folder) }
      try kernel.write(reportData.bytes, to: folder + "/inblob")
      let report = try kernel.read(folder + "/outblob", limit: 1 << 15)
      let table = try kernel.read(folder + "/auxblob", limit: 1 << 15)
      return try Evidence(kind: kind, data: report + (CertificateTable(bytes: table).certificates.first ?? []))
    } catch {
      throw .malformed("\(error)")
    }
  }
}
