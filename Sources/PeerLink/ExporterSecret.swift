import Identifiers
import NIOCore
import Secrets
import Synchronization

/// Catches the exporter secret out of what the TLS library logs for one connection, and forgets everything else.
///
/// The log callback also sees the traffic secrets; nothing but this type ever gets them.
final class ExporterSecret: Sendable {
  private let secret = Mutex<SecretBytes?>(nil)

  /// One line in the format of SSLKEYLOGFILE: label, client random in hex, secret in hex.
  func readLogLine(_ line: ByteBuffer) {
    var text = [UInt8](line.readableBytesView)
    defer { wipe(&text) }
    while text.last == UInt8(ascii: "\n") { text.removeLast() }
    let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 3, words[0].elementsEqual("EXPORTER_SECRET".utf8),
      var bytes = try? Hex.decode(words[2])
    else { return }
    defer { wipe(&bytes) }
    // BoringSSL derives it once; a second one would be another connection's.
    secret.withLock { if $0 == nil { $0 = SecretBytes(copying: bytes) } }
  }

  /// Derives the channel binding and wipes the secret.
  /// - Returns: nil before the handshake is far enough, and at any later call.
  func takeExporter() -> TLSExporter? {
    secret.withLock { secret in
      guard let taken = secret.take() else { return nil }
      return TLSExporter(exporterSecret: taken)
    }
  }
}
