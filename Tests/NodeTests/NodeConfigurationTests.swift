import Actions
import Identifiers
import Node
import Testing
import Wire

@Suite struct NodeConfigurationTests {
  private static func configuration() -> NodeConfiguration {
    let anywhere = ListenAddress(host: "127.0.0.1", port: 0)
    return NodeConfiguration(
      network: .zero, node: .zero, registry: "r", data: "d", attestation: .software(credentials: "c"),
      clientAddress: anywhere, peerAddress: anywhere, adminAddress: anywhere)
  }

  @Test func `what actions may fetch from reads back, and is left out where nothing is said`() throws {
    var configuration = Self.configuration()
    #expect(!String(decoding: configuration.encoded, as: UTF8.self).contains("fetch"))
    #expect(try NodeConfiguration(decoding: configuration.encoded) == configuration)
    configuration.fetch.allowed = ["10.1.0.0/16", "fd00:0:0:0:0:0:0:1/128"].compactMap { NetworkPrefix(text: $0) }
    configuration.fetch.forbidden = ["0.0.0.0/0"].compactMap { NetworkPrefix(text: $0) }
    #expect(configuration.fetch.allowed.count == 2 && configuration.fetch.forbidden.count == 1)
    #expect(try NodeConfiguration(decoding: configuration.encoded) == configuration)
    // Where a node may fetch from is a place, not a promise to users.
    #expect(configuration.digest == Self.configuration().digest)
  }

  @Test func `where the node asks chains and what it tells of them are written apart`() throws {
    var configuration = Self.configuration()
    configuration.rpcURLs = ["ethereum": "https://rpc.example/key", "gnosis": "https://rpc.example/other"]
    #expect(try NodeConfiguration(decoding: configuration.encoded) == configuration)
    #expect(try NodeConfiguration(decoding: configuration.encoded).publicRPCURLs.isEmpty)
    configuration.publicRPCURLs = ["ethereum": "https://rpc.example/1"]
    #expect(try NodeConfiguration(decoding: configuration.encoded) == configuration)
    #expect(configuration.digest == Self.configuration().digest)
    let written = String(decoding: Self.configuration().encoded, as: UTF8.self).dropLast()
    for name in ["rpcURLs", "publicRPCURLs"] {
      let chains = (0...256).map { "\"\($0)\":\"u\"" }.joined(separator: ",")
      for wrong in ["[]", "1", #"{"a":1}"#, "{\(chains)}"] {
        let edited = written + ",\"\(name)\":\(wrong)}"
        #expect(throws: FormatError.self, "\(edited.suffix(40))") {
          try NodeConfiguration(decoding: Array(edited.utf8))
        }
      }
    }
  }

  @Test(arguments: [
    "10.0.0.0", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/", "/8", "::/129", "10.0.0.0/8/8", "a/8", "10.0.0.0/-1",
  ])
  func `J2 a prefix that is not one is refused`(text: String) throws {
    #expect(NetworkPrefix(text: text) == nil)
    let written = String(decoding: Self.configuration().encoded, as: UTF8.self).dropLast()
    for list in ["allow", "forbid"] {
      let edited = written + #","fetch":{"\#(list)":["\#(text)"]}}"#
      #expect(throws: FormatError.invalid(list)) { try NodeConfiguration(decoding: Array(edited.utf8)) }
    }
  }
}
