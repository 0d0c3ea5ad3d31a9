/// Every tag under which this project hashes, signs, derives or commits; there is no second list.
///
/// A tag says what the bytes behind it mean, so that bytes made for one meaning are worthless for any other. Tags are
/// printable ASCII and none is the beginning of another, which with the length prefixes of ``TaggedHash`` makes every
/// input injective over (tag, fields).
public enum Domain: String, CaseIterable, Sendable {
  // Requests and replies.
  case request = "quorate/request/v1"
  case delivery = "quorate/delivery/v1"
  case operation = "quorate/operation/v1"
  case reply = "quorate/reply/v1"
  case replySignature = "quorate/reply-signature/v1"
  case policy = "quorate/policy/v1"

  // Sessions between nodes.
  case session = "quorate/session/v1"
  case route = "quorate/route/v1"
  case networkSession = "quorate/network-session/v1"
  case broadcastEcho = "quorate/broadcast-echo/v1"
  case hedgedRandom = "quorate/hedged-random/v1"
  case hedgedRandomBlock = "quorate/hedged-random-block/v1"

  // Who a node is.
  case live = "quorate/live/v1"
  case liveSignature = "quorate/live-signature/v1"
  case certificateBinding = "quorate/certificate-binding/v1"
  case nodeConfiguration = "quorate/node-configuration/v1"
  case evidenceBatch = "quorate/evidence-batch/v1"
  case evidenceLeaf = "quorate/evidence-leaf/v1"
  case evidenceInnerNode = "quorate/evidence-inner-node/v1"

  // Keys.
  case key = "quorate/key/v1"
  case actionKey = "quorate/action-key/v1"
  case keyDerivation = "quorate/key-derivation/v1"
  case keyCertificate = "quorate/key-certificate/v1"
  case keyCertificateSignature = "quorate/key-certificate-signature/v1"
  case dealingCommitment = "quorate/dealing-commitment/v1"
  case dealingSeal = "quorate/dealing-seal/v1"
  case keyGenerationTranscript = "quorate/key-generation-transcript/v1"
  case proofOfKnowledge = "quorate/proof-of-knowledge/v1"

  // ECDSA: what a pair sets up, and what signers do with it.
  case pairSetup = "quorate/pair-setup/v1"
  case pairSetupTranscript = "quorate/pair-setup-transcript/v1"
  case zeroSharingCommitment = "quorate/zero-sharing-commitment/v1"
  case zeroSharingSeed = "quorate/zero-sharing-seed/v1"
  case zeroSharing = "quorate/zero-sharing/v1"
  case otElement = "quorate/ot-element/v1"
  case otMessages = "quorate/ot-messages/v1"
  case otKey = "quorate/ot-key/v1"
  case otTree = "quorate/ot-tree/v1"
  case otTreeCheck = "quorate/ot-tree-check/v1"
  case otTreeDigest = "quorate/ot-tree-digest/v1"
  case otExpansion = "quorate/ot-expansion/v1"
  case otChallenge = "quorate/ot-challenge/v1"
  case otOutput = "quorate/ot-output/v1"
  case gadgetVector = "quorate/gadget-vector/v1"
  case multiplication = "quorate/multiplication/v1"
  case multiplicationTranscript = "quorate/multiplication-transcript/v1"
  case multiplicationChallenge = "quorate/multiplication-challenge/v1"
  case multiplicationCheck = "quorate/multiplication-check/v1"
  case nonceCommitment = "quorate/nonce-commitment/v1"

  // What users' keys sign.
  case messageToSign = "quorate/message/v1"
  case fileToSign = "quorate/file/v1"

  // The registry.
  case founding = "quorate/founding/v1"
  case registryUpdate = "quorate/registry-update/v1"
  case registryApproval = "quorate/registry-approval/v1"
  case nodeRegistration = "quorate/node-registration/v1"

  // What a node remembers by name.
  case contractWallet = "quorate/contract-wallet/v1"

  // At rest.
  case sealingKey = "quorate/sealing-key/v1"
  case vaultRow = "quorate/vault-row/v1"
  case fileHeader = "quorate/file-header/v1"
  case fileContentKey = "quorate/file-content-key/v1"

  /// The tag as it stands in front of the fields.
  public var bytes: [UInt8] { Array(rawValue.utf8) }
}
