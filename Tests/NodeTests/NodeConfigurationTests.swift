import Actions
import EthereumRPC
import Identifiers
import Membership
import Node
import Testing
import Wire

@Suite struct NodeConfigurationTests {
  private static func configuration() -> NodeConfiguration {
    let anywhere = ListenAddress(host: "127.0.0.1", port: 0)
    return NodeConfiguration(
      network: .zero, node: .zero, registry: .file("r"), data: "d", attestation: .software(credentials: "c"),
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

  @Test func `where others reach the node reads back, and is left out where it is where it listens`() throws {
    var configuration = Self.configuration()
    #expect(!String(decoding: configuration.encoded, as: UTF8.self).contains("advertise"))
    configuration.advertised = AdvertisedEndpoints(
      client: try Endpoint(host: "node.example", port: 7000), peer: try Endpoint(host: "node.example", port: 7100))
    #expect(try NodeConfiguration(decoding: configuration.encoded) == configuration)
    #expect(configuration.digest == Self.configuration().digest)
    let written = String(decoding: Self.configuration().encoded, as: UTF8.self).dropLast()
    let more = #"{"client":"a:1","peer":"a:2","x":1}"#
    for wrong in ["1", "{}", #"{"client":"a:1"}"#, #"{"client":"a:1","peer":"a"}"#, more] {
      let edited = written + ",\"advertise\":\(wrong)}"
      #expect(throws: FormatError.self) { try NodeConfiguration(decoding: Array(edited.utf8)) }
    }
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

  private static func onChain(_ entries: [EndpointList.Entry], needed: Int) throws -> NodeConfiguration {
    var configuration = configuration()
    configuration.registry = .chain(document: "d", try EndpointList(entries, needed: needed))
    return configuration
  }

  private static func entry(_ name: String, _ url: String) throws -> EndpointList.Entry {
    .init(name: name, url: try EndpointURL(url))
  }

  @Test func `O10 evidence covers whom a node asks about a chain, and not where its files are`() throws {
    let one = try Self.entry("one", "https://rpc.example/key")
    let two = try Self.entry("two", "https://other.example")
    let configuration = try Self.onChain([one, two], needed: 2)
    #expect(try NodeConfiguration(decoding: configuration.encoded) == configuration)
    let others = try [
      Self.onChain([one], needed: 1), Self.onChain([two, one], needed: 2),
      Self.onChain([one, Self.entry("two", "https://other.example/x")], needed: 2), Self.configuration(),
    ]
    for other in others { #expect(other.digest != configuration.digest) }
    var moved = configuration
    moved.registry = .chain(document: "elsewhere", try EndpointList([one, two], needed: 2))
    #expect(moved.digest == configuration.digest)
  }

  @Test(arguments: [
    (#""needed":2"#, #""needed":1"#), (#""needed":2"#, #""needed":3"#), (#""name":"two""#, #""name":"one""#),
    ("https://other.example", "http://other.example"), (#""name":"two""#, #""name":"Two""#),
    (#""name":"two""#, #""name":"two","authorities":"none""#), (#""needed":2"#, #""needed":2,"more":1"#),
  ])
  func `O10 a list of endpoints that half of them could outvote, or that is none, starts no node`(
    _ from: String, _ to: String
  ) throws {
    let configuration = try Self.onChain(
      [Self.entry("one", "https://rpc.example"), Self.entry("two", "https://other.example")], needed: 2)
    let text = String(decoding: configuration.encoded, as: UTF8.self)
    let changed = text.replacing(from, with: to)
    #expect(changed != text)
    #expect(throws: FormatError.self) { try NodeConfiguration(decoding: Array(changed.utf8)) }
  }
}
