import Authorization
import Client
import Foundation
import Identifiers
import Membership
import PublicKeys
import Secrets
import Signatures
import SigningContent
import Wire

/// What a user of the demo network does.
struct DemoUser: Sendable {
  let context: UserContext
  let wallet: EthereumSigningKey

  init(_ home: HomeFolder, _ network: LocalNetwork) throws(CommandFailure) {
    context = UserContext(home: home, network: network)
    wallet = try Wallets(home: home).create(Wallets.standardName).key
  }

  func sign(_ content: ContentToSign, with key: KeyID) async throws -> FinishedSignature {
    let session = try await context.sessions.session(
      for: [.sign(with: key)], of: ActingWallet(wallet), in: context.network.founding)
    return try await context.client.sign(content, with: key, as: session)
  }

  func session(policy: Digest32) async throws(CommandFailure) -> UserSession {
    try await context.sessions.session(
      for: [.decrypt(under: policy)], of: ActingWallet(wallet), in: context.network.founding)
  }
}

extension Demo {
  static let fileSize = 8 << 20

  /// Everything a user does with the network, then the same with one node gone.
  func use(_ processes: DemoProcesses) async throws {
    let local = try await LocalNetwork(file: network.layout.registry)
    let user = try DemoUser(network.home, local)
    let stranger = try DemoUser(network.strangersHome, local)
    try PrivateFile.createFolder(network.scratch)

    steps.heading("A user uses it")
    let keys = try await createKeys(user)
    let signed = try await signWithEveryScheme(user, keys)
    try await judge(signed)
    try await signTransaction(user)
    let file = try await encryptAndDecrypt(user)
    try await refuseStranger(stranger, keys, file)
    try await runAction(user)

    steps.heading("A node crashes")
    try await signWithout(oneOf: processes, user, keys)
    await user.context.client.close()
    await stranger.context.client.close()
  }

  private func createKeys(_ user: DemoUser) async throws -> [SigningScheme: KeyID] {
    try await steps.run("create-keys", "Create keys") { step in
      var keys: [SigningScheme: KeyID] = [:]
      let creation = KeyCreation(user: user.context, owner: user.wallet.address)
      for scheme in SigningScheme.allCases {
        step.note(scheme.rawValue)
        keys[scheme] = try await creation.create(scheme.purpose, kinds: [.message, .file], signedBy: user.wallet).record
          .key
      }
      step.fact("keys", .object(keys.map { JSONMember($0.key.rawValue, .text($0.value)) }))
      step.note(SigningScheme.allCases.map(\.rawValue).joined(separator: ", "))
      return keys
    }
  }

  private func signWithEveryScheme(
    _ user: DemoUser, _ keys: [SigningScheme: KeyID]
  ) async throws -> [IndependentCheck.Signed] {
    var signed: [IndependentCheck.Signed] = []
    for scheme in SigningScheme.allCases {
      guard let key = keys[scheme] else { continue }
      let message = Array("Signed with \(scheme.rawValue) by a quorum.".utf8)
      signed.append(
        try await steps.run("sign-\(scheme.rawValue)", "Sign a message, \(scheme.rawValue)") { step in
          let finished = try await user.sign(.message(message), with: key)
          step.fact("signature", .string(Hex.encode(finished.signature)))
          step.fact("publicKey", .string(Hex.encode(finished.publicKey.bytes)))
          step.note("\(Hex.encode(finished.signature).prefix(24))…")
          return IndependentCheck.Signed(scheme: scheme, message: message, finished: finished)
        })
    }
    return signed
  }

  private func judge(_ signed: [IndependentCheck.Signed]) async throws {
    try await steps.run("verify", "Verify with independent code") { step in
      let tree = SourceTree.find(program: try? ThisProgram.path())
      let judgement = try await IndependentCheck(folder: network.scratch, tree: tree).judge(signed)
      step.fact("judges", .array(judgement.judges.map { .string($0) }))
      if let skipped = judgement.skipped { step.fact("skipped", .string(skipped)) }
      step.note((judgement.judges + [judgement.skipped].compactMap(\.self)).joined(separator: "; "))
    }
  }

