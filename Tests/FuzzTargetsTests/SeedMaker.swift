import ActionNames
import Attestation
import Authorization
import Crypto
import Curves
import FuzzTargets
import Identifiers
import IdentityEncryption
import Membership
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Signatures
import SigningContent
import Wire

/// Makes the seeds in `Tests/Fuzz/corpus`, a few small honest inputs for every target. Run the test of its seeds with
/// `QUORATE_WRITE_SEEDS=1` to write them anew.
struct SeedMaker {
  func seeds() async throws -> [String: [[UInt8]]] {
    var seeds = try peers()
    for part in [
      try requests(), try await certificates(), try HardwareSeeds().seeds(), try registry(), try encryption(),
      try answers(), try content(), try await ChainSeeds().seeds(),
    ] {
      seeds.merge(part) { _, new in new }
    }
    return seeds
  }

  func filled(_ byte: UInt8, _ count: Int = 32) -> [UInt8] { [UInt8](repeating: byte, count: count) }

  func identifier<Kind>(_ byte: UInt8) throws -> Identifier<Kind> {
    try Identifier(bytes: filled(byte, Kind.byteCount))
  }

  func sessionKey() throws -> Ed25519SigningKey { try Ed25519SigningKey(seed: SecretBytes(copying: filled(0x61))) }

  // MARK: Peers

  private func peers() throws -> [String: [[UInt8]]] {
    let position = RegistryPosition(number: 9, digest: try identifier(1))
    let hello = PeerHello(
      version: 1, network: try identifier(2), epoch: 3, from: try identifier(4), to: try identifier(5),
      instance: try identifier(6), nonce: try identifier(7), registry: position)
    let frames: [LinkFrame] = [
      .hello(hello),
      .challenge(nonce: try identifier(8)),
      .proof(PeerProof(evidenceKind: "software", evidence: [1], identitySignature: filled(2, 64))),
      .keepAlive(epoch: 0, registry: position),
      .peer(
        .session(
          SessionFrame(
            session: try identifier(1), route: try identifier(2), round: 255, channel: .echo, payload: [1, 2, 3]))),
      .peer(.want(try identifier(1))),
      .peer(.networkNonce(NetworkNonceFrame(epoch: 1, purpose: "dkg", attempt: 0, nonce: try identifier(2)))),
      .peer(
        .networkSession(
          NetworkSessionFrame(session: try identifier(1), round: 0, channel: .broadcast, payload: []))),
      .peer(
        .certificateSignature(
          CertificateSignatureFrame(epoch: 1, digest: try identifier(2), signature: filled(3, 64)))),
      .peer(.certificateAcknowledgement(CertificateAcknowledgementFrame(epoch: .max, digest: try identifier(2)))),
      .peer(.certificateAbsence(CertificateAbsenceFrame(epoch: 7, digest: try identifier(2)))),
      .peer(.certificateRequest(epoch: 0)),
      .peer(.certificate(CertificateFrame(epoch: 1, encoded: [1]))),
    ]
    let envelopes = [
      Envelope(session: try identifier(1), round: 1, channel: .broadcast, payload: []),
      Envelope(session: try identifier(2), round: 255, channel: .abort, payload: [1, 2, 3]),
    ]
    return [
      "peer-frame": try frames.map { try $0.encoded() },
      "envelope": envelopes.map(\.encoded),
      "key-certificate": [try keyCertificate(of: 2), try keyCertificate(of: 3)],
    ]
  }

  private func keyCertificate(of n: Int) throws -> [UInt8] {
    let threshold = try Threshold.twoThirds(of: n)
    let identities = try (1...n).map { number in
      (
        node: try NodeID(bytes: filled(UInt8(number), 20)),
        key: try Ed25519SigningKey(seed: SecretBytes(copying: filled(UInt8(number))))
      )
    }
    var roots: [KeyPurpose: [[[UInt8]]]] = [:]
    for purpose in KeyPurpose.allCases {
      let point = Self.generator(of: purpose.group)
      roots[purpose] = (0..<purpose.rootCount).map { _ in [[UInt8]](repeating: point, count: threshold.t) }
    }
    let body = try KeyCertificateBody(
      network: identifier(1), epoch: 3, threshold: threshold,
      members: CertifiedMember.numbered(identities.map { (node: $0.node, identityKey: $0.key.publicKey) }),
      roots: roots)
    return try UnverifiedKeyCertificate(
      body: body, signatures: identities.map { .init(node: $0.node, signature: $0.key.sign(body.messageToSign)) }
    ).encoded
  }

