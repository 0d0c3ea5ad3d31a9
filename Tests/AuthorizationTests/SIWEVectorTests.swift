import Authorization
import Foundation
import Identifiers
import ProtocolTestKit
import Signatures
import Testing

/// The vectors of spruceid/siwe: the grammar only, before any rule of this network.
@Suite(.enabled(if: Vectors.arePresent)) struct SIWEVectorTests {
  struct Parsing: Decodable {
    let message: String
    let fields: Fields
  }

  struct Fields: Decodable {
    var scheme: String?
    var domain: String?
    var address: String?
    var statement: String?
    var uri: String?
    var version: String?
    var chainId: Chain?
    var nonce: String?
    var issuedAt: String?
    var expirationTime: String?
    var notBefore: String?
    var requestId: String?
    var resources: [String]?
    var signature: String?
    var time: String?
    var domainBinding: String?
    var matchNonce: String?

    /// The text the format prescribes; a missing field leaves its place empty.
    var text: String {
      var lines = ["\(domain ?? "") wants you to sign in with your Ethereum account:", address ?? "", ""]
      if let statement { lines.append(statement) }
      lines += [
        "", "URI: \(uri ?? "")", "Version: \(version ?? "")", "Chain ID: \(chainId?.text ?? "")",
        "Nonce: \(nonce ?? "")", "Issued At: \(issuedAt ?? "")",
      ]
      if let expirationTime { lines.append("Expiration Time: \(expirationTime)") }
      if let notBefore { lines.append("Not Before: \(notBefore)") }
      if let requestId { lines.append("Request ID: \(requestId)") }
      if let resources { lines += ["Resources:"] + resources.map { "- \($0)" } }
      return lines.joined(separator: "\n")
    }
  }

  /// A number, or whatever a negative vector puts in its place.
  struct Chain: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(UInt64.self) {
        text = String(number)
      } else {
        text = try container.decode(String.self)
      }
    }
  }

  @Test func `A2 every message of the positive vectors is read field by field and written again`() throws {
    let vectors: [String: Parsing] = try Vectors.json("siwe/parsing_positive.json")
    #expect(vectors.count == 19)
    for (name, vector) in vectors {
      let message = try SIWEMessage(parsing: vector.message)
      let fields = vector.fields
      #expect(message.text == vector.message, "\(name)")
      #expect(message.scheme == fields.scheme, "\(name)")
      #expect(message.domain == fields.domain, "\(name)")
      #expect(message.address.checksumText == fields.address, "\(name)")
      #expect(message.statement == fields.statement, "\(name)")
      #expect(message.uri == fields.uri, "\(name)")
      #expect(String(message.chainID) == fields.chainId?.text, "\(name)")
      #expect(message.nonce == fields.nonce, "\(name)")
      #expect(message.issuedAt.text == fields.issuedAt, "\(name)")
      #expect(message.expirationTime?.text == fields.expirationTime, "\(name)")
      #expect(message.notBefore?.text == fields.notBefore, "\(name)")
      #expect(message.requestID == fields.requestId, "\(name)")
      #expect(message.resources == fields.resources, "\(name)")
    }
  }

  @Test func `A2 every object of the negative vectors is refused`() throws {
    let vectors: [String: Fields] = try Vectors.json("siwe/parsing_negative_objects.json")
    #expect(vectors.count == 18)
    for (name, fields) in vectors {
      #expect(throws: SIWEError.self, "\(name)") { try SIWEMessage(parsing: fields.text) }
    }
    // The same object without a fault is accepted, so each is refused for its own fault.
    var repaired = try #require(vectors["missing nonce"])
    repaired.nonce = "12341234"
    #expect(try SIWEMessage(parsing: repaired.text).requestID == "some_id")
  }

  /// Signed by the stated wallet, valid at the vector's time, and for the domain and nonce the vector expects.
  private static func verifies(_ fields: Fields) throws -> Bool {
    guard let message = try? SIWEMessage(parsing: fields.text) else { return false }
    guard var signature = try? Hex.decode((fields.signature ?? "").utf8.dropFirst(2)) else { return false }
    // Some wallets give the recovery id without Ethereum's 27; this network takes one form only.
    if let last = signature.last, last < 27 {
      #expect(!message.isSigned(signature, text: fields.text))
      signature[signature.count - 1] = last + 27
    }
    let time = try fields.time.map { try Timestamp(text: String($0.prefix(19)) + "Z") }
    let moment = try time ?? Timestamp(text: "2026-01-01T00:00:00Z")
    return message.isSigned(signature, text: fields.text) && message.isValid(at: moment)
      && (fields.domainBinding.map { $0 == message.domain } ?? true)
      && (fields.matchNonce.map { $0 == message.nonce } ?? true)
  }

  @Test(arguments: [("siwe/verification_positive.json", true, 4), ("siwe/verification_negative.json", false, 10)])
  func `A1 messages are valid exactly as the vectors say`(file: String, isValid: Bool, count: Int) throws {
    let vectors: [String: Fields] = try Vectors.json(file)
    #expect(vectors.count == count)
    for (name, fields) in vectors {
      #expect(try Self.verifies(fields) == isValid, "\(name)")
    }
  }
}
