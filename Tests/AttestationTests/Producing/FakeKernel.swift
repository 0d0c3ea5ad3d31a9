@testable import Attestation
import Foundation
import Synchronization

/// A kernel with the devices a test gives it: configfs-tsm, `/dev/sev-guest`, `/dev/nsm`, written after the kernel's
/// documents and headers and not after the code under test. It follows the addresses it is handed as the real one does.
final class FakeKernel: KernelInterface {
  struct Machine: Sendable {
    /// Nil where there is no configfs-tsm.
    var provider: String?
    var hasGuestDevice = false
    var hasSecurityModule = false
    /// A report over these 64 bytes for this privilege level.
    var report: @Sendable (_ data: [UInt8], _ level: UInt32) throws -> [UInt8] = { _, _ in [] }
    /// What the host hands out beside it.
    var table: [UInt8] = []
    /// What the security module answers to a request.
    var answer: @Sendable (_ request: [UInt8]) throws -> [UInt8] = { _ in [] }
    var derivedKey = [UInt8](repeating: 0xD1, count: 32)
    /// Error numbers by the last part of a path or by what is done with folders, used up one after the other.
    var faults: [String: [Int32]] = [:]
    /// What firmware and host say to requests of `/dev/sev-guest`, used up one after the other.
    var statuses: [(firmware: UInt32, host: UInt32)] = []
    /// The status inside answers of `/dev/sev-guest`.
    var answerStatus: UInt32 = 0
    var answerSize: UInt32 = 1184
    /// What counts as a write without being one of ours, or the reverse.
    var strayWrites = 0
    /// Bytes the security module says it wrote, where that is not true.
    var answerLength: UInt64?

    // What a test looks at afterwards.
    var folders: [String: Request] = [:]
    var calls: [UInt] = []
    var keyRequests: [[UInt8]] = []
    var attempts = 0
  }

  struct Request: Sendable {
    var data: [UInt8] = []
    var level: UInt32 = 0
    var generation: UInt64 = 0
  }

  let machine: Mutex<Machine>

  init(_ change: (inout Machine) -> Void) {
    var machine = Machine()
    change(&machine)
    self.machine = Mutex(machine)
  }

  private static let folder = "/sys/kernel/config/tsm/report"

  func exists(_ path: String) -> Bool {
    machine.withLock { machine in
      switch path {
      case Self.folder: machine.provider != nil
      case "/dev/sev-guest": machine.hasGuestDevice
      case "/dev/nsm": machine.hasSecurityModule
      default: path.hasSuffix("/auxblob") && machine.provider == "sev_guest"
      }
    }
  }

  func makeFolder(_ path: String) throws(KernelFault) {
    try machine.withLock { machine throws(KernelFault) in
      try machine.fail("mkdir", .makeFolder, path)
      guard machine.folders[path] == nil else { throw KernelFault(.makeFolder, path, code: EEXIST) }
      machine.folders[path] = Request()
    }
  }

  func removeFolder(_ path: String) throws(KernelFault) {
    try machine.withLock { machine throws(KernelFault) in
      try machine.fail("rmdir", .removeFolder, path)
      machine.folders[path] = nil
    }
  }

  func read(_ path: String, limit: Int) throws(KernelFault) -> [UInt8] {
    let (folder, file) = Self.parts(path)
    let bytes = try machine.withLock { machine throws(KernelFault) -> [UInt8] in
      try machine.fail(file, .read, path)
      guard let request = machine.folders[folder] else { throw KernelFault(.open, path, code: ENOENT) }
      switch file {
      case "provider": return Array("\(machine.provider ?? "")\n".utf8)
      case "generation": return Array("\(request.generation)\n".utf8)
      case "outblob", "auxblob":
        guard !request.data.isEmpty else { throw KernelFault(.read, path, code: EINVAL) }
        if file == "auxblob" { return machine.table }
        machine.attempts += 1
        guard let report = try? machine.report(request.data, request.level) else {
          throw KernelFault(.read, path, code: EIO)
        }
        return report
      default: throw KernelFault(.open, path, code: ENOENT)
      }
    }
    guard bytes.count <= limit else { throw KernelFault(.read, path, code: EFBIG) }
    return bytes
  }

  func write(_ bytes: [UInt8], to path: String) throws(KernelFault) {
    let (folder, file) = Self.parts(path)
    try machine.withLock { machine throws(KernelFault) in
      try machine.fail(file, .write, path)
      guard var request = machine.folders[folder] else { throw KernelFault(.open, path, code: ENOENT) }
      switch file {
      case "inblob":
        // The driver's refusal comes when the file is closed and is never told.
        if (1...64).contains(bytes.count) { request.data = bytes } else { request.generation &-= 1 }
      case "privlevel":
        guard let level = UInt32(String(decoding: bytes, as: UTF8.self)), level <= 3 else {
          throw KernelFault(.write, path, code: EINVAL)
        }
        request.level = level
      default: throw KernelFault(.open, path, code: EACCES)
      }
      request.generation &+= 1
      request.generation = UInt64(Int64(request.generation) + Int64(machine.strayWrites))
      machine.folders[folder] = request
    }
  }

