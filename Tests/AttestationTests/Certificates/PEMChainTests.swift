@testable import Attestation
import SwiftASN1
import Testing

@Suite struct PEMChainTests {
  /// Of every length around whole lines, and with and without padding.
  @Test(arguments: Array(1...6) + [47, 48, 49, 95, 96, 97, 1000])
  func `what the library writes is read, and is the only text that is`(count: Int) throws {
    let der = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let text = Array((PEMDocument(type: "CERTIFICATE", derBytes: der).pemString + "\n").utf8)
    #expect(PEMChain.decode(text, limit: 3) == [der])
    #expect(PEMChain.decode(text + text, limit: 3) == [der, der])
    #expect(PEMChain.decode(text + text, limit: 1) == nil)
    #expect(PEMChain.decode(text + [0], limit: 3) == [der])
    #expect(PEMChain.decode(text + [10], limit: 3) == [der])
    #expect(PEMChain.decode(text + [10, 10], limit: 3) == nil)
    #expect(PEMChain.decode(text + [0, 0], limit: 3) == nil)
    #expect(PEMChain.decode(text + [32], limit: 3) == nil)
    #expect(PEMChain.decode(Array(text.dropLast()), limit: 3) == nil)
    for place in text.indices {
      for value in [0, 9, 10, 13, 32, 61, 65, 45] as [UInt8] where text[place] != value {
        var changed = text
        changed[place] = value
        // Another certificate, or none.
        #expect(PEMChain.decode(changed, limit: 3) != [der])
      }
      #expect(PEMChain.decode(Array(text[..<place]) + [13] + text[place...], limit: 3) == nil)
      let isLast = place == text.count - 1
      #expect(PEMChain.decode(Array(text[..<place]) + [10] + text[place...], limit: 3) == (isLast ? [der] : nil))
    }
  }

  @Test(arguments: [
    "", "\0", "\n", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\n",
  ])
  func `texts without a certificate are refused`(text: String) {
    #expect(PEMChain.decode(Array(text.utf8), limit: 3) == nil)
  }
}
