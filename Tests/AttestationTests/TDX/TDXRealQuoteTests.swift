@testable import Attestation
import Crypto
import Identifiers
import ProtocolTestKit
import Testing

/// Quotes of real platforms under Intel's own root.
@Suite(.enabled(if: Vectors.arePresent)) struct TDXRealQuoteTests {
  static let current = AttestationVectors.time("2025-06-20T00:00:00Z")

  static func quotes() throws -> [(name: String, evidence: Evidence, quote: TDQuote)] {
    try AttestationVectors.entries("tdx").map { entry in
      let bytes = try AttestationVectors.bytes(#require(entry.quote).file)
      return (entry.name, try Evidence(kind: .tdx, data: bytes), try #require(TDQuote(bytes: bytes)))
    }
  }

  static func collateral() throws -> IntelCollateral {
    try IntelCollateral(json: AttestationVectors.bytes("tdx_quote_collateral.json"))
  }

  static func verifier() throws -> TDXVerifier { TDXVerifier(collateral: [try collateral()]) }

  @Test func `the pinned root is Intel's`() throws {
    #expect(
      Hex.encode(SHA256.hash(data: IntelRoot.der)) == "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3"
    )
    #expect(try IntelRoot.der == AttestationVectors.bytes("intel-sgx-root.der"))
  }

  @Test func `a quote with its collateral is up to date, and others lack only what Intel says of them`() throws {
    let quotes = try Self.quotes()
    #expect(quotes.count >= 3)
    for (name, evidence, quote) in quotes {
      let now = max(Self.current, quote.certificate.validity.lowerBound)
      let refusals = try Self.verifier().refusals(evidence, at: now)
      switch name {
      case "tdx-v4-uptodate":
        #expect(refusals == [])
        let findings = try Self.verifier().findings(in: evidence, now: now)
        #expect(findings.firmwareStatus == .upToDate && findings.advisories == [] && findings.platform != nil)
      case "tdx-v4-DEBUG": #expect(refusals == [.collateral, .debug])
      default: #expect(refusals == [.collateral])
      }
    }
  }

  @Test func `T5 N a verifier blind to collateral and debugging accepts every quote`() throws {
    for (_, evidence, quote) in try Self.quotes() {
      let verifier = TDXVerifier(collateral: []).blind(to: .collateral, .debug)
      #expect(verifier.refusals(evidence, at: quote.certificate.validity.upperBound) == [])
    }
  }

  @Test func `T5 every quote is refused before and after its certificates are valid`() throws {
    for (_, evidence, quote) in try Self.quotes() {
      let verifier = TDXVerifier(collateral: []).blind(to: .collateral, .debug)
      #expect(
        verifier.refusals(evidence, at: quote.certificate.validity.lowerBound.adding(seconds: -1)) == [
          .endorsementValidity
        ])
      #expect(
        verifier.refusals(evidence, at: quote.certificate.validity.upperBound.adding(seconds: 1)) == [
          .endorsementValidity
        ])
    }
  }

  @Test func `T5 a quote is refused before and after its collateral is current`() throws {
    let validity = try Self.collateral().validity
    let (_, evidence, _) = try #require(try Self.quotes().first { $0.name == "tdx-v4-uptodate" })
    #expect(
      validity == AttestationVectors.time("2025-06-19T10:32:27Z")...AttestationVectors.time("2025-07-19T10:00:35Z"))
    let verifier = try Self.verifier()
    #expect(verifier.refusals(evidence, at: validity.lowerBound.adding(seconds: -1)) == [.collateral])
    #expect(verifier.refusals(evidence, at: validity.lowerBound) == [])
    #expect(verifier.refusals(evidence, at: validity.upperBound) == [])
    #expect(Set(verifier.refusals(evidence, at: validity.upperBound.adding(seconds: 1))) == [.collateral])
  }

  @Test func `T4 every quote is refused under another root`() throws {
    let other = try TestIntel().root
    for (_, evidence, quote) in try Self.quotes() {
      let verifier = TDXVerifier(collateral: [], root: other).blind(to: .collateral, .debug)
      #expect(verifier.refusals(evidence, at: quote.certificate.validity.upperBound) == [.endorsement])
    }
  }

  @Test func `T5 no byte of a quote can be changed`() throws {
    let verifier = try Self.verifier().blind(to: .collateral)
    for (name, evidence, quote) in try Self.quotes() {
      let now = max(Self.current, quote.certificate.validity.lowerBound)
      #expect(verifier.isProven(evidence, at: now))
      for place in stride(from: 0, to: evidence.data.count, by: name == "tdx-v4-uptodate" ? 1 : 29) {
        var data = evidence.data
        data[place] ^= UInt8(truncatingIfNeeded: 1 << (place % 8))
        let changed = try Evidence(kind: .tdx, data: data)
        #expect(!verifier.isProven(changed, at: now), "\(name) at \(place)")
      }
    }
  }

  @Test func `T5 cut and prolonged quotes are refused`() throws {
    let verifier = try Self.verifier()
    for (_, evidence, quote) in try Self.quotes() {
      let padding = evidence.data.reversed().prefix { $0 == 0 }.count
      // The last zero belongs to the certificates, the others to nothing.
      let end = evidence.data.count - padding + 1
      #expect(TDQuote(bytes: Array(evidence.data.prefix(end)))?.version == quote.version)
      for count in Array(stride(from: 0, to: end, by: 61)) + [end - 1] {
        let cut = try Evidence(kind: .tdx, data: Array(evidence.data.prefix(count)))
        #expect(verifier.refusals(cut, at: Self.current) == [.form])
      }
      let longer = try Evidence(kind: .tdx, data: evidence.data + [1])
      #expect(verifier.refusals(longer, at: Self.current) == [.form])
    }
  }

  @Test func `T5 no byte of the collateral's statements can be changed`() throws {
    let json = try AttestationVectors.bytes("tdx_quote_collateral.json")
    for place in stride(from: 0, to: json.count, by: 41) {
      var changed = json
      changed[place] ^= 0x01
      guard let collateral = try? IntelCollateral(json: changed) else { continue }
      // What is between the statements may be written in another way; what they say may not.
      #expect(try collateral.validity == Self.collateral().validity)
    }
  }

  @Test func `the time of a verification beside its signatures is printed`() throws {
    let verifier = try Self.verifier()
    for (name, evidence, quote) in try Self.quotes() {
      let chain = try #require(quote.path(root: IntelRoot.der, known: nil)).certificates
      try printTimes("TDX \(name)") {
        _ = try verifier.findings(in: evidence, now: Self.current)
      } bare: {
        for (issuer, subject) in zip(chain, chain.dropFirst()) { #expect(subject.isSigned(by: issuer.key)) }
        #expect(quote.isEnclaveSigned && quote.isSigned)
      }
    }
  }
}
