import Attestation
import Foundation
import Testing

/// Against files: there is no device of these kinds here.
@Suite struct LinuxKernelTests {
  private let kernel = LinuxKernel()

  private static func code(_ body: () throws -> some Any) -> Int32? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? KernelFault)?.code
    }
  }

  @Test func `files and folders are read, written, made and removed, and every failure has its number`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("quorate-\(UUID())").path
    try kernel.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(kernel.exists(folder))
    #expect(Self.code { try kernel.makeFolder(folder) } == EEXIST)
    let file = folder + "/file"
    #expect(Self.code { try kernel.write([1], to: file) } == ENOENT)
    #expect(Self.code { try kernel.read(file, limit: 1) } == ENOENT)
    #expect(FileManager.default.createFile(atPath: file, contents: nil))
    try kernel.write([1, 2, 3], to: file)
    #expect(try kernel.read(file, limit: 3) == [1, 2, 3])
    #expect(Self.code { try kernel.read(file, limit: 2) } == EFBIG)
    #expect(Self.code { try kernel.removeFolder(folder) } == ENOTEMPTY)
    try FileManager.default.removeItem(atPath: file)
    try kernel.removeFolder(folder)
    #expect(!kernel.exists(folder))
  }

  @Test func `a device that is none of these says so`() throws {
    var argument = [UInt8](repeating: 0, count: 32)
    let codes = unsafe argument.withUnsafeMutableBytes { bytes -> [Int32?] in
      guard let start = bytes.baseAddress else { return [] }
      return ["/dev/null", "/dev/quorate-none"].map { path in
        Self.code { try unsafe kernel.control(path, request: 0xC020_5300, argument: start) }
      }
    }
    #expect(codes == [ENOTTY, ENOENT])
  }
}
