import Crypto
import Identifiers
import Membership
import NIOCore
@testable import PeerLink
import Secrets
import Testing

extension Loopback {
  @Suite struct TLSExporterTests {
    @Test func `T2 both ends of a connection have the same exporter, and no two connections have`() async throws {
      let network = TestNetwork()
      let (a, b) = (try await network.identity(1), try await network.identity(2))
      network.directory.change { view in
        for identity in [a, b] {
          guard let endpoint = try? Endpoint(host: "127.0.0.1", port: 1) else { continue }
          view.members[identity.node] = ExpectedMember(
            identityKey: identity.signer.publicKey, hasSufficientStake: true, peerEndpoint: endpoint,
            clientEndpoint: endpoint)
        }
      }
      var seen: Set<TLSExporter> = []
      for _ in 0..<3 {
        let (exporters, continuation) = AsyncStream.makeStream(of: TLSExporter.self)
        let listener = try await ScriptedPeer(identity: b, directory: network.directory).listen { stage, source in
          continuation.yield(try stage.tls.exporter())
          await stage.waitForClose(&source)
        }
        let dialled = try await ScriptedPeer(identity: a, directory: network.directory)
          .dial(b.node, port: listener.port) { stage, _ in try stage.tls.exporter() }
        var iterator = exporters.makeAsyncIterator()
        #expect(await iterator.next() == dialled)
        #expect(dialled.bytes.count == 32)
        seen.insert(dialled)
        await listener.stop()
      }
      #expect(seen.count == 3)
    }

    @Test(
      .enabled(if: OpenSSLCommand.path != nil, "openssl is not installed"),
      arguments: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"])
    func `the exporter is the one openssl computes`(suite: String) async throws {
      let network = TestNetwork()
      let server = try await UserServer(try await network.identity(1))
      let printed = try await OpenSSLCommand.run(
        [
          "s_client", "-connect", "127.0.0.1:\(server.port)", "-tls1_3", "-ciphersuites", suite,
          "-keymatexport", TLSExporter.label, "-keymatexportlen", "32",
        ], until: { (try? server.connected.first?.tls.exporter()) != nil })
      let theirs = try #require(printed.firstMatch(of: /Keying material: ([0-9A-F]{64})/)).output.1.lowercased()
      try await eventually("the server saw the connection") { server.connected.count == 1 }
      let ours = try #require(server.connected.first).tls.exporter()
      #expect(Hex.encode(ours.bytes) == theirs)
      #expect(printed.contains(suite))
      await server.stop()
    }

    @Test func `an exporter secret is used once, and only one of TLS 1_3's lengths`() {
      let secret = ExporterSecret()
      secret.readLogLine(line("CLIENT_TRAFFIC_SECRET_0", 32))
      #expect(secret.takeExporter() == nil)
      for bad in [line("EXPORTER_SECRET", 20), ByteBuffer(string: "EXPORTER_SECRET"), ByteBuffer(string: "a b zz")] {
        let broken = ExporterSecret()
        broken.readLogLine(bad)
        #expect(broken.takeExporter() == nil)
      }
      secret.readLogLine(line("EXPORTER_SECRET", 32))
      #expect(secret.takeExporter() != nil)
      #expect(secret.takeExporter() == nil)
    }

    private func line(_ label: String, _ count: Int) -> ByteBuffer {
      ByteBuffer(string: "\(label) 00 \(String(repeating: "ab", count: count))\n")
    }
  }
}
