@testable import Attestation
import Crypto
import Identifiers
import ProtocolTestKit
import Testing

/// Documents of real enclaves under AWS's own root. The files hold more than the document: its taker put it in front of
/// things of its own.
@Suite(.enabled(if: Vectors.arePresent)) struct NitroRealDocumentTests {
  static func samples() throws -> [(name: String, evidence: Evidence, document: NitroDocument)] {
    try AttestationVectors.entries("nitro").map { entry in
      let bytes = try NitroFile(bytes: AttestationVectors.bytes(#require(entry.doc).file)).document
      return (entry.name, try Evidence(kind: .nitro, data: bytes), try #require(NitroDocument(bytes: bytes)))
    }
  }

  @Test func `what follows a document in a file is told apart, and is no part of the evidence`() throws {
    for entry in try AttestationVectors.entries("nitro") {
      let bytes = try AttestationVectors.bytes(#require(entry.doc).file)
      let file = try NitroFile(bytes: bytes)
      #expect(file.document + file.rest == bytes)
      #expect(file.rest.count > 100)
      let document = try #require(NitroDocument(bytes: file.document))
      let whole = try Evidence(kind: .nitro, data: bytes)
      #expect(NitroVerifier().refusals(whole, at: document.time) == [.form])
    }
    #expect(throws: EvidenceError.notADocument) { try NitroFile(bytes: []) }
    #expect(throws: EvidenceError.notADocument) { try NitroFile(bytes: [0xD2]) }
  }

  @Test func `the pinned root is that of AWS`() throws {
    #expect(
      Hex.encode(SHA256.hash(data: NitroRoot.der)) == "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b"
    )
    #expect(try NitroRoot.der == AttestationVectors.bytes("aws-nitro-root-g1.der"))
  }

  @Test func `every document verifies when it was made, and only debugging is refused`() throws {
    let samples = try Self.samples()
    #expect(samples.count >= 2)
    for (name, evidence, document) in samples {
      let isDebug = name.contains("debug")
      #expect(NitroVerifier().refusals(evidence, at: document.time) == (isDebug ? [.debug] : []))
      #expect(document.isDebug == isDebug)
      let findings = try NitroVerifier().findings(in: evidence, now: document.time)
      #expect(findings.reportData != nil && findings.platform != nil)
    }
  }

  @Test func `T3 every document is refused before and after its certificate is valid`() throws {
    for (_, evidence, document) in try Self.samples() {
      let validity = document.certificate.validity
      let verifier = NitroVerifier().blind(to: .debug, .age)
      #expect(verifier.refusals(evidence, at: validity.lowerBound) == [])
      #expect(verifier.refusals(evidence, at: validity.upperBound) == [])
      #expect(verifier.refusals(evidence, at: validity.lowerBound.adding(seconds: -1)) == [.endorsementValidity])
      #expect(verifier.refusals(evidence, at: validity.upperBound.adding(seconds: 1)) == [.endorsementValidity])
      #expect(
        Set(verifier.refusals(evidence, at: validity.upperBound.adding(seconds: 1 << 30))) == [.endorsementValidity])
    }
  }

  @Test func `T4 every document is refused under another root`() throws {
    let other = try TestNitro().root
    for (_, evidence, document) in try Self.samples() {
      for root in [other, [], IntelRoot.der] {
        let verifier = NitroVerifier(root: root).blind(to: .debug)
        #expect(verifier.refusals(evidence, at: document.time) == [.endorsement])
      }
    }
  }

  @Test func `T4 N T5 N a verifier blind to roots and debugging accepts every document under another root`() throws {
    let other = try TestNitro().root
    for (_, evidence, document) in try Self.samples() {
      #expect(NitroVerifier(root: other).blind(to: .debug, .endorsement).refusals(evidence, at: document.time) == [])
    }
  }

  @Test func `T5 no byte of a document can be changed`() throws {
    for (name, evidence, document) in try Self.samples() {
      #expect(NitroVerifier().isProven(evidence, at: document.time))
      for place in evidence.data.indices {
        var data = evidence.data
        data[place] ^= UInt8(truncatingIfNeeded: 1 << (place % 8))
        // The signature is over everything but itself, so that it says no to each; the whole is asked now and then.
        #expect(NitroDocument(bytes: data)?.isSigned != true, "\(name) at \(place)")
        if place.isMultiple(of: 41) {
          let changed = try Evidence(kind: .nitro, data: data)
          #expect(!NitroVerifier().isProven(changed, at: document.time), "\(name) at \(place)")
        }
      }
    }
  }

  @Test func `T5 cut and prolonged documents are refused`() throws {
    for (_, evidence, document) in try Self.samples() {
      for count in stride(from: 0, to: evidence.data.count, by: 97) {
        let cut = try Evidence(kind: .nitro, data: Array(evidence.data.prefix(count)))
        #expect(NitroVerifier().refusals(cut, at: document.time) == [.form])
      }
      let longer = try Evidence(kind: .nitro, data: evidence.data + [0])
      #expect(NitroVerifier().refusals(longer, at: document.time) == [.form])
    }
  }

  @Test func `the time of a verification beside its signatures is printed`() throws {
    for (name, evidence, document) in try Self.samples() {
      let chain = document.authorities + [document.certificate]
      try printTimes("Nitro \(name)") {
        _ = try NitroVerifier().findings(in: evidence, now: document.time)
      } bare: {
        for (issuer, subject) in zip(chain, chain.dropFirst()) { #expect(subject.isSigned(by: issuer.key)) }
        #expect(document.isSigned)
      }
    }
  }
}
