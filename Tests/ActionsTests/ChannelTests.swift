@testable import Actions
import Foundation
import Testing

@Suite struct ChannelTests {
  private func cut(_ parts: [[UInt8]], limit: Int = 100) throws -> [[UInt8]] {
    var buffer = FrameBuffer()
    var frames: [[UInt8]] = []
    for part in parts {
      buffer.append(part[...])
      while let frame = try buffer.next(limit: limit) { frames.append(frame) }
    }
    return frames
  }

  @Test func `Frames come out whole however their bytes arrive`() throws {
    let bytes: [UInt8] = [0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 3]
    let frames: [[UInt8]] = [[1, 2], [], [3]]
    #expect(try cut([bytes]) == frames)
    #expect(try cut(bytes.map { [$0] }) == frames)
    for place in bytes.indices { #expect(try cut([Array(bytes[..<place]), Array(bytes[place...])]) == frames) }
  }

  @Test func `T11 A length beyond the limit is refused before a byte of it came`() throws {
    #expect(try cut([[0, 0, 0, 100] + [UInt8](repeating: 1, count: 100)]).count == 1)
    #expect(throws: ChannelEnd.frameTooLong) { try cut([[0, 0, 0, 101]]) }
    #expect(throws: ChannelEnd.frameTooLong) { try cut([[255, 255, 255, 255]]) }
  }

  @Test func `T11 Many values in one frame are refused before they are built`() throws {
    let atLimit = "{\"kind\":[" + String(repeating: "1,", count: WorkerMessage.mostValues - 2) + "1]}"
    #expect(throws: WorkerViolation.malformedFrame) { try WorkerMessage(Array(atLimit.utf8)) }
    let headers = (0..<1000).map { "[\"h\($0)\",\"\\\",,,\"]" }.joined(separator: ",")
    let message = "{\"kind\":\"operation\",\"number\":1,\"operation\":\"fetch\",\"input\":{\"headers\":[\(headers)]}}"
    guard case .operation(1, "fetch", let input) = try WorkerMessage(Array(message.utf8)) else {
      Issue.record("not read")
      return
    }
    #expect(input.count == 1)
  }

  @Test func `What a worker may say reads back, and nothing else does`() throws {
    let good: [(String, WorkerMessage)] = [
      (#"{"kind":"ready"}"#, .ready), (#"{"kind":"log","text":"é"}"#, .log("é")),
      (#"{"text":"","kind":"response"}"#, .response("")), (#"{"kind":"done"}"#, .done(failure: nil)),
      (#"{"kind":"done","failure":"x"}"#, .done(failure: "x")),
    ]
    for (text, message) in good { #expect(try WorkerMessage(Array(text.utf8)) == message) }
    let bad = [
      "", "{}", "[]", "null", #"{"kind":"ready","more":1}"#, #"{"kind":"log"}"#, #"{"kind":"log","text":1}"#,
      #"{"kind":"done","failure":null}"#, #"{"kind":1}"#, #"{"kind":"log","text":"\ud800"}"#,
      #"{"kind":"operation","number":1,"operation":"x"}"#,
      #"{"kind":"operation","number":-1,"operation":"x","input":{}}"#,
      #"{"kind":"ready"} "x""#,
    ]
    for text in bad { #expect(throws: WorkerViolation.malformedFrame) { try WorkerMessage(Array(text.utf8)) } }
  }

  @Test func `The scripts in the program are those of the repository`() throws {
    let folder = Corpus.folder.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("worker")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".js") }
    #expect(Set(names) == Set(WorkerScript.all.map(\.name)))
    for script in WorkerScript.all {
      let text = try String(contentsOf: folder.appendingPathComponent(script.name), encoding: .utf8)
      #expect(text == script.text, "run scripts/embed-worker")
    }
  }
}
