import Node
import Testing

@Suite struct `A listen address` {
  @Test(arguments: ["127.0.0.1:7200", "127.255.0.9:0", "[::1]:7200", "localhost:7200"])
  func `on this machine alone`(text: String) throws {
    #expect(try #require(ListenAddress(text: text)).isLoopback)
  }

  @Test(arguments: [
    "127.example.org:1", "127.0.0.1.example.org:1", "127.0.0.256:1", "127.0.0:1", "127.1:1", "127.:1", "127.0.0.:1",
    "127.0.0.+1:1", "127.0.0.01:1", "0127.0.0.1:1", "127.0.0.1 :1", "127.0.0.1.:1", "128.0.0.1:1", "0.0.0.0:1",
    "[::]:1", "[::ffff:127.0.0.1]:1", "[2001:db8::1]:1", "localhost.example.org:1", "Localhost:1",
  ])
  func `that others may reach, or that is no address of this machine as it is spelled`(text: String) throws {
    #expect(try !#require(ListenAddress(text: text)).isLoopback)
  }

  @Test(arguments: ["127.0.0.1", "127.0.0.1:", ":7200", "127.0.0.1:65536", "127.0.0.1:-1", "::1:7200", "[]:1"])
  func `that is none`(text: String) {
    #expect(ListenAddress(text: text) == nil)
  }
}
