import Foundation
import FuzzTargets
import Identifiers
import Rounds
import Testing

/// The fuzzer's targets without the fuzzer: seeds, old findings, and seeded mutations of both. `make fuzz` goes on.
@Suite struct FuzzTargetTests {
  @Test func `every target has a name of its own and seeds`() throws {
    #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
    let folders = try FileManager.default.contentsOfDirectory(atPath: Corpus.folder.path)
    #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
  }

  @Test func `the seeds this code makes are accepted, and so are the committed ones`() async throws {
    let made = try await SeedMaker().seeds()
    if ProcessInfo.processInfo.environment["QUORATE_WRITE_SEEDS"] != nil { try Corpus.write(made) }
    for target in FuzzTarget.all {
      let fresh = try #require(made[target.name], "\(target.name)")
      #expect(fresh.count >= 2, "\(target.name)")
      for bytes in fresh { #expect(try target.judge(bytes) == .accepted, "\(target.name)") }
      let committed = try Corpus.files(of: target).filter { $0.name.hasPrefix("seed-") }
      #expect(committed.count >= fresh.count, "\(target.name)")
      for (name, bytes) in committed { #expect(try target.judge(bytes) == .accepted, "\(target.name)/\(name)") }
    }
  }

  @Test(arguments: FuzzTarget.all.indices)
  func `P36 no mutation of a seed traps a decoder or breaks its promises`(index: Int) throws {
    let target = FuzzTarget.all[index]
    let inputs = try Corpus.files(of: target).map(\.bytes)
    let judged = try Self.hunt(target, inputs, rounds: 400)
    #expect(judged[.refused, default: 0] > 100, "\(target.name) refused \(judged)")
  }

  /// A decoder that forgets to look behind the last field.
  @Test func `P36 N the same mutations find a decoder that ignores trailing bytes`() throws {
    let lenient = FuzzTarget.exact(
      "envelope",
      decode: { bytes in
        var kept = bytes
        while kept.count > 37, (try? Envelope(encoded: kept, payloadLimit: 4096)) == nil { kept.removeLast() }
        return try Envelope(encoded: kept, payloadLimit: 4096)
      }, encode: { $0.encoded })
    let inputs = try Corpus.files(of: lenient).map(\.bytes)
    #expect(throws: BrokenPromise.self) { try Self.hunt(lenient, inputs, rounds: 400) }
  }

  private static func hunt(
    _ target: FuzzTarget, _ inputs: [[UInt8]], rounds: Int
  ) throws -> [FuzzTarget.Verdict: Int] {
    var verdicts: [FuzzTarget.Verdict: Int] = [:]
    var mutation = Mutation(seed: 36, others: inputs)
    for round in 0..<rounds {
      let bytes = mutation.mutated(inputs[round % inputs.count])
      do {
        verdicts[try target.judge(bytes), default: 0] += 1
      } catch {
        // Printed as text: the input is evidence, and of our own making.
        print("\(target.name) broke \"\(error.promise)\" for \(Hex.encode(bytes))")
        throw error
      }
    }
    return verdicts
  }
}
