import Authorization
import Client
import Curves
import Identifiers
import Membership
import NodeTestKit
import ProtocolTestKit
import PublicKeys
import Signatures
import SigningContent
import Testing
import Wire

@testable import Node

/// Running nodes sign transactions they read themselves, and nothing outside a key's limits.
@Suite(.serialized) struct `Content of chains, signed by nodes` {
  @Test(.timeLimit(.minutes(3)))
  func `P37 a limited key signs a transaction and typed data that others recover, and nothing outside`() async throws {
    try await withPairedNetwork { network in
      let user = try TestUser(of: network)
      let recipient = try WalletAddress(bytes: [UInt8](repeating: 0x11, count: 20))
      let record = try await user.makeKey(
        .secp256k1ECDSA, kinds: [.transaction, .eip712],
        constraints: ContentConstraints(
          ethereumTransaction: EthereumTransactionConstraints(chainIDs: [1], maximumValue: UInt256(10)),
          typedData: TypedDataConstraints(chainIDs: [1])))
      let session = try user.session([.sign(with: record.key)])
      let publicKey = try await user.client.publicKey(of: record.key)
      let address = try #require(ContentKey(publicKey)?.ethereumAddress)

      func transaction(_ chainID: UInt64, _ value: UInt64) throws -> EthereumTransaction {
        try EthereumTransaction(
          chainID: chainID, nonce: 7, fees: .capped(priority: UInt256(1), maximum: UInt256(1 << 36)), gasLimit: 21_000,
          to: recipient, value: UInt256(value), data: [])
      }
      let wanted = try transaction(1, 10)
      let content = ContentToSign.transaction(wanted.unsignedEncoding)
      let finished = try await user.client.sign(content, with: record.key, as: session)
      #expect(SignatureVerification.isValid(finished.signature, of: content, under: publicKey))
      let signed = try wanted.signed(by: finished.signature, recoveryID: #require(finished.ecdsa?.recoveryID))
      #expect(signed.sender == address)

      let document = #"""
        {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"chainId","type":"uint256"}],
        "Offer":[{"name":"price","type":"uint256"}]},"primaryType":"Offer","domain":{"name":"Shop","chainId":1},
        "message":{"price":5}}
        """#
      let offer = ContentToSign.typedData(Array(document.utf8))
      let typed = try await user.client.sign(offer, with: record.key, as: session)
      let recoveryID = try #require(typed.ecdsa?.recoveryID)
      let digest = try Digest32(bytes: typed.message)
      let wallet = typed.signature + [27 + recoveryID]
      #expect(try EthereumSignature.recover(digest: digest, signature: wallet) == address)

      let outside: [ContentToSign] = try [
        .transaction(transaction(5, 10).unsignedEncoding), .transaction(transaction(1, 11).unsignedEncoding),
        .raw(wanted.signingDigest.bytes), .message(wanted.unsignedEncoding), .personalMessage([1]),
        .typedData(Array(document.replacing("\"chainId\":1", with: "\"chainId\":5").utf8)),
      ]
      for content in outside {
        await #expect(throws: ClientError.refused(.notPermitted)) {
          try await user.client.sign(content, with: record.key, as: session)
        }
      }
      try IndependentOutput.leave(
        [
          [
            "check": "content/ethereum-transaction", "unsigned": Hex.encode(wanted.unsignedEncoding),
            "digest": wanted.signingDigest.text, "serialized": Hex.encode(signed.serialized), "hash": signed.hash.text,
            "sender": address.checksumText, "chainId": "1", "value": "10", "to": recipient.checksumText,
          ],
          [
            "check": "content/eip712", "document": document, "digest": digest.text, "signature": Hex.encode(wallet),
            "signer": address.checksumText,
          ],
        ], as: "content-cluster")
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `a taproot and an ECDSA key spend their coins, one request for each input`() async throws {
    try await withPairedNetwork { network in
      let user = try TestUser(of: network)
      for (purpose, coins) in [(KeyPurpose.secp256k1Taproot, 2), (.secp256k1ECDSA, 1)] {
        let record = try await user.makeKey(
          purpose, kinds: [.psbt],
          constraints: ContentConstraints(
            bitcoinTransaction: BitcoinTransactionConstraints(maximumSpend: 12_000, maximumFee: 1_000)))
        let session = try user.session([.sign(with: record.key)])
        let key = try #require(ContentKey(try await user.client.publicKey(of: record.key))).bitcoin
        let bytes = WrittenPSBT.bytes(
          spending: Array(repeating: (10_000, key.script), count: coins), to: [(9_500, [0x51, 2, 1, 2])])
        var psbt = try PartiallySignedTransaction(decoding: bytes)
        if coins == 2 {
          // Two coins would spend too much without change.
          await #expect(throws: ClientError.refused(.notPermitted)) {
            try await user.client.sign(.psbt(bytes, input: 0), with: record.key, as: session)
          }
        }
        let coin: WrittenPSBT.Coin = (amount: 10_000, script: key.script)
        let change = coins == 2 ? [coin] : []
        let wanted = WrittenPSBT.bytes(
          spending: Array(repeating: coin, count: coins), to: [(amount: 9_500, script: [0x51, 2, 1, 2])] + change)
        psbt = try PartiallySignedTransaction(decoding: wanted)
        var signatures: [[UInt8]] = []
        for input in psbt.inputs(of: key) {
          signatures.append(
            try await user.client.sign(.psbt(wanted, input: UInt64(input)), with: record.key, as: session).signature)
        }
        #expect(signatures.count == coins)
        #expect(try psbt.finishing(key, with: signatures).extracted().id.count == 64)
      }
    }
  }

  private func withPairedNetwork(_ body: (TestNetwork) async throws -> Void) async throws {
    try await withTestNetwork { network in
      try await network.waitUntil(within: .seconds(60)) { await $0.status?.pairSetups.ready == 4 }
      try await body(network)
    }
  }
}
