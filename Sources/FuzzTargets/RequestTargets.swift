import Authorization
import Identifiers
import Wire

extension FuzzTarget {
  /// What anybody may send to the port for users.
  static let requestTargets: [FuzzTarget] = [
    .stable("json", decode: { try JSONValue(parsing: $0, limit: 1 << 20) }, encode: { $0.serialized }) { value in
      let canonical = value.canonicalized
      let again = try? JSONValue(parsing: canonical, limit: 1 << 20)
      try require(again?.canonicalized == canonical, "the canonical form is its own canonical form")
    },
    .stable("request", decode: { try RequestSubmission(decoding: $0) }, encode: { $0.encoded }) { submission in
      let request = submission.request
      try require(request.signingInput.count > request.payloadText.utf8.count, "the signature covers both texts")
      _ = request.hasValidSignature
    },
    .stable("request-payload", decode: { try RequestPayload(decoding: $0) }, encode: { $0.encoded }),
    FuzzTarget("siwe") { bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else { throw NotText() }
      let message = try SIWEMessage(parsing: text)
      try require(Array(message.text.utf8) == bytes, "a message is written as the same bytes")
      for resource in message.resources ?? [] { try whereAccepted { try requireExact(resource) } }
    },
    FuzzTarget("recap") { try requireExact("urn:recap:" + Base64URL.encode($0)) },
    FuzzTarget("decryption-policy") { bytes in
      let policy = try DecryptionPolicy(decoding: bytes)
      try require(policy.bytes == bytes, "a policy is the bytes it was read from")
      let written = try? DecryptionPolicy(anyOf: policy.wallets)
      let again = written.flatMap { try? DecryptionPolicy(decoding: $0.bytes) }
      try require(again?.wallets == policy.wallets, "a policy's wallets are written as the same wallets")
    },
  ]

  private static func requireExact(_ resource: String) throws {
    let reCap = try ReCap(resource: resource)
    try require(reCap.resource.utf8.elementsEqual(resource.utf8), "a ReCap is written as the same resource")
    try require(reCap.grants.allSatisfy(reCap.covers), "a ReCap covers what it grants")
  }
}

private struct NotText: Error {}
