import Foundation
import Testing

@testable import QuorateCommands

@Suite struct FileTests {
  @Test func `an output appears under its name only when it is complete`() throws {
    let folder = try TestFolder()
    let output = try TemporaryOutput(destination: folder("result"))
    try output.write([1, 2, 3])
    #expect(!PrivateFile.exists(folder("result")))
    try output.commit(overwriting: false)
    #expect(try PrivateFile.read(folder("result")) == [1, 2, 3])
    #expect(folder.names == ["result"])
  }

  @Test func `an output that is given up leaves nothing`() throws {
    let folder = try TestFolder()
    var output: TemporaryOutput? = try TemporaryOutput(destination: folder("result"))
    try output?.write([1, 2, 3])
    output = nil
    #expect(folder.names.isEmpty)
  }

  @Test func `a file that came in the meantime is not replaced`() throws {
    let folder = try TestFolder()
    var output: TemporaryOutput? = try TemporaryOutput(destination: folder("result"))
    try output?.write([1])
    try PrivateFile.write([9], to: folder("result"))
    #expect(throws: CommandFailure.self) { try output?.commit(overwriting: false) }
    output = nil
    #expect(try PrivateFile.read(folder("result")) == [9])
    #expect(folder.names == ["result"])
  }

  @Test func `private files are their owner's alone`() throws {
    let folder = try TestFolder()
    try PrivateFile.write([1], to: folder("key"))
    #expect(PrivateFile.permissionsOfOthers(folder("key")) == 0)
    #expect(PrivateFile.permissionsOfOthers(folder.path) == 0)
    #expect(PrivateFile.permissionsOfOthers(folder("nothing")) == nil)
  }

  @Test func `reading stops at the limit`() throws {
    let folder = try TestFolder()
    try PrivateFile.write([UInt8](repeating: 0, count: 100), to: folder("file"))
    #expect(try PrivateFile.read(folder("file"), maximum: 100).count == 100)
    #expect(throws: CommandFailure.self) { try PrivateFile.read(folder("file"), maximum: 99) }
  }

  @Test func `missing files, folders and forbidden places are told apart`() throws {
    let folder = try TestFolder()
    func code(_ path: String) -> CommandFailure.Code? {
      do {
        _ = try InputFile(path: path)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(folder("nothing")) == .notFound)
    #expect(code(folder.path) == .fileProblem)
    #expect(throws: CommandFailure.self) { try TemporaryOutput(destination: folder("no/such/folder/file")) }
  }

  @Test func `a file is read in pieces to its end`() throws {
    let folder = try TestFolder()
    let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    try PrivateFile.write(content, to: folder("file"))
    let input = try InputFile(path: folder("file"))
    #expect(input.size == 1000)
    var read: [UInt8] = []
    while true {
      let piece = try input.read(upTo: 64)
      if piece.isEmpty { break }
      #expect(piece.count <= 64)
      read += piece
    }
    #expect(read == content)
  }
}
