@testable import Attestation
import Crypto
import Testing

@Suite struct SoftwareCredentialsTests {
  @Test func `credentials and roots survive being written and read`() throws {
    let network = try Fixtures()
    let again = try SoftwareCredentials(pem: network.credentials.pem)
    #expect(again.endorsement == network.credentials.endorsement)
    #expect(try DevelopmentRoot(pem: network.root.pem).publicKey == network.root.publicKey)
    #expect(try DevelopmentRootKey(text: network.root.publicKey.text) == network.root.publicKey)
  }

  @Test func `a key with another key's endorsement is refused`() throws {
    let first = try Fixtures()
    let second = try Fixtures()
    let mixed = SoftwareCredentials(key: first.credentials.key, endorsement: second.credentials.endorsement)
    #expect(throws: SoftwareCredentialsError.notCredentials) { try SoftwareCredentials(pem: mixed.pem) }
  }

  @Test func `half a file is refused`() throws {
    let whole = try Fixtures().credentials.pem
    let half = String(whole.prefix(whole.count / 2))
    #expect(throws: (any Error).self) { try SoftwareCredentials(pem: half) }
    #expect(throws: (any Error).self) { try SoftwareCredentials(pem: P384.Signing.PrivateKey().pemRepresentation) }
  }

  @Test(arguments: ["", "00", String(repeating: "zz", count: 49), "02" + String(repeating: "f", count: 96)])
  func `a text that is no compressed point is no root`(text: String) {
    #expect(throws: EvidenceError.self) { try DevelopmentRootKey(text: text) }
  }

  @Test func `the measurement of this process is that of its file, and another file has another`() throws {
    let own = try Measurement.ofRunningExecutable()
    #expect(own.bytes.count == 48)
    #expect(try Measurement.ofFile(at: "/proc/self/exe") == own)
    #expect(try Measurement.ofFile(at: #filePath) != own)
    #expect(try Measurement(text: own.text) == own)
  }
}
