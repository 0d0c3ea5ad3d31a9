import Membership
import Testing

@Suite struct EndpointTests {
  @Test(arguments: ["127.0.0.1:1", "node-1.example.org:65535", "[::1]:443", "[fe80::1:2]:8443", "localhost:7001"])
  func `an endpoint reads back`(text: String) throws {
    #expect(try Endpoint(text: text).text == text)
  }

  @Test(arguments: [
    "", ":", "host", "host:", ":1", "host:0", "host:65536", "host:01", "host:+1", "host:1 ", " host:1", "Host:1",
    "ho st:1", "host_a:1", "-host:1", "host-:1", "a..b:1", "a.:1", "::1:443", "[]:1", "[1.2.3.4]:1", "[::1:443",
    "user@host:1", "host/path:1", "http://host:1", "host:1:2", "[::g]:1", "hóst:1",
  ])
  func `any other text is refused`(text: String) {
    #expect(throws: EndpointError.self) { try Endpoint(text: text) }
  }
}
