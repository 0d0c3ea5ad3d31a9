@testable import Actions
import Testing

@Suite struct AddressGuardTests {
  /// Hosts as they can stand in a URL, and whether a fetch may go there. Names are a matter of what they resolve to.
  static let refused = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0X7F.0.0.1", "017700000001",
    "0177.0.0.1", "127.0.0.1.", "127.255.255.254", "0.0.0.0", "0", "0x0", "0x", "00", "0.1.2.3", "10.0.0.1",
    "10.255.255.255", "012.0.0.1", "0xa.0.0.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "192.168.257", "3232235777", "100.64.0.1", "100.127.255.255", "169.254.169.254", "2852039166", "0xa9fea9fe",
    "0xA9.0xFE.0xA9.0xFE", "0251.0376.0251.0376", "169.254.43518", "169.16689662", "168.63.129.16", "192.0.0.192",
    "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "192.88.99.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "4294967295", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[::ffff:8.8.8.8]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::169.254.169.254]", "[64:ff9b:1::1]", "[100::1]",
    "[fe80::1]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[fdff::1]", "[ff02::1]", "[2001::1]",
    "[2001:0:a9fe:a9fe::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[3fff::1]", "[5f00::1]",
  ]
  static let allowed = [
    "8.8.8.8", "134744072", "0x08080808", "010.010.010.010", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255",
    "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
    "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "[2606:4700::1111]",
    "[2a00:1450:4001::200e]", "[2001:4860:4860::8888]", "[2003::1]",
  ]
  static let noHosts = [
    "", ".", "..", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "4294967296", "0x100000000", "1.0x1000000", "08", "09.1.1.1",
    "1..2", "127.0.0.1%00", "127.0.0.1 ", "[::1%eth0]", "[::1", "::1", "[127.0.0.1]", "[::ffff:256.0.0.1]", "a b",
    "ⓛocalhost", "１２７.0.0.1", "127。0。0。1", "user@8.8.8.8", "8.8.8.8:80", "a..b", "-0x7f.1.2.3.4.5",
    String(repeating: "a", count: 64), "example.0x7g", "example.1",
  ]

  @Test func `J2 an exception of one port opens no other port and no other address`() throws {
    let loopback = try #require(NetworkAddress(text: "127.0.0.1"))
    let guarding = AddressGuard(services: [AddressGuard.Service(loopback, port: 8080)])
    #expect(guarding.allows(loopback, port: 8080))
    #expect(!guarding.allows(loopback, port: 80) && !guarding.allows(loopback))
    #expect(!guarding.allows(try #require(NetworkAddress(text: "127.0.0.2")), port: 8080))
    #expect(!guarding.allows(try #require(NetworkAddress(text: "::1")), port: 8080))
    let forbidding = AddressGuard(
      forbidding: ["127.0.0.0/8"].compactMap { NetworkPrefix(text: $0) },
      services: [AddressGuard.Service(loopback, port: 8080)])
    #expect(!forbidding.allows(loopback, port: 8080))
  }

  @Test(arguments: refused) func `J2 An address of no public host is refused in every spelling`(host: String) throws {
    guard case .address(let address)? = FetchHost(host) else {
      // "example.0x7g" is a name; everything in this list is an address.
      Issue.record("\(host) is not read as an address")
      return
    }
    #expect(!AddressGuard().allows(address))
  }

  @Test(arguments: allowed) func `J2 A public address is allowed`(host: String) throws {
    guard case .address(let address)? = FetchHost(host) else {
      Issue.record("\(host) is not read as an address")
      return
    }
    #expect(AddressGuard().allows(address))
  }

  @Test(arguments: noHosts.filter { $0 != "example.0x7g" })
  func `J2 What a URL could not mean is no host`(text: String) {
    #expect(FetchHost(text) == nil)
  }

  @Test func `J2 Names stay names, in lower case and without a dot at the end`() {
    #expect(FetchHost("LocalHost.") == .name("localhost"))
    #expect(FetchHost("169.254.169.254.example.org") == .name("169.254.169.254.example.org"))
    #expect(FetchHost("example.0x7g") == .name("example.0x7g"))
    #expect(FetchHost("0x7f.example") == .name("0x7f.example"))
  }

  @Test func `J2 N A guard that compares texts lets most spellings of loopback and metadata through`() {
    let blocked: Set = ["127.0.0.1", "0.0.0.0", "10.0.0.1", "192.168.0.1", "169.254.169.254", "[::1]"]
    let through = Self.refused.filter { !blocked.contains($0) }
    #expect(through.count > 60)
  }

  @Test func `J2 An operator's exception is exactly its prefix, and a forbidden address stays forbidden`() throws {
    let loopback = try #require(NetworkAddress(text: "127.0.0.1"))
    let neighbour = try #require(NetworkAddress(text: "127.0.0.2"))
    let peer = try #require(NetworkAddress(text: "8.8.4.4"))
    let exception = try #require(NetworkPrefix(loopback, length: 32))
    let judge = AddressGuard(allowing: [exception], forbidding: [try #require(NetworkPrefix(peer, length: 32))])
    #expect(judge.allows(loopback))
    #expect(!judge.allows(neighbour))
    #expect(!judge.allows(peer))
    #expect(!AddressGuard(allowing: [exception], forbidding: [exception]).allows(loopback))
  }

  @Test func `Prefixes compare as many bits as they have`() throws {
    let address = try #require(NetworkAddress(text: "2001:db8:8000::1"))
    let near = try #require(NetworkAddress(text: "2001:db8:8000::2"))
    #expect(NetworkPrefix(address, length: 129) == nil)
    #expect(NetworkPrefix(.v4(0), length: 33) == nil)
    #expect(try #require(NetworkPrefix(address, length: 126)).contains(near) == true)
    #expect(try #require(NetworkPrefix(address, length: 128)).contains(near) == false)
    #expect(try #require(NetworkPrefix(address, length: 0)).contains(near))
    #expect(try #require(NetworkPrefix(address, length: 0)).contains(.v4(0)) == false)
    #expect(NetworkAddress(bytes: [1, 2, 3]) == nil)
    #expect(NetworkAddress(bytes: [8, 8, 8, 8]) == NetworkAddress(text: "8.8.8.8"))
  }
}
