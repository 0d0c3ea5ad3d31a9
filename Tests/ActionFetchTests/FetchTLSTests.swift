import Crypto
import Foundation
import Identifiers
import NIOCore
import NIOSSL
import SwiftASN1
import Testing
import X509

@testable import ActionFetch
@testable import Actions

@Suite struct FetchTLSTests {
  private static func certificate(for name: String) throws -> (NIOSSLCertificate, NIOSSLPrivateKey) {
    let key = P256.Signing.PrivateKey()
    let subject = try DistinguishedName { CommonName(name) }
    let now = Date()
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
      notValidBefore: now.addingTimeInterval(-60), notValidAfter: now.addingTimeInterval(3600), issuer: subject,
      subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
        SubjectAlternativeNames([.dnsName(name)])
      }, issuerPrivateKey: .init(key))
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    return (
      try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der),
      try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der)
    )
  }

  @Test func `J2 a server is who its certificate says, under roots that are trusted`() async throws {
    let (certificate, key) = try Self.certificate(for: "named.example")
    let tls = try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
    try await LoopbackServer.run(tls: tls, { _ in .reply(200, body: [1]) }) { server in
      func fetch(_ host: String, _ roots: NIOSSLTrustRoots) async throws -> FetchResponse {
        let prefix = try #require(NetworkAddress(text: "127.0.0.1").flatMap { NetworkPrefix($0, length: 32) })
        let client = try FetchClient(
          addresses: AddressGuard(allowing: [prefix]), resolver: Everywhere(), trustRoots: roots)
        return try await client.fetch(
          FetchRequest(
            url: "https://\(host):\(server.port)/", method: "GET", headers: [], body: nil, redirect: .follow))
      }
      let trusted = try await fetch("named.example", .certificates([certificate]))
      #expect(trusted.body == [1])
      let connection = OperationRefusal(FetchFailure.connection.text)
      await #expect(throws: connection) { try await fetch("named.example", .default) }
      await #expect(throws: connection) { try await fetch("other.example", .certificates([certificate])) }
      await #expect(throws: connection) { try await fetch("127.0.0.1", .certificates([certificate])) }
      #expect(server.requests.count == 1)
    }
  }
}

private struct Everywhere: NameResolver {
  func addresses(of name: String, on loop: any EventLoop) -> EventLoopFuture<[NetworkAddress]> {
    loop.makeSucceededFuture([NetworkAddress(text: "127.0.0.1")].compactMap(\.self))
  }
}
