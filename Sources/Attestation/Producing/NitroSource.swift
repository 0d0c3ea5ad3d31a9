/// Nitro evidence: an attestation document of the security module, through `/dev/nsm` (Linux 6.8 and later,
/// include/uapi/linux/nsm.h; the messages are those of AWS's library aws-nitro-enclaves-nsm-api).
struct NitroSource: EvidenceSource {
  static let path = "/dev/nsm"
  static let maximumAnswerSize = 0x3000
  /// _IOWR(0x0A, 0, struct nsm_raw).
  private static let raw: UInt = 0xC020_0A00

  let kernel: any KernelInterface

  var kind: EvidenceKind { .nitro }

  func evidence(over reportData: ReportData) throws(EvidenceProductionError) -> Evidence {
    let answer = try NitroAnswer(bytes: exchange(Self.request(over: reportData)))
    let evidence = try evidence(answer.document)
    guard let document = NitroDocument(bytes: evidence.data) else { throw .malformed("an attestation document") }
    guard document.userData == reportData.bytes else { throw .contradictsRequest("vouches for something else") }
    guard document.isSigned else { throw .contradictsRequest("is not signed by its own key") }
    return evidence
  }

  static func request(over reportData: ReportData) -> [UInt8] {
    CBOR.map([
      .text("Attestation"): .map([
        .text("user_data"): .bytes(reportData.bytes), .text("nonce"): .null, .text("public_key"): .null,
      ])
    ]).encoded
  }

  /// struct nsm_raw: address and length of the request, address and length of the memory for the answer. The module
  /// replaces the last number by the length of what it wrote.
  private func exchange(_ request: [UInt8]) throws(EvidenceProductionError) -> [UInt8] {
    var request = request
    var answer = [UInt8](repeating: 0, count: Self.maximumAnswerSize)
    var envelope = [UInt8](repeating: 0, count: 32)
    envelope.put(UInt64(request.count), at: 8)
    envelope.put(UInt64(answer.count), at: 24)
    let fault: KernelFault? = unsafe request.withUnsafeMutableBytes { requestBytes in
      envelope.put(UInt64(UInt(bitPattern: requestBytes.baseAddress)), at: 0)
      return unsafe answer.withUnsafeMutableBytes { answerBytes in
        envelope.put(UInt64(UInt(bitPattern: answerBytes.baseAddress)), at: 16)
        return unsafe envelope.withUnsafeMutableBytes { argument in
          guard let start = argument.baseAddress else { return nil }
          do throws(KernelFault) {
            try unsafe kernel.control(Self.path, request: Self.raw, argument: start)
            return nil
          } catch {
            return error
          }
        }
      }
    }
    if let fault { throw .kernel(fault) }
    guard let count = Int(exactly: envelope.number(at: 24, as: UInt64.self)), count <= answer.count else {
      throw .malformed("an answer of the security module")
    }
    return Array(answer.prefix(count))
  }
}

/// What the security module says to a request for a document.
public struct NitroAnswer: Sendable, Hashable {
  public let document: [UInt8]

  /// - Parameter bytes: CBOR, {"Attestation": {"document": bytes}} or {"Error": name}.
  public init(bytes: [UInt8]) throws(EvidenceProductionError) {
    guard bytes.count <= NitroSource.maximumAnswerSize,
      let answer = try? CBORReader.decode(bytes, form: .plain).map, answer.count == 1
    else { throw .malformed("an answer of the security module") }
    if let name = answer[.text("Error")]?.text.flatMap(NitroFault.init) { throw .securityModule(name) }
    guard let attestation = answer[.text("Attestation")]?.map, attestation.count == 1,
      let document = attestation[.text("document")]?.bytes
    else { throw .malformed("an answer of the security module") }
    self.document = document
  }
}

/// What the security module calls its own errors (ErrorCode of AWS's library).
public enum NitroFault: String, Error, Sendable, Hashable, CaseIterable {
  case invalidArgument = "InvalidArgument"
  case invalidIndex = "InvalidIndex"
  case invalidResponse = "InvalidResponse"
  case readOnlyIndex = "ReadOnlyIndex"
  case invalidOperation = "InvalidOperation"
  case bufferTooSmall = "BufferTooSmall"
  case inputTooLarge = "InputTooLarge"
  case internalError = "InternalError"
}
