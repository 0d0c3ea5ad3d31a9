internal import ChainRegistry
internal import ChainTestKit
internal import EthereumRPC
internal import Identifiers
internal import Membership

/// What it costs to read a registry from a chain: whole, after a change, and when nothing changed.
///
/// Three endpoints of a simulated chain in this process, two of which must agree; so no network is in the times, and the
/// making of the answers is.
enum ChainRows {
  private static let sampleCount = 7

  static func rows() async throws -> [Row] {
    var rows: [Row] = []
    for count in [5, 50, 200] { rows += try await Self.rows(members: count) }
    return rows + [try await ChainAdmissionRow.row()]
  }

  private static func rows(members count: Int) async throws -> [Row] {
    let network = try SampleChainNetwork(members: count)
    let contracts = try network.registry()
    var whole: [Stopwatch] = []
    var changed: [Stopwatch] = []
    var idle: [Stopwatch] = []
    var traffic: [SimulatedEndpoint.Traffic] = []
    for sample in 0...sampleCount {
      let reading = try SimulatedReading(network, contracts)
      var times: [Stopwatch] = []
      times.append(await Stopwatch.sample { await reading.registry.refresh() })
      traffic = [reading.takeTraffic()]
      var next = contracts
      next.stakingNumber += 1
      next.members[0].stake += 1
      reading.mine(next)
      times.append(await Stopwatch.sample { await reading.registry.refresh() })
      traffic.append(reading.takeTraffic())
      reading.mine(nil)
      times.append(await Stopwatch.sample { await reading.registry.refresh() })
      traffic.append(reading.takeTraffic())
      // The first is not counted.
      guard sample > 0 else { continue }
      whole.append(times[0])
      changed.append(times[1])
      idle.append(times[2])
    }
    // A longer list than the contract holds comes from this simulation only. It is read and checked like any other, and
    // refused where the view is made.
    let limit = count > 64 ? "; refused: more members than the protocol allows" : ""
    let names = ["whole snapshot", "snapshot after one change", "block without a change"]
    return zip(names, zip([whole, changed, idle], traffic)).map { name, measured in
      let time = Stopwatch.median(of: measured.0)
      return Row(
        op: "registry on a chain, \(name)", n: count, t: count * 2 / 3 + 1, wallMedian: time.wallMilliseconds,
        cpuPerParty: time.cpuMilliseconds, bytesPerParty: measured.1.received, rounds: 0,
        note: "\(measured.1.calls) calls to three endpoints; bytes received" + limit)
    }
  }
}