  /// A limited key's transaction, from which anybody recovers the key's address; and one its nodes refuse.
  private func signTransaction(_ user: DemoUser) async throws {
    try await steps.run("sign-transaction", "Sign an Ethereum transaction") { step in
      let limits = ContentConstraints(
        ethereumTransaction: try EthereumTransactionConstraints(
          chainIDs: [1], maximumValue: CoinAmount("0.5eth").smallest))
      let created = try await KeyCreation(user: user.context, owner: user.wallet.address)
        .create(.secp256k1ECDSA, kinds: [.transaction], constraints: limits, signedBy: user.wallet)
      func content(_ value: String) throws -> ContentToSign {
        let transaction = try EthereumTransaction(
          chainID: 1, nonce: 0,
          fees: .capped(priority: CoinAmount("1gwei").smallest, maximum: CoinAmount("20gwei").smallest),
          gasLimit: 21_000, to: user.wallet.address, value: CoinAmount(value).smallest, data: [])
        return .transaction(transaction.unsignedEncoding)
      }
      let modest = try content("0.25eth")
      let prepared = try ContentSigning.prepare(modest, under: created.publicKey, created.record, .mainnet)
      let finished = try await user.sign(modest, with: created.record.key)
      let result = try ContentResult(prepared, [finished], showsDER: false)
      for field in result.fields { step.fact(field.name, .string(field.value)) }
      let sender = result.fields.first { $0.name == "sender" }?.value
      guard let sender, sender == prepared.key.ethereumAddress?.checksumText else {
        throw CommandFailure(.notValid, "the transaction's sender is not the key's address")
      }
      try await expectRefusal("send more than the key may") {
        _ = try await user.sign(try content("0.75eth"), with: created.record.key)
      }
      step.note("sender \(sender.prefix(12))… is the key's address; more than 0.5 ETH is refused")
    }
  }

  private struct EncryptedFile: Sendable {
    var path: String
    var policy: DecryptionPolicy
  }

  private func encryptAndDecrypt(_ user: DemoUser) async throws -> EncryptedFile {
    let secret = network.scratch + "/secret"
    let encrypted = EncryptedFile(
      path: secret + EncryptCommand.fileExtension, policy: try DecryptionPolicy(anyOf: [user.wallet.address]))
    var random = SystemRandom()
    let content = random.bytes(Self.fileSize)
    try PrivateFile.write(content, to: secret)
    let size = ByteCount.text(UInt64(Self.fileSize))
    // The demo's own steps are the progress.
    let quiet = Console(format: .json, traits: .plain, streams: SilentStreams())
    try await steps.run("encrypt", "Encrypt a file") { step in
      _ = try await FileEncryption(client: user.context.client, console: quiet)
        .encrypt(secret, for: encrypted.policy, to: encrypted.path)
      step.note("\(size), no node was asked")
    }
    try await steps.run("decrypt", "Decrypt it") { step in
      let opened = secret + ".opened"
      _ = try await FileDecryption(client: user.context.client, console: quiet)
        .decrypt(encrypted.path, to: opened) { try await user.session(policy: $0) }
      guard try PrivateFile.read(opened, maximum: Self.fileSize) == content else {
        throw CommandFailure(.notValid, "the decrypted file differs from the one encrypted")
      }
      step.note("\(size), the same bytes")
    }
    return encrypted
  }

  private func refuseStranger(
    _ stranger: DemoUser, _ keys: [SigningScheme: KeyID], _ file: EncryptedFile
  ) async throws {
    try await steps.run("refuse", "A stranger tries the same") { step in
      guard let key = keys[.ed25519] else { return }
      try await expectRefusal("sign") { _ = try await stranger.sign(.message(Array("mine".utf8)), with: key) }
      try await expectRefusal("decrypt") {
        let input = try InputFile(path: file.path)
        let stream = try EncryptedStream { try input.read(upTo: FileEncryption.pieceSize) }
        _ = try await stranger.context.client.dataKey(
          of: stream.header, as: stranger.session(policy: file.policy.hash))
      }
      step.note("refused twice: not_permitted")
    }
  }

  private func expectRefusal(_ what: String, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch ClientError.refused(.notPermitted) {
      return
    }
    throw CommandFailure(.notValid, "a stranger was allowed to \(what)")
  }

  private func signWithout(
    oneOf processes: DemoProcesses, _ user: DemoUser, _ keys: [SigningScheme: KeyID]
  ) async throws {
    // The lowest id is in every quorum that nothing speaks against.
    guard let victim = processes.alive.min(by: { $0.id < $1.id }), let key = keys[.ed25519] else { return }
    try await steps.run("kill", "Kill node \(victim.folder.number)") { step in
      await processes.kill(victim)
      step.fact("node", .text(victim.id))
      step.note("pid \(victim.pid), in the middle of its links")
    }
    try await steps.run("sign-again", "Sign again") { step in
      let finished = try await user.sign(.message(Array("One node less.".utf8)), with: key)
      step.fact("signature", .string(Hex.encode(finished.signature)))
      step.note("\(Hex.encode(finished.signature).prefix(24))…, the other \(nodeCount - 1) suffice")
    }
  }
}

/// Says nothing.
struct SilentStreams: ConsoleStreams {
  func write(_ text: String, to channel: OutputChannel) {}
}
