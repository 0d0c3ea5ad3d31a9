import Wire

extension FuzzTarget {
  /// What a node that lies sends to a user.
  static let answerTargets: [FuzzTarget] = [
    .stable("reply", decode: { try SignedReply(decoding: $0) }, encode: { $0.encoded }) { reply in
      try require(!reply.isSigned(by: [UInt8](repeating: 0, count: 32)), "no key of small order signs")
    },
    .stable("reply-body", decode: { try ReplyBody(decoding: $0) }, encode: { $0.encoded }),
    .stable("sealed-reply", decode: { try SealedReply(decoding: $0) }, encode: { $0.encoded }),
    .stable("error-response", decode: { try ErrorResponse(decoding: $0) }, encode: { $0.encoded }),
    .stable("attestation-challenge", decode: { try AttestationChallenge(decoding: $0) }, encode: { $0.encoded }),
    .stable("attestation-answer", decode: { try AttestationAnswer(decoding: $0) }, encode: { $0.encoded }),
    .stable("network-description", decode: { try NetworkDescription(decoding: $0) }, encode: { $0.encoded }),
  ]
}
