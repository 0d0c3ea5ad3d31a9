@testable import Attestation
import Identifiers
import Testing
import Transcripts

@Suite struct NitroVerifierTests {
  @Test func `an honest document is accepted and read`() throws {
    let nitro = try TestNitro()
    let evidence = try nitro.evidence()
    #expect(nitro.verifier().refusals(evidence, at: TestNitro.noon) == [])
    let findings = try nitro.verifier().findings(in: evidence, now: TestNitro.noon)
    #expect(findings.measurement == someMeasurement)
    #expect(findings.reportData == ReportData(.live, [[1]]))
    #expect(findings.platform?.bytes == Array("i-0123".utf8))
    let tagged = try Evidence(kind: .nitro, data: [0xD2] + evidence.data)
    #expect(nitro.verifier().refusals(tagged, at: TestNitro.noon) == [])
  }

  @Test func `maps and arrays of indefinite length are read, and a key that comes twice is not`() throws {
    let nitro = try TestNitro()
    let fields = try nitro.fields()
    let pairs = fields.flatMap { $0.key.encoded + $0.value.encoded }
    let indefinite = try nitro.evidence(payload: [0xBF] + pairs + [0xFF])
    #expect(nitro.verifier().refusals(indefinite, at: TestNitro.noon) == [])
    let nonce = CBOR.text("nonce").encoded + CBOR.null.encoded
    for payload in [
      [0xBF] + pairs + nonce + [0xFF], [0xAA] + pairs + nonce, [0xBF] + pairs, [0xBF] + pairs + [0xFF, 0xFF],
      [0xA8] + pairs, [0xBF] + pairs + nonce.dropLast() + [0xFF],
    ] {
      let evidence = try nitro.evidence(payload: payload)
      #expect(nitro.verifier().refusals(evidence, at: TestNitro.noon) == [.form])
    }
  }

  @Test func `a document that misses a field, or has another, is refused`() throws {
    let nitro = try TestNitro()
    for key in try nitro.fields().keys {
      let without = try nitro.evidence { $0[key] = nil }
      let isOptional = [.text("nonce"), .text("public_key"), .text("user_data")].contains(key)
      #expect(nitro.verifier().refusals(without, at: TestNitro.noon) == (isOptional ? [] : [.form]))
      let other = try nitro.evidence { $0[key] = .array([]) }
      #expect(nitro.verifier().refusals(other, at: TestNitro.noon) == [.form])
    }
    #expect(nitro.verifier().refusals(try nitro.evidence { $0[.text("more")] = .null }, at: TestNitro.noon) == [.form])
    let register = CBOR.bytes([UInt8](repeating: 1, count: 48))
    for registers in [
      [.unsigned(0): .bytes([1])], [.unsigned(0): register, .unsigned(32): register], [.text("0"): register],
      [.unsigned(1): register],
    ] as [[CBOR: CBOR]] {
      let evidence = try nitro.evidence { $0[.text("pcrs")] = .map(registers) }
      #expect(nitro.verifier().refusals(evidence, at: TestNitro.noon) == [.form])
    }
    let long = try nitro.evidence { $0[.text("nonce")] = .bytes([UInt8](repeating: 0, count: 1025)) }
    #expect(nitro.verifier().refusals(long, at: TestNitro.noon) == [.form])
    let payload = CBOR.map(try nitro.fields()).encoded
    let weaker = try nitro.evidence(payload: payload, protected: [0xA1, 0x01, 0x26])
    #expect(nitro.verifier().refusals(weaker, at: TestNitro.noon) == [.form])
  }

  @Test func `T5 deep, long and wide documents are refused`() throws {
    let nitro = try TestNitro()
    let root = CBOR.bytes(nitro.root)
    let deep = try nitro.evidence { $0[.text("nonce")] = .array([.array([.array([.array([])])])]) }
    let long = try nitro.evidence { $0[.text("cabundle")] = .array([CBOR](repeating: root, count: 8)) }
    let wide = try nitro.evidence { fields in
      fields[.text("cabundle")] = .array([CBOR](repeating: .unsigned(0), count: 300))
    }
    let nested = try Evidence(kind: .nitro, data: [UInt8](repeating: 0x81, count: 9000))
    let endless = try Evidence(kind: .nitro, data: [UInt8](repeating: 0x9F, count: 9000))
    for evidence in [deep, long, wide, nested, endless] {
      #expect(nitro.verifier().refusals(evidence, at: TestNitro.noon) == [.form])
    }
  }

