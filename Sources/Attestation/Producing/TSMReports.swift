import Foundation
import Synchronization

/// Reports through configfs-tsm (Linux 6.7 and later, Documentation/ABI/testing/configfs-tsm-report; the same files for
/// SEV-SNP and TDX).
///
/// Every request has a folder of its own, so that nobody else's writes mix with it.
final class TSMReports: Sendable {
  static let folder = "/sys/kernel/config/tsm/report"
  /// As the driver limits it.
  private static let maximumSize = 32 << 10
  private static let attempts = 64

  struct Answer: Sendable, Hashable {
    let report: [UInt8]
    /// SEV-SNP: the host's table of certificates. Empty where the driver gives none.
    let auxiliary: [UInt8]
  }

  private let kernel: any KernelInterface
  private let requests = Atomic<UInt64>(0)

  init(kernel: any KernelInterface) {
    self.kernel = kernel
  }

  /// As the driver calls itself: `sev_guest`, `tdx_guest`.
  func provider() throws(EvidenceProductionError) -> String {
    try withRequest { request throws(EvidenceProductionError) in try self.text(request + "/provider") }
  }

  /// - Parameters:
  ///   - provider: whose report it has to be.
  ///   - privilegeLevel: written only where it is not 0, because not every driver has one.
  ///   - readsAuxiliary: whether ``Answer/auxiliary`` is of use.
  func report(
    over reportData: ReportData, provider: String, privilegeLevel: UInt32 = 0, readsAuxiliary: Bool
  ) throws(EvidenceProductionError) -> Answer {
    try withRequest { request throws(EvidenceProductionError) in
      guard try self.text(request + "/provider") == provider else {
        throw .contradictsRequest("is not by \(provider)")
      }
      let before = try self.generation(request)
      var writes: UInt64 = 1
      if privilegeLevel != 0 {
        try self.write(Array(String(privilegeLevel).utf8), request + "/privlevel")
        writes += 1
      }
      try self.write(reportData.bytes, request + "/inblob")
      let report = try self.read(request + "/outblob")
      let auxiliary = readsAuxiliary ? try self.auxiliary(request) : []
      // The driver takes what was written when the file is closed, where no error can be told. What shows is whether it
      // counted as many writes as there were, neither fewer nor, by somebody else, more.
      guard try self.generation(request) == before &+ writes else { throw .busy }
      return Answer(report: report, auxiliary: auxiliary)
    }
  }

  private func withRequest<Result>(
    _ body: (String) throws(EvidenceProductionError) -> Result
  ) throws(EvidenceProductionError) -> Result {
    let request = try makeRequest()
    // What cannot be removed stays behind and harms nobody; the next request has another name.
    defer { try? kernel.removeFolder(request) }
    return try body(request)
  }

  /// A folder that a process left behind when it was killed keeps its name.
  private func makeRequest() throws(EvidenceProductionError) -> String {
    var last: KernelFault?
    for _ in 0..<Self.attempts {
      let number = requests.wrappingAdd(1, ordering: .relaxed).newValue
      let path = "\(Self.folder)/quorate-\(number)"
      do {
        try kernel.makeFolder(path)
        return path
      } catch {
        guard error.code == EEXIST else { throw .kernel(error) }
        last = error
      }
    }
    throw last.map { .kernel($0) } ?? .busy
  }

  private func auxiliary(_ request: String) throws(EvidenceProductionError) -> [UInt8] {
    let path = request + "/auxblob"
    return kernel.exists(path) ? try read(path) : []
  }

  private func generation(_ request: String) throws(EvidenceProductionError) -> UInt64 {
    guard let number = UInt64(try text(request + "/generation")) else { throw .malformed("a generation") }
    return number
  }

  private func text(_ path: String) throws(EvidenceProductionError) -> String {
    let bytes: [UInt8]
    do { bytes = try kernel.read(path, limit: 4096) } catch { throw .kernel(error) }
    guard let text = String(validating: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    else { throw .malformed("text") }
    return text
  }

  private func read(_ path: String) throws(EvidenceProductionError) -> [UInt8] {
    do { return try kernel.read(path, limit: Self.maximumSize) } catch { throw .kernel(error) }
  }

  private func write(_ bytes: [UInt8], _ path: String) throws(EvidenceProductionError) {
    do { try kernel.write(bytes, to: path) } catch { throw .kernel(error) }
  }
}
