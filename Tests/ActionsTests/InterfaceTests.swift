@testable import Actions
import ActionNames
import Foundation
import Testing

/// `Lit.Actions` and its surroundings, as an action sees them.
@Suite(.needsSandbox) struct InterfaceTests {
  private func printed(
    _ code: String, parameters: String = "", operations: RecordingOperations = RecordingOperations()
  ) async throws -> String {
    try await Stage.run { stage in
      let outcome = await stage.run(code, parameters: parameters, operations: operations)
      #expect(outcome.failure == nil)
      return outcome.logs
    }
  }

  @Test func `Signing functions ask for what the action passed and return what the interface says`() async throws {
    let operations = RecordingOperations()
    let logs = try await printed(
      """
      (async () => {
        const key = "0x04AB";
        console.log(await Lit.Actions.signEcdsa({ toSign: [1, 2], publicKey: key, sigName: "a" }));
        console.log(await Lit.Actions.sign({ toSign: new Uint8Array([3]), publicKey: "04", sigName: "b",
          signingScheme: "SchnorrEd25519Sha512" }));
        console.log(await LitActions.ethPersonalSignMessageEcdsa({ message: "hi", publicKey: key, sigName: "c" }));
        console.log(await Quorate.Actions.signAndCombineEcdsa({ toSign: [1], publicKey: key, sigName: "d" }));
        console.log(await Lit.Actions.signAndCombine({ toSign: [1], publicKey: key, sigName: "e",
          signingScheme: "SchnorrK256Taproot" }));
        console.log(await Lit.Actions.signAsAction({ toSign: [9], sigName: "f", signingScheme: "EcdsaK256Sha256" }));
        console.log(await Lit.Actions.verifyActionSignature({ signingScheme: "EcdsaK256Sha256",
          actionIpfsCid: Lit.Auth.actionIpfsIdStack[0], toSign: [9], signOutput: "{}" }));
        console.log(await Lit.Actions.getActionPublicKey({ signingScheme: "EcdsaK256Sha256",
          actionIpfsCid: Lit.Auth.actionIpfsIdStack[0] }));
      })();
      """, operations: operations)
    #expect(
      logs == """
        success
        success
        success
        {"r":"0102","s":"0304","v":1}
        {"r":"06","s":"07"}
        {"signature":"01","verifying_key":"02","signed_data":"09","recovery_id":0}
        true
        0402

        """)
    #expect(operations.details.first == "EcdsaK256Sha256 [1, 2] [4, 171] a")
    #expect(
      operations.labels == [
        "sign#0", "sign#1", "signPersonalMessage#0", "signAndCombine#0", "signAndCombine#1", "signAsAction#0",
        "verifyActionSignature#0", "actionPublicKey#0",
      ])
  }

  @Test func `Data, broadcasts, chains and permissions`() async throws {
    let logs = try await printed(
      """
      (async () => {
        const acc = [{ conditionType: "evmBasic", n: 1.5 }];
        console.log(await Lit.Actions.encrypt({ accessControlConditions: acc, to_encrypt: [1] }));
        const sealed = { accessControlConditions: acc, ciphertext: "x", dataToEncryptHash: "h" };
        console.log(await Lit.Actions.decryptAndCombine({ ...sealed, authSig: null }));
        console.log(JSON.stringify(await Lit.Actions.decryptToSingleNode(
          { ...sealed, authSig: { sig: "1" }, chain: "ethereum" })));
        await Lit.Actions.decryptAndCombine({ ...sealed, ciphertext: "binary" }).catch((e) => console.log(e.message));
        console.log(await Lit.Actions.checkConditions({ conditions: acc, authSig: null, chain: "ethereum" }));
        console.log(await Lit.Actions.broadcastAndCollect({ name: "n", value: "b" }));
        console.log(await Lit.Actions.runOnce({ waitForResponse: true, name: "lead" }, async () => 7));
        console.log(await Lit.Actions.runOnce({ waitForResponse: true, name: "lead" }, () => { throw 1; }));
        console.log(await Lit.Actions.runOnce({ waitForResponse: true, name: "follow" }, async () => 7));
        console.log(await Lit.Actions.runOnce({ waitForResponse: false, name: "follow" }, async () => 7));
        console.log(await Lit.Actions.callContract({ chain: "c", txn: "0xEe" }));
        console.log(await Lit.Actions.getLatestNonce({ address: "0x1", chain: "c" }));
        console.log(await Lit.Actions.getRpcUrl({ chain: "c" }));
        console.log(await Lit.Actions.isPermittedAction({ tokenId: "0x10", ipfsId: "Qm" }));
        console.log(await Lit.Actions.isPermittedAddress({ tokenId: "16", address: "0x1" }));
        console.log(await Lit.Actions.isPermittedAuthMethod({ tokenId: "16", authMethodType: 1, userId: [1] }));
        console.log(await Lit.Actions.getPermittedActions({ tokenId: "16" }));
        console.log(await Lit.Actions.getPermittedAddresses({ tokenId: "16" }));
        console.log(await Lit.Actions.getPermittedAuthMethods({ tokenId: "16" }));
        console.log((await Lit.Actions.getPermittedAuthMethodScopes(
          { tokenId: "16", authMethodType: 1, userId: [1] })).length);
        console.log(await Lit.Actions.claimKey({ keyId: "k" }));
      })();
      """)
    #expect(
      logs == """
        { ciphertext: "c2VhbGVk", dataToEncryptHash: "00" }
        plain é
        ""
        the decrypted bytes are not UTF-8
        true
        [ "a", "b", "c" ]
        7
        [ERROR]
        from the leader
        undefined
        0xee
        0x7
        c
        true
        true
        true
        [ "x" ]
        [ "x" ]
        [ { auth_method_type: 1, id: "0x01", user_pubkey: "0x" } ]
        100
        success

        """)
  }

  @Test func `Uses of runOnce have the same labels at the leader and at the others`() async throws {
    let operations = RecordingOperations()
    let logs = try await printed(
      """
      (async () => {
        const slow = new Promise((resolve) => setTimeout(() => resolve("slow"), 50));
        console.log(await Promise.all([
          Lit.Actions.runOnce({ name: "lead" }, () => slow), Lit.Actions.runOnce({ name: "lead" }, () => "quick"),
          Lit.Actions.runOnce({ name: "follow" }, () => "never"),
        ]));
        console.log(await Lit.Actions.runOnce({ name: "lead" }, () => "x".repeat(16385)));
      })();
      """, operations: operations)
    #expect(logs == "[ \"slow\", \"quick\", \"from the leader\" ]\n[ERROR]\n")
    let asked = zip(operations.labels, operations.details).map { "\($0) \($1)" }
    #expect(
      Set(asked) == [
        "runOnceRole#0 lead", "runOnceRole#1 lead", "runOnceRole#2 follow", "runOnceRole#3 lead", "runOnce#0 slow",
        "runOnce#1 quick", "runOnce#2 follow", "runOnce#3 [ERROR]",
      ])
  }

  @Test func `What needs no host is computed in the worker`() async throws {
    let operations = RecordingOperations()
    let logs = try await printed(
      """
      const { pubkeyToTokenId, uint8arrayToString, uint8arrayFromString, aesDecrypt } = Lit.Actions;
      console.log(pubkeyToTokenId({ publicKey: "0x" + "00".repeat(65) }));
      for (const name of ["utf8", "hex", "base64", "base64pad", "base64url", "latin1", "ascii", "base16upper"]) {
        const text = uint8arrayToString(new Uint8Array([104, 105, 62, 63]), name);
        console.log(text, uint8arrayFromString(text, name));
      }
      const key = new Uint8Array(32).fill(1), iv = new Uint8Array(16).fill(2);
      (async () => {
        const k = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["encrypt"]);
        const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, k, new Uint8Array([7, 8])));
        console.log(await aesDecrypt({ symmetricKey: key, ciphertext: [...iv, ...sealed] }));
        await aesDecrypt({ symmetricKey: [1], ciphertext: [1] }).catch((e) => console.log(e.message));
      })();
      """, operations: operations)
    let lines = logs.split(separator: "\n")
    // Keccak-256 of 65 zero bytes, as any Ethereum library computes it.
    #expect(lines.first == "0xae61b77b3e4cbac1353bfa4c59274e3ae531285c24e3cf57c11771ecbf72d9bf")
    #expect(lines.dropFirst().prefix(8).allSatisfy { $0.hasSuffix("Uint8Array(4) [ 104, 105, 62, 63 ]") })
    #expect(lines.suffix(2) == ["0708", "symmetricKey must have 32 bytes"])
    #expect(operations.labels.isEmpty)
  }

  @Test func `Wrong arguments, refusals and missing functions are errors an action can catch`() async throws {
    let logs = try await printed(
      """
      const say = (e) => console.log(`${e.name}: ${e.message}`);
      const key = { publicKey: "0x04", sigName: "s" };
      (async () => {
        await Lit.Actions.signEcdsa({ ...key, toSign: [] }).catch(say);
        await Lit.Actions.signEcdsa({ ...key, toSign: [1], sigName: " " }).catch(say);
        await Lit.Actions.signEcdsa({ ...key, toSign: [256] }).catch(say);
        await Lit.Actions.signEcdsa({ ...key, toSign: "text" }).catch(say);
        await Lit.Actions.signEcdsa({ ...key, toSign: [1], publicKey: "0xzz" }).catch(say);
        await Lit.Actions.signEcdsa({ ...key, toSign: [1], sigName: "refused" }).catch(say);
        await Lit.Actions.isPermittedAction({ tokenId: "-1", ipfsId: "Qm" }).catch(say);
        await Lit.Actions.isPermittedAction({ tokenId: "9".repeat(78), ipfsId: "Qm" }).catch(say);
        await Lit.Actions.call({ ipfsId: "bafy" }).catch(say);
        await Lit.Actions.call({ ipfsId: "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o" }).catch(say);
        try { Lit.Actions.getPrivateKey(); } catch (e) { say(e); }
        try { Lit.Actions.setResponse({ response: "x".repeat(102401) }); } catch (e) { say(e); }
      })();
      """)
    #expect(
      logs == """
        RangeError: toSign must not be empty
        RangeError: sigName must not be blank
        TypeError: toSign must consist of bytes
        TypeError: toSign must be a Uint8Array or an array of bytes
        Error: publicKey must be hexadecimal
        Error: this key is not for this action
        RangeError: tokenId must be a valid U256 string
        RangeError: tokenId must be a valid U256 string
        Error: an action is named by 46 characters that begin with Qm
        Error: no such action
        Error: Lit.Actions.getPrivateKey is not provided by this network
        Error: the response is longer than 102400 bytes

        """)
  }

  @Test func `A node without an operation says which`() async throws {
    struct Nothing: ActionOperations {}
    let outcome = try await Stage.run { stage in
      await stage.run("Lit.Actions.signEcdsa({toSign:[1],publicKey:'04',sigName:'s'})", operations: Nothing())
    }
    guard case .code(let text)? = outcome.failure else {
      Issue.record("\(outcome)")
      return
    }
    #expect(text.hasPrefix("Uncaught (in promise) Error: Lit.Actions.sign is not provided by this network"))
  }

  @Test func `Fetch has the face of the web's fetch`() async throws {
    let operations = RecordingOperations()
    let logs = try await printed(
      """
      (async () => {
        const a = await fetch("https://example.com/a?b=c#d");
        console.log(a.status, a.ok, a.url, a.headers.get("content-type"), await a.json());
        const b = await fetch(new URL("http://example.com/"), { method: "post", body: JSON.stringify({ z: 1 }),
          headers: { "X-K": "v" }, redirect: "manual" });
        console.log(await b.text());
        console.log((await fetch(new Request("https://example.com/none"))).status);
        console.log((await fetch("https://example.com/f", { method: "PUT", body: new URLSearchParams("q=1") })).status);
        for (const url of ["ftp://example.com/", "file:///etc/passwd", "data:,x", "blob:null/1", "nonsense"]) {
          await fetch(url).catch((e) => console.log(e.name));
        }
        await fetch("https://example.com/refused").catch((e) => console.log(e.name, e.message));
        const stop = new AbortController();
        stop.abort();
        await fetch("https://example.com/", { signal: stop.signal }).catch((e) => console.log(e.name));
      })();
      """, operations: operations)
    #expect(
      logs == """
        200 true https://example.com/a?b=c application/json { a: 1 }
        {"z":1}
        204
        200
        TypeError
        TypeError
        TypeError
        TypeError
        TypeError
        TypeError this address is not allowed
        AbortError

        """)
    #expect(
      operations.details.prefix(2) == [
        "GET https://example.com/a?b=c follow", "POST http://example.com/ manual",
      ])
  }

  @Test func `Lit.Auth says who asked and cannot be changed`() async throws {
    let authentication = ActionAuthentication(
      address: "0xabc", methods: [.init(userID: "u", appID: "a", type: 3, isForSessionKey: true)], resources: ["r"],
      customResource: "c")
    let outcome = try await Stage.run { stage in
      await stage.run(
        """
        "use strict";
        console.log(JSON.stringify(Lit.Auth));
        for (const change of [() => Lit.Auth.resources.push("x"), () => { Lit.Auth.authSigAddress = "0x"; },
          () => { Lit.Auth.authMethodContexts[0].userId = "x"; }, () => { Lit = {}; }, () => { LitAuth = {}; },
          () => { Lit.Actions.sign = 1; }, () => { delete globalThis.Lit; }]) {
          try { change(); console.log("changed"); } catch (e) { console.log(e.name); }
        }
        """, authentication: authentication)
    }
    let action = outcome.action.text
    #expect(
      outcome.logs == """
        {"actionIpfsIdStack":["\(action)"],"authSigAddress":"0xabc","authMethodContexts":[{"userId":"u","appId":"a",\
        "authMethodType":3,"usedForSignSessionKeyRequest":true}],"resources":["r"],"customAuthResource":"c"}
        TypeError
        TypeError
        TypeError
        TypeError
        TypeError
        TypeError
        TypeError

        """)
  }

  @Test func `Parameters are globals by their keys, and all of them are jsParams`() async throws {
    #expect(
      try await printed("console.log(a, jsParams.a, jsParams.b)", parameters: #"{"a":1.5,"b":[null]}"#)
        == "1.5 1.5 [ null ]\n")
    #expect(
      try await printed("console.log(jsParams, a)", parameters: #"{"jsParams":{"x":1},"a":2}"#) == "{ x: 1 } 2\n")
    #expect(try await printed("console.log(jsParams)") == "{}\n")
  }

  @Test(arguments: ["fetch", "JSON", "Lit", "globalThis", "__proto__", "console", "toString", "undefined"])
  func `A parameter never replaces a global`(name: String) async throws {
    let outcome = try await Stage.run { stage in
      await stage.run("console.log('ran')", parameters: "{\"\(name)\":1}")
    }
    #expect(outcome.failure == .code("Uncaught TypeError: the parameter \"\(name)\" has the name of a global"))
    #expect(outcome.logs.isEmpty)
  }

  @Test(arguments: ["[1]", "1", "null", "{", "\"a\""])
  func `Parameters that are no object are refused`(text: String) async throws {
    let outcome = try await Stage.run { stage in await stage.run("console.log('ran')", parameters: text) }
    guard case .code(let message)? = outcome.failure else {
      Issue.record("\(outcome)")
      return
    }
    #expect(message.hasPrefix("Uncaught TypeError") || message.hasPrefix("Uncaught SyntaxError"))
    #expect(outcome.logs.isEmpty)
  }

  @Test(arguments: [
    ("x", "Uncaught ReferenceError: x is not defined\n    at <user_provided_script>:1:1"),
    ("throw 'a'", "Uncaught \"a\""),
    ("x = ", "Uncaught SyntaxError: Unexpected end of input"),
    ("await 1", "Uncaught SyntaxError: await is only valid in async functions and the top level bodies of modules"),
    ("import x from 'y'", "Uncaught SyntaxError: Cannot use import statement outside a module"),
    (
      "async function f() { throw new Error('boom'); }\nf();",
      "Uncaught (in promise) Error: boom\n    at f (<user_provided_script>:1:28)\n"
        + "    at <user_provided_script>:2:1"
    ),
    (
      "setTimeout(() => { null.x; }, 1)",
      "Uncaught TypeError: Cannot read properties of null (reading 'x')\n    at <user_provided_script>:1:25"
    ),
  ])
  func `What nobody caught is told as the engine tells it`(code: String, message: String) async throws {
    let outcome = try await Stage.run { stage in await stage.run(code) }
    #expect(outcome.failure == .code(message))
  }

  @Test func `The run ends when nothing is left to do`() async throws {
    let outcomes = try await Stage.run { stage in
      [
        await stage.run("new Promise(() => {})"),
        await stage.run("setTimeout(() => Lit.Actions.setResponse({ response: 'late' }), 20)"),
        await stage.run("this.a = 1; Lit.Actions.setResponse({ response: `${a}${this === globalThis}` })"),
        await stage.run("Lit.Actions.setResponse({ response: 'a' }); Lit.Actions.setResponse({ response: 'b' })"),
        await stage.run("console.log('a'); console.error('b', { c: [1] }); throw new Error('x')"),
        await stage.run(""),
      ]
    }
    #expect(outcomes.map(\.response) == [nil, "late", "1true", "b", nil, nil])
    #expect(outcomes.map { $0.failure == nil } == [true, true, true, true, false, true])
    #expect(outcomes[4].logs == "a\nb { c: [ 1 ] }\n")
  }
}
