import Foundation
import ProtocolTestKit
import Testing

/// A search that finds nothing says nothing unless it would have found something.
@Suite struct CanaryScannerTests {
  private static let secret: [UInt8] = [
    0x00, 0xff, 0x80, 0x41, 0x7f, 0xfb, 0xef, 0xbe, 0x01, 0x02, 0x3f, 0x3e, 0x9c, 0xd1, 0x0a, 0x55,
  ]
  private let canary = Canary("the secret", secret)
  private let scanner: CanaryScanner

  init() {
    let others = (1...40).map { number in Canary("other \(number)", (0..<32).map { UInt8(($0 * 7 + number) & 255) }) }
    scanner = CanaryScanner(others + [canary])
  }

  private func isFound(_ bytes: some Sequence<UInt8>) -> Bool {
    scanner.findings(in: Array(bytes)).map(\.canary) == ["the secret"]
      || scanner.findings(in: Array(bytes)).contains { $0.canary == "the secret" }
  }

  @Test func `O9 N a planted canary is found in every spelling, wherever it stands`() {
    for spelling in canary.spellings {
      for padding in 0..<9 {
        let around = [UInt8](repeating: 0x2e, count: padding)
        let findings = scanner.findings(in: around + spelling.bytes + around)
        #expect(findings.contains { $0.canary == "the secret" && $0.spelling == spelling.name }, "\(spelling.name)")
      }
    }
  }

  @Test func `O9 N it is found in what other encoders write`() throws {
    let secret = Self.secret
    for before in 0..<4 {
      for after in 0..<4 {
        let around = { (count: Int) in [UInt8](repeating: 0xa7, count: count) }
        let longer = Data(around(before) + secret + around(after))
        let base64 = longer.base64EncodedString()
        #expect(isFound(base64.utf8))
        #expect(isFound(base64.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_").utf8))
        #expect(isFound(longer))
        #expect(isFound(longer.map { String(format: "%02X", $0) }.joined().utf8))
        #expect(isFound(longer.map { String(format: "%02x", $0) }.joined().data(using: .utf16LittleEndian) ?? Data()))
        #expect(isFound(String(describing: Array(longer)).utf8))
        let json = try JSONEncoder().encode(["bytes": Array(longer)])
        #expect(isFound(json))
        #expect(isFound(longer.reversed()))
      }
    }
    // The number, computed with other tools.
    #expect(isFound("x = 1326637036795380664849050975534647893;".utf8))
    let text = "a sentence that is nobody's business"
    let texts = CanaryScanner([Canary("text", text.utf8)])
    for encoding in [String.Encoding.utf8, .utf16LittleEndian, .utf16BigEndian] {
      #expect(!texts.findings(in: Array(("say: " + text + ".").data(using: encoding) ?? Data())).isEmpty)
    }
  }

  @Test func `nothing is found where nothing is`() {
    var changed = Self.secret
    for place in changed.indices {
      changed[place] ^= 1
      #expect(!isFound(changed))
      #expect(!isFound(changed.map { String(format: "%02x", $0) }.joined().utf8))
      changed[place] ^= 1
    }
    #expect(scanner.findings(in: []).isEmpty)
    #expect(scanner.findings(in: (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }).isEmpty)
  }
}
