package import EthereumRPC
package import Identifiers
import Wire

extension EndpointSet {
  /// The endpoints of a list, as many of which must say the same as it says.
  package convenience init(
    _ list: EndpointList, rules: ChainRules, clock: any LocalClock, metrics: ChainMetrics = ChainMetrics()
  ) throws(ChainRegistryError) {
    let endpoints: [ChainEndpoint]
    do { endpoints = try list.endpoints() } catch { throw .list(error) }
    do { try self.init(endpoints, needed: list.needed, rules: rules, clock: clock, metrics: metrics) } catch {
      throw .endpoints(error)
    }
  }
}