  private static func generator<G: PrimeOrderGroup>(of group: G.Type) -> [UInt8] { G.generator.canonicalBytes }

  // MARK: Requests

  private func requests() throws -> [String: [[UInt8]]] {
    let founding = try SampleNetwork.founding()
    let wallet = try SampleNetwork.wallet(0x51)
    let policy = try DecryptionPolicy(anyOf: [wallet.address])
    let issuedAt = try Timestamp(text: "2026-03-04T05:06:07Z")
    let reCaps = [
      try ReCap([.sign(with: identifier(3))]),
      try ReCap([.everything(.sign), .decrypt(under: policy.hash), .everything(.execute)]),
    ]
    let messages = try reCaps.map { reCap in
      SIWEMessage.capability(
        founding: founding, wallet: wallet.address, sessionKey: try sessionKey().publicKey, reCap: reCap,
        nonce: "abcdefgh1", issuedAt: issuedAt, expiresAt: issuedAt.adding(seconds: 3600))
    }
    var plain = messages[0]
    plain.statement = nil
    plain.scheme = "https"
    plain.requestID = "an-id"
    plain.notBefore = plain.issuedAt
    plain.resources = ["https://example.com/a?b#c", "urn:x:y"]
    let operations: [Wire.Operation] = [
      .sign(key: try identifier(3), content: .message(Array("hello".utf8))),
      .sign(key: try identifier(3), content: .file(digest: try identifier(4), byteCount: 1 << 40)),
      .sign(key: try identifier(3), content: .raw([0, 1])),
      .decrypt(policy: policy.bytes, dataKeyHash: try identifier(5)),
      .execute(code: Array("Lit.Actions.setResponse({ response: '1' });".utf8), parameters: Array(#"{"a":1}"#.utf8)),
      .executeNamed(ActionID(of: []), parameters: []),
    ]
    let builder = RequestBuilder(sessionKey: try sessionKey())
    let entries = try (1...3).map { QuorumEntry(node: try identifier($0), instance: try identifier(0x10 + $0)) }
    func payload(
      _ operation: Wire.Operation, _ capability: Capability, _ number: UInt64? = nil
    ) throws -> RequestPayload {
      try RequestPayload(
        network: founding.network, epoch: 1, quorum: Quorum(entries), operation: operation,
        replyKey: ReplyPublicKey(bytes: filled(9)), nonce: filled(7, 16), issuedAt: issuedAt,
        expiresAt: issuedAt.adding(seconds: 300), capability: capability, registryNumber: number)
    }
    let contracts = try Capability(
      siwe: messages[1].text, signature: [1], block: BlockReference(number: 1, hash: identifier(6)))
    let payloads =
      try operations.map { try payload($0, messages[1].signed(by: wallet)) } + [payload(operations[0], contracts, 2)]
    let submissions = try payloads.compactMap { builder.submissions(of: try builder.sign($0)).first?.submission }
    let json = [
      #"{"a":[1,-2,9007199254740991],"é":"\u0001\\\"/\ud83d\ude00","b":{"":null,"t":true,"f":false}}"#,
      "[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]", " \"x\" ",
    ]
    return [
      "json": json.map { Array($0.utf8) },
      "request": submissions.map(\.encoded),
      "request-payload": payloads.map(\.encoded),
      "siwe": (messages + [plain]).map { Array($0.text.utf8) },
      "recap": try reCaps.map { try Base64URL.decode($0.resource.dropFirst("urn:recap:".count).utf8) },
      "decryption-policy": [
        policy.bytes, try DecryptionPolicy(anyOf: [wallet.address, SampleNetwork.wallet(0x52).address]).bytes,
        try DecryptionPolicy(anyOf: [wallet.address], orActions: [ActionID(of: [1])]).bytes,
      ],
    ]
  }

  // MARK: Certificates

  private func certificates() async throws -> [String: [[UInt8]]] {
    let root = try SelfSignedCertificate.developmentRoot()
    let noon = SelfSignedCertificate.noon
    var certificates: [NodeCertificate] = []
    var evidence: [[UInt8]] = []
    for number: UInt8 in 1...2 {
      let attester = SoftwareAttester(
        credentials: try root.makeCredentials(now: noon), measurement: try Measurement(bytes: filled(number, 48)))
      let binding = CertificateBinding(
        network: try identifier(1), node: try identifier(number), instance: try identifier(3),
        staker: try identifier(number), identityKey: filled(4), kem: .x25519, hpkeKey: filled(5),
        tlsKeyDigest: try identifier(6), notBefore: noon,
        notAfter: noon.adding(seconds: SelfSignedCertificate.lifetime), anchor: try identifier(1),
        configuration: try identifier(8), evidenceKind: .software, role: .node)
      certificates.append(
        try await NodeCertificate.issue(binding, tlsKey: SelfSignedCertificate.key(), provider: attester))
      evidence.append(try await attester.evidence(over: binding.reportData).data)
    }
    return [
      "node-certificate": certificates.map(\.der),
      "node-certificate-content": try certificates.map { try SelfSignedCertificate.content(of: $0.der) },
      "certificate-binding": certificates.map(\.binding.encoded),
      "evidence": evidence,
    ]
  }

  // MARK: Registry

  private func registry() throws -> [String: [[UInt8]]] {
    let document = try SampleNetwork.document.get()
    let empty = RegistryDocument(founding: document.founding)
    let owner = try SampleNetwork.wallet(0x51)
    let record = try KeyRecord(
      network: document.founding.network, purpose: .ed25519Sign, owner: owner.address, salt: filled(1, 16),
      kinds: [.message, .raw], wallets: [owner.address])
    var asked = EvidenceRequirements()
    asked.platforms = [try PlatformID(kind: .software, bytes: [1])]
    let changes: [RegistryChange] = [
      .policy(evidenceKinds: ["software"], minimumStake: 90),
      .policy(evidenceKinds: ["software"], minimumStake: 90, requirements: asked),
      .measurements(["software": [filled(3, 48), filled(4, 48)]]),
      .keyCertificate(epoch: 1, digest: .zero),
      .keyRecord(record),
      .keyRecord(
        try KeyRecord(
          network: document.founding.network, purpose: .ed25519Sign, owner: owner.address, salt: filled(1, 16),
          kinds: [.message], wallets: [], actions: [ActionID(of: [1]), ActionID(of: [2])])),
      .notBefore(wallet: owner.address, try Timestamp(text: "2026-01-02T03:04:05Z")),
    ]
    var terms = FoundingTerms(
      name: "hardware", evidenceKinds: ["sev-snp", "tdx", "nitro"], developmentRoots: [], minimumMembers: 1,
      minimumStake: 1, domain: "x", chainID: 1, maximumSnapshotAgeSeconds: 60,
      stakers: [FoundingStaker(address: owner.address, stake: 1)])
    terms.measurements = ["sev-snp": [filled(3, 48)]]
    terms.requirements.snp.minimumFirmware = [.genoa: SNPFirmware(bootLoader: 9, tee: 0, snp: 21, microcode: 72)]
    terms.requirements.tdx.advisories = ["INTEL-SA-00001"]
    terms.requirements.nitro.registers = [8: [filled(4, 48)]]
    let kinds = RegistryUpdateKind.allCases
    func input(_ proposal: RegistryProposal) -> [UInt8] {
      [UInt8(kinds.firstIndex(of: proposal.kind) ?? 0)] + proposal.body
    }
    let snapshots = try SampleNetwork.snapshots()
    var inputs = try changes.map { input(try snapshots[0].proposing($0)) }
    inputs.append(input(document.updates[0].proposal))
    inputs.append(input(try snapshots[1].proposing(.epoch(2))))
    let ballot = RegistryBallot(try snapshots[0].proposing(changes[0]))
    var signed = ballot
    try signed.sign(with: owner)
    return [
      "registry": [empty.encoded, document.encoded],
      "founding-document": [
        document.founding.bytes, try SampleNetwork.founding(name: "x", stakers: 3).bytes,
        try FoundingDocument(terms).bytes,
      ],
      "registry-ballot": [ballot.encoded, signed.encoded],
      "registry-change": inputs,
    ]
  }

  // MARK: Encryption

  private func encryption() throws -> [String: [[UInt8]]] {
    var random = SeededRandom(seed: 1)
    let key = BLS12381G1.generator.multiplied(by: BLS12381G1.Scalar(2))
    var files: [[UInt8]] = []
    var ciphertexts: [[UInt8]] = []
    for policy in [Array(#"{"version":1}"#.utf8), []] {
      var encryptor = try FileEncryptor(
        policy: policy, network: identifier(1), certificateDigest: identifier(2), publicKey: key, from: &random)
      let header = encryptor.header
      let content = try encryptor.update([1, 2, 3])
      let end = try encryptor.finish()
      files.append(header.encoded + content + end)
      ciphertexts.append(header.encapsulatedKey.encoded)
    }
    let long = try IdentityEncryption.encrypt(
      SecretBytes(zeroed: 200), to: [1], under: key, from: &random)
    return ["file-header": files, "ciphertext": ciphertexts + [long.encoded]]
  }

  // MARK: Content

  private func content() throws -> [String: [[UInt8]]] {
    let to = try WalletAddress(bytes: filled(4, 20))
    let fees: [EthereumTransaction.Fees] = [
      .capped(priority: UInt256(2), maximum: UInt256(30)), .legacy(gasPrice: UInt256(7)),
    ]
    let transactions = try fees.map { fees in
      try EthereumTransaction(
        chainID: 1, nonce: 9, fees: fees, gasLimit: 21_000, to: to, value: UInt256(5), data: [0xa9, 0x05, 0x9c, 0xbb])
    }
    let typedData = """
      {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"chainId","type":"uint256"}],\
      "Order":[{"name":"items","type":"Item[]"},{"name":"note","type":"bytes"}],\
      "Item":[{"name":"price","type":"int128"},{"name":"sold","type":"bool"}]},\
      "primaryType":"Order","domain":{"name":"Shop","chainId":1},\
      "message":{"items":[{"price":-3,"sold":true}],"note":"0x0102"}}
      """
    let short = """
      {"types":{"EIP712Domain":[{"name":"name","type":"string"}],"Note":[{"name":"text","type":"string"}]},\
      "primaryType":"Note","domain":{"name":"Notes"},"message":{"text":"\\u00e9"}}
      """
    return [
      "transaction": transactions.map(\.unsignedEncoding),
      "typed-data": [typedData, short].map { Array($0.utf8) },
      "psbt": [bitcoinTransaction(outputs: 1), bitcoinTransaction(outputs: 2)],
    ]
  }

  /// A PSBT of version 2 that spends one coin of the generator as a taproot key.
  private func bitcoinTransaction(outputs: UInt8) -> [UInt8] {
    func map(_ pairs: [(type: UInt8, value: [UInt8])]) -> [UInt8] {
      pairs.flatMap { [1, $0.type, UInt8($0.value.count)] + $0.value } + [0]
    }
    let script = [0x51, 0x20] + Secp256k1.generator.xOnlyBytes
    let amount: [UInt8] = [0x10, 0x27, 0, 0, 0, 0, 0, 0]
    return Array("psbt".utf8) + [0xff]
      + map([(2, [2, 0, 0, 0]), (3, filled(0, 4)), (4, [1]), (5, [outputs]), (0xfb, [2, 0, 0, 0])])
      + map([
        (1, amount + [UInt8(script.count)] + script), (0x0e, filled(3)), (0x0f, filled(0, 4)),
        (0x10, [0xfd, 0xff, 0xff, 0xff]),
      ])
      + (0..<outputs).flatMap { _ in map([(3, [0xe8, 3, 0, 0, 0, 0, 0, 0]), (4, script)]) }
  }

  // MARK: Answers

  private func answers() throws -> [String: [[UInt8]]] {
    let commitment = SignatureShareOutcome.Commitment(party: 1, hiding: filled(1), binding: filled(2))
    let other = SignatureShareOutcome.Commitment(party: 9, hiding: filled(3), binding: filled(4))
    let outcomes: [ReplyOutcome] = [
      .signatureShare(SignatureShareOutcome(commitments: [commitment, other], share: filled(5))),
      .decryptionShare(filled(6, 96)),
      .execution(
        try ExecutionOutcome(
          action: ActionID(of: [1]), response: "1",
          signatures: [
            NamedShare(
              name: "a", key: identifier(7), content: .personalMessage([1]),
              share: .ecdsa(ECDSAShareOutcome(noncePoint: filled(2, 33), u: filled(7), w: filled(8)))),
            NamedShare(
              name: "b", key: identifier(7), content: .raw([1]),
              share: .schnorr(SignatureShareOutcome(commitments: [commitment], share: filled(5)))),
          ], failure: nil, logs: "2\n", usage: ExecutionUsage())),
      .execution(
        try ExecutionOutcome(
          action: ActionID(of: [1]), response: nil, signatures: [], failure: .code("Uncaught 1"), logs: "",
          usage: ExecutionUsage(),
          failedOperations: [
            FailedOperation(
              operation: "sign#0",
              outcome: FailedOutcome(code: .peerCheated, suspects: [.init(node: identifier(1), reason: .cheated)]))
          ])),
      .failed(
        FailedOutcome(
          code: .internalError,
          suspects: [
            .init(node: try identifier(1), reason: .cheated), .init(node: try identifier(2), reason: .missing),
          ])),
      .ecdsaShare(ECDSAShareOutcome(noncePoint: Secp256k1.generator.canonicalBytes, u: filled(7), w: filled(8))),
    ]
    let bodies = try outcomes.map { outcome in
      ReplyBody(
        request: try identifier(1), node: try identifier(2), instance: try identifier(3), epoch: 4,
        certificate: try identifier(5), operationDigest: try identifier(6), outcome: outcome)
    }
    let identity = try sessionKey()
    let replies = bodies.map { SignedReply(signing: $0, with: { identity.sign($0) }) }
    let replyKey = try ReplyPublicKey(bytes: filled(9))
    let description = { (certificate: [UInt8]?) in
      NetworkDescription(
        network: try identifier(1), founding: Array("{}".utf8), registryNumber: 3, registryDigest: try identifier(2),
        epoch: 1, certificate: certificate, node: try identifier(3), instance: try identifier(4), isDevelopment: true)
    }
    return [
      "reply": replies.map(\.encoded),
      "reply-body": bodies.map(\.encoded),
      "sealed-reply": try replies.map { try SealedReply($0, to: replyKey).encoded },
      "error-response": [
        ErrorResponse(code: .internalError).encoded,
        ErrorResponse(code: .internalError, requestID: try identifier(1)).encoded,
      ],
      "attestation-challenge": try [1, 2].map { try AttestationChallenge(nonce: filled($0)).encoded },
      "attestation-answer": [
        AttestationAnswer(
          evidenceKind: "software", evidence: [1, 2], binding: [3], identitySignature: filled(4, 64)
        ).encoded,
        AttestationAnswer(
          evidenceKind: "sev-snp", evidence: [1], binding: [3], identitySignature: filled(4, 64),
          inclusion: filled(0, 8)
        ).encoded,
        AttestationAnswer(evidenceKind: "", evidence: [], binding: [], identitySignature: filled(4, 64)).encoded,
      ],
      "network-description": [try description(nil).encoded, try description([1, 2]).encoded],
    ]
  }
}
