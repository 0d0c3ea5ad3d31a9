import Foundation
import LoopbackPorts
import Testing

@testable import QuorateCommands

@Suite struct ProcessTests {
  private func shell(_ script: String, input: Int32, output: Int32) throws -> ChildProcess {
    try ChildProcess.launch(
      "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
      streams: .init(input: input, output: output, error: output))
  }

  @Test func `a tool's output and status come back`() async throws {
    let good = try await ExternalTool.run("/bin/sh", ["-c", "printf out; printf err >&2"])
    #expect(good == .init(status: 0, output: "outerr"))
    #expect(try await ExternalTool.run("/bin/sh", ["-c", "exit 3"]).status == 3)
    #expect(try await ExternalTool.run("/bin/sh", ["-c", "kill -9 $$"]).status == 137)
  }

  @Test func `a tool that does not end is ended`() async throws {
    await #expect(throws: CommandFailure.self) {
      try await ExternalTool.run("/bin/sh", ["-c", "sleep 60"], timeout: .milliseconds(50))
    }
  }

  @Test func `a tool's output is bounded`() async throws {
    let outcome = try await ExternalTool.run("/bin/sh", ["-c", "head -c 1000000 /dev/zero"])
    #expect(outcome.output.utf8.count == ExternalTool.outputLimit)
  }

  @Test func `a program that is not there is said so`() async {
    await #expect(throws: CommandFailure.self) { try await ExternalTool.run("/no/such/program", []) }
    #expect(ExternalTool.find("no-such-program-at-all") == nil)
    #expect(ExternalTool.find("sh") != nil)
  }

  @Test func `a child gets the three standard descriptors and no other of ours`() async throws {
    let secret = try DescriptorPair()
    let outcome = try await ExternalTool.run(
      "/bin/sh", ["-c", "if [ -e /proc/self/fd/\(secret.writing) ]; then echo leaked; else echo clean; fi"])
    #expect(outcome.output == "clean\n")
  }

  @Test func `closing the lifeline is seen by the child`() async throws {
    let lifeline = try DescriptorPair()
    let output = try DescriptorPair()
    let child = try shell("read line; exit 7", input: lifeline.reading, output: output.writing)
    lifeline.closeReading()
    #expect(child.exitStatus() == nil)
    lifeline.closeWriting()
    while child.exitStatus() == nil { try await Task.sleep(for: .milliseconds(5)) }
    #expect(child.exitStatus() == 7)
  }

  @Test func `a process is recognised by more than its number`() async throws {
    let lifeline = try DescriptorPair()
    let output = try DescriptorPair()
    let child = try shell("read line", input: lifeline.reading, output: output.writing)
    let mark = try #require(ProcessMark(observing: child.pid))
    #expect(mark.isAlive)
    #expect(!ProcessMark(pid: child.pid, started: mark.started + "0").isAlive)
    #expect(!ProcessMark(pid: child.pid, started: mark.started + "0").send(SIGKILL))
    #expect(mark.send(SIGKILL))
    while child.exitStatus() == nil { try await Task.sleep(for: .milliseconds(5)) }
    #expect(!mark.isAlive)
  }
}

@Suite struct LoopbackHTTPTests {
  private func parse(_ text: String) -> LoopbackHTTP.Answer? { LoopbackHTTP.parse(Array(text.utf8)) }

  @Test func `status and body are read`() {
    #expect(parse("HTTP/1.1 503 Busy\r\nA: b\r\n\r\nbody") == .init(status: 503, body: Array("body".utf8)))
    #expect(parse("HTTP/1.1 200 OK\r\n\r\n") == .init(status: 200, body: []))
  }

  @Test(arguments: [
    "", "HTTP/1.1 200 OK\r\n", "SSH-2.0\r\n\r\n", "HTTP/1.1 many\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ])
  func `anything else is no answer`(_ text: String) {
    #expect(parse(text) == nil)
  }

  @Test func `a port nobody listens on gives no answer`() async throws {
    let port = try FreePorts.find(1)[0]
    #expect(await LoopbackHTTP.get(port: port, path: "/") == nil)
  }
}
