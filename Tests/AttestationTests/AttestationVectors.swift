import Attestation
import Identifiers
import ProtocolTestKit

/// Evidence of real machines.
enum AttestationVectors {
  struct Entry: Decodable, Sendable {
    struct File: Decodable, Sendable { var file: String }
    struct Firmware: Decodable, Sendable {
      var fmc: UInt8?
      var bl: UInt8
      var tee: UInt8
      var snp: UInt8
      var ucode: UInt8
    }

    var kind: String
    var name: String
    var result: String?
    var version: UInt32?
    var policy: String?
    var debug: Bool?
    var vmpl: UInt32?
    var tcb: Firmware?
    var report: File?
    var vek: File?
    var doc: File?
    var quote: File?
  }

  static func entries(_ kind: String) throws -> [Entry] {
    let all: [Entry] = try Vectors.json("attestation/index.json")
    return all.filter { $0.kind == kind }
  }

  static func bytes(_ file: String) throws -> [UInt8] { try Vectors.bytes("attestation/\(file)") }

  static func time(_ text: String) -> Timestamp {
    do {
      return try Timestamp(text: text)
    } catch {
      preconditionFailure("a canonical time")
    }
  }
}