  @Test func `T5 authorities out of order, missing, repeated or without the right to sign lead nowhere`() throws {
    let nitro = try TestNitro()
    let bundle = try #require(try nitro.fields()[.text("cabundle")]?.array)
    for authorities in [[bundle[1], bundle[0]], [bundle[0]], [bundle[1]], [bundle[0], bundle[0], bundle[1]]] {
      let evidence = try nitro.evidence { $0[.text("cabundle")] = .array(authorities) }
      let isRepeated = authorities.count == 3
      // The root signs itself, so that a second one changes nothing.
      #expect(nitro.verifier().refusals(evidence, at: TestNitro.noon) == (isRepeated ? [] : [.endorsement]))
    }
    let powerless = try nitro.evidence(payload: CBOR.map(nitro.fields(middleLimit: .none)).encoded)
    #expect(nitro.verifier().refusals(powerless, at: TestNitro.noon) == [.endorsement])
  }

  @Test func `T3 a document is refused once it is too old, and before it was made`() throws {
    let nitro = try TestNitro()
    let evidence = try nitro.evidence()
    let verifier = nitro.verifier { $0.maximumAge = 600 }
    for (offset, isYoung) in [(-301, false), (-300, true), (600, true), (601, false)] as [(Int64, Bool)] {
      #expect(verifier.refusals(evidence, at: TestNitro.noon.adding(seconds: offset)) == (isYoung ? [] : [.age]))
    }
    let future = try nitro.evidence { $0[.text("timestamp")] = .unsigned(.max) }
    #expect(verifier.refusals(future, at: TestNitro.noon) == [.age])
  }

  @Test func `T3 N a verifier blind to age accepts an old document`() throws {
    let nitro = try TestNitro()
    let old = TestNitro.noon.adding(seconds: 601)
    #expect(nitro.verifier { $0.maximumAge = 600 }.blind(to: .age).refusals(try nitro.evidence(), at: old) == [])
  }

  @Test func `T5 a debug enclave, another register and foreign data are refused for themselves`() throws {
    let nitro = try TestNitro()
    let zero = CBOR.bytes([UInt8](repeating: 0, count: 48))
    let debug = try nitro.evidence { $0[.text("pcrs")] = .map([.unsigned(0): zero]) }
    #expect(nitro.verifier().refusals(debug, at: TestNitro.noon) == [.debug])
    #expect(nitro.verifier().blind(to: .debug).refusals(debug, at: TestNitro.noon) == [])
    let register = [UInt8](repeating: 7, count: 48)
    let other = [UInt8](repeating: 8, count: 48)
    let evidence = try nitro.evidence()
    #expect(nitro.verifier { $0.registers = [8: [register, other]] }.refusals(evidence, at: TestNitro.noon) == [])
    #expect(nitro.verifier { $0.registers = [8: [other]] }.refusals(evidence, at: TestNitro.noon) == [.configuration])
    #expect(nitro.verifier { $0.registers = [3: [other]] }.refusals(evidence, at: TestNitro.noon) == [.configuration])
    let policy = AttestationPolicy(allowed: [.nitro: [someMeasurement]], verifiers: [nitro.verifier()])
    let expected = ReportData(.live, [[1]])
    #expect(try policy.verify(evidence, expecting: expected, now: TestNitro.noon).platform != nil)
    for data in [.bytes(Array(0..<64)), .bytes([1]), .null] as [CBOR] {
      let foreign = try nitro.evidence { $0[.text("user_data")] = data }
      #expect(
        failedChecks { try policy.verify(foreign, expecting: expected, now: TestNitro.noon) } == [.reportData])
    }
  }

  @Test func `T5 a document signed by another key than its certificate's is refused`() throws {
    let nitro = try TestNitro()
    let other = try TestNitro()
    let forged = try other.evidence(payload: CBOR.map(nitro.fields()).encoded)
    #expect(nitro.verifier().refusals(forged, at: TestNitro.noon) == [.reportSignature])
  }

  @Test func `T5 N a verifier blind to the signature accepts a document of another key`() throws {
    let nitro = try TestNitro()
    let forged = try TestNitro().evidence(payload: CBOR.map(nitro.fields()).encoded)
    #expect(nitro.verifier().blind(to: .reportSignature).refusals(forged, at: TestNitro.noon) == [])
  }
}
