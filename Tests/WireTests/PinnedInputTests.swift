import ActionNames
import Identifiers
import Signatures
import Testing
import Wire

/// The values every implementation of this network must get; computed outside this code base.
@Suite struct PinnedInputTests {
  @Test func `the payload a client writes has these bytes`() throws {
    let text = String(decoding: try Fixture.payload().encoded, as: UTF8.self)
    #expect(
      text == #"""
        {"network":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","epoch":7,"quorum":[\#
        {"node":"0x0101010101010101010101010101010101010101","instance":"ERERERERERERERERERERERERERERERERERERERERERE"},\#
        {"node":"0x0202020202020202020202020202020202020202","instance":"EhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhI"},\#
        {"node":"0x0303030303030303030303030303030303030303","instance":"ExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExM"}],\#
        "operation":{"sign":{"key":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",\#
        "kind":"message","message":"aGVsbG8"}},"replyKey":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk",\#
        "nonce":"AAECAwQFBgcICQoLDA0ODw","issuedAt":"2026-03-04T05:06:07Z","expiresAt":"2026-03-04T05:11:07Z",\#
        "capability":{"siwe":"text","signature":"0x\#(String(repeating: "cd", count: 65))"}}
        """#)
  }

  @Test func `request id, signature and delivery are these`() throws {
    let request = try Fixture.request()
    #expect(request.id.text == "73b8aa96e26c083dff37a9104add941902a458ca0b2da86a313ef03d6183ecab")
    #expect(
      Hex.encode(request.signature)
        == "18f818dc895f4607527b91831c7e8f09a84c8e80a0dccc0f29e0883184f41d44"
        + "1a7c559df8203640bc32c3cc4686007318d0003afe0e451b44928fb2feda7903")
    let delivery = RequestBuilder(sessionKey: try Fixture.sessionKey()).delivery(of: request, to: try Fixture.entry(2))
    #expect(
      Hex.encode(delivery.signature)
        == "c65b42245692111458c70b9bf9167f2649d49324c3ec4062c4c8d04b40ce6a42"
        + "a235eaaa7e5e9e22b72063aa594be3a42fc8bc416772e141883af872fa149606")
  }

  @Test func `operation digests are these`() throws {
    let key = try Fixture.key()
    let digest = try Digest32(bytes: Fixture.filled(0xdd))
    let hello = Array("hello".utf8)
    let action = ActionID(of: Array("1;".utf8))
    let pinned: [(Wire.Operation, String)] = [
      (.sign(key: key, content: .message(hello)), "2380ae82d928d0a4f6c767bdda2e0f95661224468b750bc0745517ac94e8f83d"),
      (
        .sign(key: key, content: .file(digest: digest, byteCount: 1234)),
        "742caf9891412addbcaa07478abf7450d0a454ab18a0c6cb80f7d6205e654a47"
      ),
      (.sign(key: key, content: .raw(hello)), "3417221963eb3fe24605ab38274e5e8f795b084f437566134dba48aae5699864"),
      (
        .sign(key: key, content: .personalMessage(hello)),
        "1d6a7498bb6a04b1b043d690d787fa3a082268e1f62a476d27bb2e3a72faa3bc"
      ),
      (
        .sign(key: key, content: .typedData(hello)),
        "51d254557f5ac80d2166501bdcf970842824066ffdfa1666b77c340d6d8420d7"
      ),
      (
        .sign(key: key, content: .transaction(hello)),
        "08f7ec55a1f2b96b9a924274f7386450d45947e7d166d031e26c7de7870fb165"
      ),
      (
        .sign(key: key, content: .psbt(hello, input: 3)),
        "cfcb02dcac490840545bafdd9a8c51dcd689dee098342c77a73482b4fea5f333"
      ),
      (
        .decrypt(policy: Array("{}".utf8), dataKeyHash: try Digest32(bytes: Fixture.filled(0xee))),
        "5453115a4aa5b20fdb0775e287defba05d7dcbff401cae39058741f8a315a004"
      ),
      (
        .execute(code: Array("1;".utf8), parameters: Array(#"{"a":1}"#.utf8)),
        "1289bfa75524825653dc8fda02edf12fb22ced8ca966c0fc4e19ebc0487af178"
      ),
      (
        .executeNamed(action, parameters: Array(#"{"a":1}"#.utf8)),
        "4c7fd4d9c78f74c7d6321ff793aee4741556f0e0e97484ae120bb42551ca9ff7"
      ),
    ]
    for (operation, text) in pinned { #expect(operation.digest.text == text) }
    #expect(
      ActionExchangeDigest.digest(name: "number").text
        == "fa12d3b4d94eaa11a1eb133bbe21dc5cde2361dbc6b6cfb76661388651ddf612")
    #expect(
      ActionExchangeDigest.digest(runOnce: "number").text
        == "0ee9fdaf46a3d658fd71b1fa9a66a32d9166ec3a44d6eca9b24557a75560b0c3")
    #expect(
      ActionExchangeDigest.digest(sharesOf: try Digest32(bytes: Fixture.filled(0xee))).text
        == "033c20d190b4b2c3ea5f6443b9d34940191534e718438538f95ac8beb6ebfd53")
    #expect(
      ActionExchangeDigest.digest(signingAs: action, purpose: "ed25519-sign", content: .raw(hello)).text
        == "6a9a998ca7b927f880f4b4aa6310201f0403622c37864adcfeb396dc5cbf45e3")
  }

  @Test func `what a key signs for a message and a file is this`() throws {
    #expect(
      Hex.encode(try #require(ContentToSign.message(Array("hello".utf8)).framed))
        == "71756f726174652f6d6573736167652f76310000000568656c6c6f")
    #expect(
      Hex.encode(
        try #require(ContentToSign.file(digest: try Digest32(bytes: Fixture.filled(0xdd)), byteCount: 1234).framed))
        == "71756f726174652f66696c652f763100000020\(String(repeating: "dd", count: 32))0000000800000000000004d2")
    #expect(ContentToSign.raw([1, 2]).framed == [1, 2])
    // What other standards hash is never signed as bytes of ours.
    for content: ContentToSign in [.personalMessage([1]), .typedData([1]), .transaction([1]), .psbt([1], input: 0)] {
      #expect(content.framed == nil)
    }
  }

  @Test func `session ids and routes are these`() throws {
    let inputs = try SessionInputs.request()
    #expect(inputs.session.text == "9622b7444e482a4f8200ae9501228201d6a84f1db4e50177fa43c5b648548069")
    let withoutKey = try SessionInputs.request(label: "decrypt", protocolName: "bls", key: nil)
    #expect(withoutKey.session.text == "7621e57845387a46b4474b3d3e69934af09c4a1eced327852ab28168b2458a0d")
    let route = RouteID.derive(
      sessionKey: try Fixture.sessionKey().publicKey, nonce: Fixture.nonce, operationLabel: "sign")
    #expect(route.text == "3e6ba8cc2b1802bd671201138f4978a3a2f56191f4d320140a3fee0971fb5f5b")
    let network = try SessionInputs.network()
    #expect(network.session.text == "699d3ae0c419cdb348c11f8523b12c9281bffa18ea36b756850e154935f438f0")
  }

  @Test func `reply signature and associated data are these`() throws {
    let key = try Fixture.sessionKey()
    let reply = try SignedReply(signing: Fixture.replyBody()) { key.sign($0) }
    #expect(
      Hex.encode(reply.signature)
        == "c1a37c19188f42b17eb0b1a42cca0a6aa55ef6053b2c77d0254378c6ed8a1fd7"
        + "36bc53e81feb92dfd965bf7dbbd6cabd590b49f204b4e3f697516dc8cac68a09")
    let node = Hex.encode(Array("0x0202020202020202020202020202020202020202".utf8))
    #expect(
      Hex.encode(reply.body.context.associatedData)
        == "73b8aa96e26c083dff37a9104add941902a458ca0b2da86a313ef03d6183ecab" + node
        + String(repeating: "12", count: 32))
  }
}

enum SessionInputs {
  static func request(
    label: String = "sign", protocolName: String = "frost-ed25519", key: KeyID? = try? Fixture.key()
  ) throws -> RequestSessionInputs {
    try RequestSessionInputs(
      request: Fixture.request().id, operationLabel: label, protocolName: protocolName, key: key, epoch: Fixture.epoch,
      certificate: Fixture.certificate(), quorum: Fixture.quorum(), operationDigest: Fixture.operation().digest)
  }

  static func network() throws -> NetworkSessionInputs {
    let participants = try Fixture.quorum().entries.enumerated().map { place, entry in
      NetworkSessionInputs.Participant(
        node: entry.node, instance: entry.instance, nonce: Fixture.filled(0x20 + UInt8(place)))
    }
    return try NetworkSessionInputs(
      network: Fixture.networkID(), epoch: Fixture.epoch, registryNumber: 3, registryDigest: Fixture.certificate(),
      purpose: "key-generation", participants: participants.reversed())
  }
}
