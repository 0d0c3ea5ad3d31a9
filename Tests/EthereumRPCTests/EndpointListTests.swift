import EthereumRPC
import Identifiers
import Testing
import Wire

struct EndpointListTests {
  private func list(_ urls: [String], needed: Int = 2) throws -> EndpointList {
    try EndpointList(
      urls.enumerated().map { try EndpointList.Entry(name: "e-\($0)", url: EndpointURL($1)) }, needed: needed)
  }

  @Test func `O10 one endpoint under two names is one endpoint`() throws {
    for again in ["https://a.example/key", "https://A.example:443/other?key=2"] {
      #expect(throws: FormatError.invalid("url")) { try list(["https://a.example/", again, "https://b.example/"]) }
    }
    let several = try list(["https://a.example/", "https://a.example:8545/", "https://b.example/"])
    var fields = try JSONFields(several.json)
    #expect(try EndpointList(&fields) == several)
  }

  @Test func `endpoints of this machine may share a port`() throws {
    #expect(try list(["http://127.0.0.1:8545", "http://127.0.0.1:8545/"]).entries.count == 2)
  }
}