  func control(_ path: String, request: UInt, argument: UnsafeMutableRawPointer) throws(KernelFault) {
    try machine.withLock { machine throws(KernelFault) in
      machine.calls.append(request)
      guard path == "/dev/nsm" ? machine.hasSecurityModule : machine.hasGuestDevice else {
        throw KernelFault(.open, path, code: ENOENT)
      }
      try machine.fail(Self.parts(path).file, .control, path)
      let fault: Int32 =
        switch request {
        case 0xC020_0A00: try unsafe machine.securityModule(argument)
        case 0xC020_5300...0xC020_5302: unsafe machine.guestRequest(request, argument)
        default: ENOTTY
        }
      guard fault == 0 else { throw KernelFault(.control, path, code: fault) }
    }
  }

  private static func parts(_ path: String) -> (folder: String, file: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return (parts.dropLast().joined(separator: "/"), parts.last.map(String.init) ?? "")
  }
}

extension FakeKernel.Machine {
  fileprivate mutating func fail(_ name: String, _ action: KernelFault.Action, _ path: String) throws(KernelFault) {
    guard let code = faults[name]?.first else { return }
    faults[name]?.removeFirst()
    if code != 0 { throw KernelFault(action, path, code: code) }
  }

  /// struct nsm_raw { { u64 address, u64 length } request, response }.
  fileprivate func securityModule(_ argument: UnsafeMutableRawPointer) throws(KernelFault) -> Int32 {
    let request = unsafe Self.bytes(at: argument, Int(argument.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    guard let answer = try? answer(request) else { return EIO }
    let room = unsafe argument.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    let kept = answer.prefix(Int(room))
    unsafe Self.copy(Array(kept), to: argument + 16)
    unsafe argument.storeBytes(of: answerLength ?? UInt64(kept.count), toByteOffset: 24, as: UInt64.self)
    return 0
  }

  /// struct snp_guest_request_ioctl { u8 version; u64 request, response; u32 firmware error, host error }.
  fileprivate mutating func guestRequest(_ number: UInt, _ argument: UnsafeMutableRawPointer) -> Int32 {
    attempts += 1
    guard unsafe argument.load(as: UInt8.self) == 1 else { return EINVAL }
    let response = unsafe argument + 16
    var status: (firmware: UInt32, host: UInt32) = (0, 0)
    if !statuses.isEmpty { status = statuses.removeFirst() }
    func refuse() -> Int32 {
      unsafe argument.storeBytes(of: status.firmware, toByteOffset: 24, as: UInt32.self)
      unsafe argument.storeBytes(of: status.host, toByteOffset: 28, as: UInt32.self)
      return EIO
    }
    if status.firmware != 0 { return refuse() }
    if number == 0xC020_5301 {
      if status.host != 0 { return refuse() }
      keyRequests.append(unsafe Self.bytes(at: argument + 8, 32))
      unsafe Self.copy(number: answerStatus, [UInt8](repeating: 0, count: 28) + derivedKey, to: response)
      return 0
    }
    let request = unsafe Self.bytes(at: argument + 8, number == 0xC020_5302 ? 112 : 96)
    guard request[68..<96].allSatisfy({ $0 == 0 }) else { return EINVAL }
    if number == 0xC020_5302 {
      let room = request[104..<108].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard room <= 0x4000, room.isMultiple(of: 4096) else { return EINVAL }
      if table.count > room { status.host = 1 }
      if status.host != 0 { return refuse() }
      unsafe request.withUnsafeBytes { bytes in
        let address = unsafe bytes.loadUnaligned(fromByteOffset: 96, as: UInt64.self)
        unsafe UnsafeMutableRawPointer(bitPattern: UInt(address))?.copyMemory(from: table, byteCount: table.count)
      }
    } else if status.host != 0 {
      return refuse()
    }
    let level = request[64..<68].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard let report = try? report(Array(request.prefix(64)), level) else { return EIO }
    let size = (0..<4).map { UInt8(truncatingIfNeeded: answerSize >> (8 * $0)) }
    unsafe Self.copy(number: answerStatus, size + [UInt8](repeating: 0, count: 24) + report, to: response)
    return 0
  }

  /// What lies where an address in the structure points.
  private static func bytes(at place: UnsafeMutableRawPointer, _ count: Int) -> [UInt8] {
    let address = unsafe place.loadUnaligned(as: UInt64.self)
    guard let start = unsafe UnsafeRawPointer(bitPattern: UInt(address)) else { return [] }
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  private static func copy(_ bytes: [UInt8], to place: UnsafeMutableRawPointer) {
    let address = unsafe place.loadUnaligned(as: UInt64.self)
    unsafe UnsafeMutableRawPointer(bitPattern: UInt(address))?.copyMemory(from: bytes, byteCount: bytes.count)
  }

  private static func copy(number: UInt32, _ rest: [UInt8], to place: UnsafeMutableRawPointer) {
    unsafe copy((0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } + rest, to: place)
  }
}
