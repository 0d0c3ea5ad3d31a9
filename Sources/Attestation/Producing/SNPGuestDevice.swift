import Foundation
import Secrets

/// `/dev/sev-guest` (Linux 5.19 and later, include/uapi/linux/sev-guest.h): reports and keys of the secure processor.
///
/// Bodies of answers are those of the SEV-SNP firmware ABI, MSG_REPORT_RSP and MSG_KEY_RSP.
struct SNPGuestDevice: Sendable {
  static let path = "/dev/sev-guest"
  /// SEV_FW_BLOB_MAX_SIZE: what the driver takes from a host at most, and a whole number of pages.
  static let maximumTableSize = 0x4000

  /// _IOWR('S', n, struct snp_guest_request_ioctl).
  private enum Request: UInt {
    case report = 0xC020_5300
    case derivedKey = 0xC020_5301
    case extendedReport = 0xC020_5302
  }

  /// Which properties of the guest go into a derived key (firmware ABI, MSG_KEY_REQ, GUEST_FIELD_SELECT).
  struct KeyFields: OptionSet, Sendable {
    let rawValue: UInt64

    static let policy = KeyFields(rawValue: 1 << 0)
    static let measurement = KeyFields(rawValue: 1 << 3)
  }

  let kernel: any KernelInterface

  func report(over reportData: ReportData, privilegeLevel: UInt32) throws(EvidenceProductionError) -> SNPReport {
    var message = Self.reportRequest(reportData, privilegeLevel)
    return try Self.report(in: answer(.report, &message, count: Self.reportAnswerByteCount))
  }

  /// The report and the host's table of certificates; nil for a table that is larger than the driver takes.
  func extendedReport(
    over reportData: ReportData, privilegeLevel: UInt32
  ) throws(EvidenceProductionError) -> (report: SNPReport, table: [UInt8])? {
    var table = [UInt8](repeating: 0, count: Self.maximumTableSize)
    // struct snp_ext_report_req: the request for a report, address and length of the table, four bytes of padding.
    var message = Self.reportRequest(reportData, privilegeLevel) + [UInt8](repeating: 0, count: 16)
    message.put(UInt32(Self.maximumTableSize), at: 104)
    let answer: Result<[UInt8], EvidenceProductionError> = unsafe table.withUnsafeMutableBytes { bytes in
      message.put(UInt64(UInt(bitPattern: bytes.baseAddress)), at: 96)
      do throws(EvidenceProductionError) {
        return .success(try self.answer(.extendedReport, &message, count: Self.reportAnswerByteCount))
      } catch {
        return .failure(error)
      }
    }
    do {
      return (try Self.report(in: answer.get()), table)
    } catch .host(Self.invalidLength) {
      return nil
    }
  }

  /// 32 bytes that are the same for every guest with the same fields on this chip.
  func derivedKey(from fields: KeyFields, privilegeLevel: UInt32) throws(EvidenceProductionError) -> SecretBytes {
    // struct snp_derived_key_req: root key (0 is the chip's), four reserved bytes, fields, level, guest version, firmware.
    var message = [UInt8](repeating: 0, count: 32)
    message.put(fields.rawValue, at: 8)
    message.put(privilegeLevel, at: 16)
    var answer = SecretBytes(zeroed: Self.keyAnswerByteCount)
    let outcome: Result<Void, EvidenceProductionError> = unsafe answer.withUnsafeMutablePointer { response in
      do throws(EvidenceProductionError) {
        return .success(try unsafe exchange(.derivedKey, &message, response: response))
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
    let status = unsafe answer.withUnsafePointer { unsafe $0.loadUnaligned(as: UInt32.self) }
    guard status == 0 else { throw .firmware(UInt32(littleEndian: status)) }
    guard let key = answer.copy(of: 32..<64) else { throw .malformed("a key") }
    return key
  }

  private func answer(
    _ request: Request, _ message: inout [UInt8], count: Int
  ) throws(EvidenceProductionError) -> [UInt8] {
    var response = [UInt8](repeating: 0, count: count)
    let outcome: Result<Void, EvidenceProductionError> = unsafe response.withUnsafeMutableBytes { bytes in
      do throws(EvidenceProductionError) {
        guard let start = bytes.baseAddress else { return .success(()) }
        return .success(try unsafe exchange(request, &message, response: start))
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
    return response
  }

  /// struct snp_guest_request_ioctl: version of the message, seven bytes of padding, the addresses of request and
  /// response, and what firmware and host say, four bytes each.
  private func exchange(
    _ request: Request, _ message: inout [UInt8], response: UnsafeMutableRawPointer
  ) throws(EvidenceProductionError) {
    var envelope = [UInt8](repeating: 0, count: 32)
    envelope[0] = 1
    envelope.put(UInt64(UInt(bitPattern: response)), at: 16)
    let fault: KernelFault? = unsafe message.withUnsafeMutableBytes { bytes in
      envelope.put(UInt64(UInt(bitPattern: bytes.baseAddress)), at: 8)
      return unsafe envelope.withUnsafeMutableBytes { argument in
        guard let start = argument.baseAddress else { return nil }
        do throws(KernelFault) {
          try unsafe kernel.control(Self.path, request: request.rawValue, argument: start)
          return nil
        } catch {
          return error
        }
      }
    }
    guard let fault else { return }
    switch (envelope.number(at: 24, as: UInt32.self), envelope.number(at: 28, as: UInt32.self)) {
    case (_, Self.hostIsBusy): throw .busy
    // The firmware was never asked; older drivers say 0xFF.
    case (0, 0), (0xFFFF_FFFF, _), (0xFF, 0): throw .kernel(fault)
    case (let firmware, 0): throw .firmware(firmware)
    case (_, let host): throw .host(host)
    }
  }

  private static let invalidLength: UInt32 = 1
  private static let hostIsBusy: UInt32 = 2
  private static let reportAnswerByteCount = 4000
  private static let keyAnswerByteCount = 64

  /// struct snp_report_req: report data, privilege level, 28 reserved bytes.
  private static func reportRequest(_ reportData: ReportData, _ privilegeLevel: UInt32) -> [UInt8] {
    var message = reportData.bytes + [UInt8](repeating: 0, count: 32)
    message.put(privilegeLevel, at: 64)
    return message
  }

  /// Status and size, 24 reserved bytes, the report.
  private static func report(in answer: [UInt8]) throws(EvidenceProductionError) -> SNPReport {
    let status: UInt32 = answer.number(at: 0)
    guard status == 0 else { throw .firmware(status) }
    guard answer.number(at: 4, as: UInt32.self) == SNPReport.byteCount,
      let report = SNPReport(bytes: answer[32..<32 + SNPReport.byteCount])
    else { throw .malformed("a report") }
    return report
  }
}
