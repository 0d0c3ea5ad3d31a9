@testable import Actions
import Testing

/// The global `jwt`.
@Suite(.needsSandbox) struct TokenTests {
  private func printed(
    _ code: String, content change: (inout SandboxedProcess.Content) throws -> Void = { _ in }
  ) async throws -> [String] {
    let outcome = try await Stage.run(content: change) { stage in
      await stage.run(Self.trying + code, parameters: PublishedTokens.parameters)
    }
    #expect(outcome.failure == nil)
    return outcome.logs.split(separator: "\n").map(String.init)
  }

  /// What a call gives or throws, in one line.
  private static let trying = """
    const told = (name, body) => {
      let said;
      try {
        said = JSON.stringify(body());
      } catch (error) {
        said = `${error.name}: ${error.message}`;
      }
      console.log(`${name}: ${said}`);
    };

    """

  @Test func `Published tokens verify until they expire, and with another bit they do not`() async throws {
    let lines = try await printed(
      """
      for (const [alg, token] of Object.entries(tokens)) {
        const key = keys[alg];
        const before = { clockTimestamp: 1300819379 };
        told(alg, () => jwt.verify(token, key, { ...before, algorithms: [alg] }).iss ?? "a text");
        told("by default", () => jwt.verify(token, key, before) && "verified");
        told("later", () => jwt.verify(token, key, { clockTimestamp: 1300819380 }));
        const [header, payload, signature] = token.split(".");
        told("signature", () => jwt.verify(`${header}.${payload}.A${signature.slice(1)}`, key, before));
        told("payload", () => jwt.verify(`${header}.eyJpc3MiOiJqb2UifQ.${signature}`, key, before));
      }
      told("made", () => jwt.sign("Example of Ed25519 signing", keys.EdDSA, { algorithm: "EdDSA" }) === tokens.EdDSA);
      told("decoded", () => jwt.decode(tokens.ES256, { complete: true }).header);
      """)
    let refused = ["JsonWebTokenError: invalid signature"].flatMap { ["signature: \($0)", "payload: \($0)"] }
    let expired = ["by default: \"verified\"", "later: TokenExpiredError: jwt expired"] + refused
    #expect(
      lines == ["HS256: \"joe\""] + expired + ["RS256: \"joe\""] + expired + ["ES256: \"joe\""] + expired
        + ["EdDSA: \"a text\"", "by default: \"verified\"", "later: \"Example of Ed25519 signing\""] + refused
        + ["made: true", "decoded: {\"alg\":\"ES256\"}"])
  }

  @Test func `Every algorithm signs what it verifies, and a key serves only its own`() async throws {
    let lines = try await printed(
      """
      const encoded = (bytes) => new Uint8Array(bytes).toBase64();
      const pem = (kind, bytes) => `-----BEGIN ${kind} KEY-----\\n${encoded(bytes)}\\n-----END ${kind} KEY-----\\n`;
      (async () => {
        const pairs = {
          RS: { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]),
            hash: "SHA-256" },
          weak: { name: "RSASSA-PKCS1-v1_5", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]),
            hash: "SHA-256" },
          ES256: { name: "ECDSA", namedCurve: "P-256" }, ES384: { name: "ECDSA", namedCurve: "P-384" },
          EdDSA: { name: "Ed25519" },
        };
        const made = {};
        for (const size of [64, 63, 48, 47, 32]) {
          made[`HS ${size}`] = ["s".repeat(size), new Uint8Array(size).fill(115)];
        }
        for (const [name, algorithm] of Object.entries(pairs)) {
          const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
          made[name] = [
            pem("PRIVATE", await crypto.subtle.exportKey("pkcs8", privateKey)),
            pem("PUBLIC", await crypto.subtle.exportKey("spki", publicKey)),
          ];
        }
        const all = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
          "ES512", "EdDSA"];
        for (const [name, [own, theirs]] of Object.entries(made)) {
          const serves = all.filter((algorithm) => {
            try {
              return jwt.verify(jwt.sign({ a: 1 }, own, { algorithm }), theirs, { algorithms: [algorithm] }).a === 1;
            } catch (error) {
              if (error.message !== `the key is not one for ${algorithm}`) throw error;
              return false;
            }
          });
          console.log(name, serves.join(" "));
        }
        told("default", () => jwt.decode(jwt.sign({}, made.ES384[0]), { complete: true }).header);
        told("other", () => jwt.verify(jwt.sign({}, made.ES256[0]), made.EdDSA[1]));
      })();
      """)
    #expect(
      lines == [
        "HS 64 HS256 HS384 HS512", "HS 63 HS256 HS384", "HS 48 HS256 HS384", "HS 47 HS256", "HS 32 HS256",
        "RS RS256 RS384 RS512 PS256 PS384 PS512", "weak ", "ES256 ES256", "ES384 ES384",
        "EdDSA EdDSA", #"default: {"typ":"JWT","alg":"ES384"}"#, "other: JsonWebTokenError: invalid algorithm",
      ])
  }

  // MARK: Forgeries

  /// What everybody can make who knows the public key; each line begins with what was tried.
  private static let forging = """
    const base64URL = (value) =>
      new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
    async function mac(secret, header, claims) {
      const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      const input = `${base64URL(header)}.${base64URL(claims)}`;
      const made = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(input));
      return `${input}.${new Uint8Array(made).toBase64({ alphabet: "base64url", omitPadding: true })}`;
    }
    (async () => {
      const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
      const imported = await crypto.subtle.importKey("jwk", keys.RS256, algorithm, true, ["verify"]);
      const der = new Uint8Array(await crypto.subtle.exportKey("spki", imported));
      const pem = `-----BEGIN PUBLIC KEY-----\\n${der.toBase64()}\\n-----END PUBLIC KEY-----\\n`;
      const text = (value) => new TextEncoder().encode(value);
      const header = { alg: "HS256", typ: "JWT" };
      const claims = { sub: "forged" };
      const secret = text("a secret nobody else has ".repeat(3));
      const unsigned = (alg, end) => `${base64URL({ alg })}.${base64URL(claims)}.${end}`;
      const asJWK = JSON.stringify(keys.RS256);
      const certificate =
          "MIIBSDCB+6ADAgECAhRYLxvnXhls7mZk/hTIOnWhoJQfUzAFBgMrZXAwGTEXMBUGA1UEAwwOaXNzdWVyLmV4YW1wbGUwIBcNMjYx" +
          "MTMwMTEzOTAzWhgPMjEyNjExMDYxMTM5MDNaMBkxFzAVBgNVBAMMDmlzc3Vlci5leGFtcGxlMCowBQYDK2VwAyEAAgR8hfENpIbR" +
          "FvadDCLVnt1k03RYv1jQuR7kb+cSueajUzBRMB0GA1UdDgQWBBTdpl7nhKxjwvSqDZVvNi/gEgZYYzAfBgNVHSMEGDAWgBTdpl7n" +
          "hKxjwvSqDZVvNi/gEgZYYzAPBgNVHRMBAf8EBTADAQH/MAUGAytlcANBAEwoxJ33Eeu3t3p4z2dfqU64RElhzvUOmMLCaNcDIt0n" +
          "QiSJbX3qmKOYG5A10cgemZ+btJ+kIAJIOx7sHc3Dmgw=";
      const mistaken = async (secret) =>
        [await mac(typeof secret === "string" ? text(secret) : secret, header, claims), secret];
      const base64 = der.toBase64();
      const forged = {
        pem: [await mac(text(pem), header, claims), pem],
        "pem, allowed": [await mac(text(pem), header, claims), pem, { algorithms: ["HS256", "RS256"] }],
        "pem as bytes": [await mac(text(pem), header, claims), text(pem)],
        der: [await mac(der, header, claims), der],
        jwk: [await mac(text(asJWK), header, claims), asJWK],
        "spki as text": await mistaken(base64),
        "spki as base64url": await mistaken(der.toBase64({ alphabet: "base64url", omitPadding: true })),
        "spki in lines": await mistaken(` ${base64.replace(/(.{64})/g, "$1\\r\\n")}\\n`),
        "spki and more": await mistaken(new Uint8Array([...der, 10])),
        "spki and more as text": await mistaken(`${base64.slice(0, -8)}AAAAAAAAAA, of the issuer`),
        pkcs1: await mistaken(der.slice(24)),
        "ed25519 as text": await mistaken("MCowBQYDK2VwAyEAAgR8hfENpIbRFvadDCLVnt1k03RYv1jQuR7kb+cSueY="),
        certificate: await mistaken(Uint8Array.fromBase64(certificate)),
        "certificate as text": await mistaken(certificate),
        "pem as base64": await mistaken(text(pem).toBase64()),
        "k that is no text": [
          await mac(Uint8Array.fromBase64("null", { alphabet: "base64url" }), header, claims), { kty: "oct", k: null }],
        "short secret": await mistaken("31 bytes that were no 256 bits."),
        unsecured: [unsecured, pem, { clockTimestamp: 0 }],
        none: [unsigned("none", "AA"), pem],
        NONE: [unsigned("NONE", "AA"), secret],
        "none, allowed": [unsigned("none", ""), secret, { algorithms: ["none"] }],
        "no list": [unsigned("HS256", "AA"), secret, { algorithms: "HS256" }],
        constructor: [unsigned("constructor", "AA"), secret],
        zeros: [unsigned("ES256", "A".repeat(86)), keys.ES256],
        "empty secret": [unsigned("HS256", "AA"), ""],
        critical: [await mac(secret, { ...header, crit: ["b64"], b64: false }, claims), secret],
        "another algorithm": [await mac(secret, header, claims), secret, { algorithms: ["HS512"] }],
        "another spelling": [`${tokens.HS256.slice(0, -1)}l`, keys.HS256, { clockTimestamp: 0 }],
        padding: [`${tokens.HS256}=`, keys.HS256, { clockTimestamp: 0 }],
        "expiry as text": [await mac(secret, header, { exp: "9999999999" }), secret],
        "four parts": [`${tokens.HS256}.AA`, keys.HS256],
      };
      for (const [name, [token, key, options]] of Object.entries(forged)) {
        told(name, () => jwt.verify(token, key, options));
      }
    })();
    """

  @Test func `A2 No token decides by what it is judged`() async throws {
    let lines = try await printed(Self.forging)
    let failures = Dictionary(
      uniqueKeysWithValues: lines.map { line in
        let parts = line.split(separator: ": JsonWebTokenError: ", maxSplits: 1).map(String.init)
        return (parts[0], parts.count == 2 ? parts[1] : "accepted")
      })
    let otherKey = "the key is not valid: a key of other algorithms is not a secret"
    #expect(
      failures == [
        "pem": "invalid algorithm", "pem, allowed": "invalid algorithm", "pem as bytes": otherKey, "der": otherKey,
        "jwk": otherKey, "spki as text": otherKey, "spki as base64url": otherKey, "spki in lines": otherKey,
        "spki and more": otherKey, "spki and more as text": otherKey, "pkcs1": otherKey, "ed25519 as text": otherKey,
        "certificate": otherKey, "certificate as text": otherKey, "pem as base64": otherKey,
        "k that is no text": "the key is not valid: k of the JWK is a text",
        "short secret": "the key is not valid: the secret must have at least 32 bytes",
        "unsecured": "jwt signature is required", "none": "invalid algorithm",
        "NONE": "invalid algorithm", "none, allowed": "jwt signature is required",
        "no list": "algorithms must be a list of algorithms that sign", "constructor": "invalid algorithm",
        "zeros": "invalid signature", "empty secret": "the key is not valid: the secret must have at least 32 bytes",
        "critical": "critical header members are not supported", "another algorithm": "invalid algorithm",
        "another spelling": "invalid token", "padding": "invalid token", "expiry as text": "invalid exp value",
        "four parts": "jwt malformed",
      ])
  }

  @Test func `A2 N A token that decides is believed whatever it says`() async throws {
    let lines = try await printed(Self.forging) { content in
      try content.weaken(
        "jwt.js", #"const { key, algorithms } = keyFor(secretOrPublicKey, "verify");"#,
        with: """
          if (header.alg === "none" || header.alg === "NONE") return payload;
          const isText = typeof secretOrPublicKey === "string" && header.alg === "HS256";
          const { key, algorithms } = keyFor(isText ? utf8Encode(secretOrPublicKey) : secretOrPublicKey, "verify");
          """)
      try content.weaken("jwt.js", #"if (signature === "") throw"#, with: "if (false) throw")
      try content.weaken("jwt-algorithms.js", "if (isKeyOfOtherAlgorithms(secret)) throw", with: "if (false) throw")
      try content.weaken("jwt-algorithms.js", #"if (typeof jwk.k !== "string") throw"#, with: "if (false) throw")
      try content.weaken("jwt-algorithms.js", "fromBase64(jwk.k,", with: "fromBase64(`${jwk.k}`,")
      try content.weaken("jwt-algorithms.js", "LEAST_SECRET_BYTES = 32", with: "LEAST_SECRET_BYTES = 1")
      try content.weaken("jwt-algorithms.js", #"hmac("sha256", 32)"#, with: #"hmac("sha256", 1)"#)
      try content.weaken("jwt.js", #"if ("crit" in header) throw"#, with: "if (false) throw")
      try content.weaken("jwt.js", "if (toBase64URL(bytes) !== text) throw", with: "if (false) throw")
      try content.weaken("jwt-claims.js", "if (!isNumber(claims[name])) throw", with: "if (false) throw")
    }
    let accepted = Set(lines.filter { !$0.contains("JsonWebTokenError") }.map { $0.prefix { $0 != ":" } })
    #expect(
      accepted == [
        "pem", "pem, allowed", "pem as bytes", "der", "jwk", "spki as text", "spki as base64url", "spki in lines",
        "spki and more", "spki and more as text", "pkcs1", "ed25519 as text", "certificate", "certificate as text",
        "pem as base64", "k that is no text", "short secret", "unsecured", "none", "NONE", "none, allowed", "critical",
        "another spelling", "padding", "expiry as text",
      ])
  }

  @Test func `What only looks like a key of other algorithms is a secret`() async throws {
    let lines = try await printed(
      """
      const random = (size) => crypto.getRandomValues(new Uint8Array(size));
      const secrets = {
        "zeros as text": "0".repeat(64), "digits": "0900".repeat(16), "hexadecimal": "0b0900".repeat(11),
        "a sequence that ends late": new Uint8Array([0x30, 0x3f, ...new Uint8Array(62).fill(0x02)]),
        "a short one": new Uint8Array([0x30, 3, 2, 1, 1, ...new Uint8Array(59)]),
        "one of texts": new Uint8Array([0x30, 62, 0x0c, 60, ...new Uint8Array(60)]),
        "base64": random(48).fill(0xff, 0, 1).toBase64(),
        "words": "the quick brown fox jumps over the lazy dog, and the dog sleeps on",
      };
      for (const [name, secret] of Object.entries(secrets)) {
        told(name, () => jwt.verify(jwt.sign({ a: 1 }, secret), secret).a);
      }
      """)
    #expect(lines.count == 8 && lines.allSatisfy { $0.hasSuffix(": 1") }, "\(lines)")
  }

  @Test func `A2 A JWK serves nothing but what it says it is for`() async throws {
    let lines = try await printed(Self.misusing)
    #expect(
      lines == [
        "alg: 1", "use: 1", "key_ops: 1", "signed: HS384", "other alg: JsonWebTokenError: invalid algorithm",
        "other alg, RSA: JsonWebTokenError: invalid algorithm",
        "alg of encryption: JsonWebTokenError: invalid algorithm",
        "to sign by alg: JsonWebTokenError: the key is not one for HS256",
        "use of encryption: JsonWebTokenError: the key is not valid: the JWK is not for signatures",
        "other operation: JsonWebTokenError: the key is not valid: the JWK is not one to verify with",
        "operations as text: JsonWebTokenError: the key is not valid: the JWK is not one to verify with",
        "to sign by operation: JsonWebTokenError: the key is not valid: the JWK is not one to sign with",
      ])
  }

  @Test func `A2 N A JWK whose words nobody reads serves whatever it is used for`() async throws {
    let lines = try await printed(Self.misusing) { content in
      try content.weaken("jwt-algorithms.js", "(alg === undefined || alg === name)", with: "true")
      try content.weaken("jwt-algorithms.js", "  checkUse(jwk, use);\n", with: "")
    }
    #expect(lines.count == 12 && lines.allSatisfy { !$0.contains("Error") }, "\(lines)")
  }

  private static let misusing = """
    const before = { clockTimestamp: 0 };
    const verified = (change, alg = "HS256") =>
      () => jwt.verify(tokens[alg], { ...keys[alg], ...change }, before) && 1;
    const signed = (change, options) =>
      () => "alg" in jwt.decode(jwt.sign({}, { ...keys.HS256, ...change }, options), { complete: true }).header && 1;
    told("alg", verified({ alg: "HS256" }));
    told("use", verified({ use: "sig" }));
    told("key_ops", verified({ key_ops: ["sign", "verify"] }));
    console.log("signed:", jwt.decode(jwt.sign({}, { ...keys.HS256, alg: "HS384" }), { complete: true }).header.alg);
    told("other alg", verified({ alg: "HS512" }));
    told("other alg, RSA", verified({ alg: "PS256" }, "RS256"));
    told("alg of encryption", verified({ alg: "RSA-OAEP" }, "RS256"));
    told("to sign by alg", signed({ alg: "HS512" }, { algorithm: "HS256" }));
    told("use of encryption", verified({ use: "enc" }));
    told("other operation", verified({ key_ops: ["sign"] }, "ES256"));
    told("operations as text", verified({ key_ops: "verify" }));
    told("to sign by operation", signed({ key_ops: ["verify"] }));
    """

  // MARK: Claims

  @Test func `What a token claims is held against what its reader expects`() async throws {
    let lines = try await printed(
      """
      const secret = "a secret".repeat(4);
      const claims = { iat: 1000, sub: "s", nonce: "n" };
      const token = jwt.sign(claims, secret, {
        expiresIn: 100, notBefore: 10, audience: ["a", "b"], issuer: "i", jwtid: "j", keyid: "k" });
      told("claims", () => jwt.decode(token));
      told("header", () => jwt.decode(token, { complete: true }).header);
      const at = (clockTimestamp, options) => () => jwt.verify(token, secret, { clockTimestamp, ...options }).sub;
      told("early", at(1009));
      told("early, tolerated", at(1009, { clockTolerance: 1 }));
      told("early, ignored", at(1009, { ignoreNotBefore: true }));
      told("first", at(1010));
      told("last", at(1099));
      told("late", at(1100));
      told("late, tolerated", at(1100, { clockTolerance: 1 }));
      told("late, ignored", at(1100, { ignoreExpiration: true }));
      told("old", at(1050, { maxAge: 50 }));
      told("not old", at(1049, { maxAge: 50 }));
      told("fitting", at(1050, { audience: ["c", /^b$/], issuer: ["h", "i"], subject: "s", jwtid: "j", nonce: "n" }));
      for (const option of ["audience", "issuer", "subject", "jwtid", "nonce"]) {
        told(option, at(1050, { [option]: "another" }));
      }
      told("complete", () => jwt.verify(token, secret, { clockTimestamp: 1050, complete: true }).header.kid);
      told("no time", () => jwt.decode(jwt.sign({ a: 1 }, secret, { noTimestamp: true })));
      told("twice", () => jwt.sign({ exp: 1 }, secret, { expiresIn: 1 }));
      told("a text as time", () => jwt.sign({}, secret, { expiresIn: "1h" }));
      told("a callback", () => jwt.verify(token, secret, () => {}));
      told("nothing", () => jwt.verify(undefined, secret));
      told("no key", () => jwt.verify(token));
      told("not a token", () => jwt.decode("a.b.c"));
      try {
        jwt.verify(token, secret, { clockTimestamp: 1100 });
      } catch (error) {
        console.log(error instanceof jwt.TokenExpiredError, error instanceof jwt.JsonWebTokenError,
          error instanceof Error, error instanceof jwt.NotBeforeError, error.expiredAt.toISOString());
      }
      """)
    #expect(
      lines == [
        #"claims: {"iat":1000,"sub":"s","nonce":"n","exp":1100,"nbf":1010,"aud":["a","b"],"iss":"i","jti":"j"}"#,
        #"header: {"typ":"JWT","alg":"HS256","kid":"k"}"#, "early: NotBeforeError: jwt not active",
        #"early, tolerated: "s""#, #"early, ignored: "s""#, #"first: "s""#, #"last: "s""#,
        "late: TokenExpiredError: jwt expired", #"late, tolerated: "s""#, #"late, ignored: "s""#,
        "old: TokenExpiredError: maxAge exceeded", #"not old: "s""#, #"fitting: "s""#,
        "audience: JsonWebTokenError: jwt audience invalid", "issuer: JsonWebTokenError: jwt issuer invalid",
        "subject: JsonWebTokenError: jwt subject invalid", "jwtid: JsonWebTokenError: jwt jwtid invalid",
        "nonce: JsonWebTokenError: nonce invalid", #"complete: "k""#, #"no time: {"a":1}"#,
        "twice: JsonWebTokenError: the payload has exp, which expiresIn sets too",
        "a text as time: JsonWebTokenError: expiresIn must be a number of seconds",
        "a callback: JsonWebTokenError: keys and results are given at once, not by callbacks",
        "nothing: JsonWebTokenError: jwt must be a string",
        "no key: JsonWebTokenError: secret or public key must be provided", "not a token: null",
        "true true true false 1970-01-01T00:18:20.000Z",
      ])
  }

  @Test func `It is there where the code names it, and nothing else comes with it`() async throws {
    let look = "console.log(Reflect.ownKeys(globalThis).map(String).sort().join(' '), typeof globalThis[name]);"
    let (with, without) = try await Stage.run { stage in
      (
        await stage.run("const name = 'jwt';" + look, parameters: "{}"),
        await stage.run("const name = 'jw' + 't';" + look, parameters: "{}")
      )
    }
    #expect(with.failure == nil && without.failure == nil)
    let (found, usual) = (with.logs.split(separator: " "), without.logs.split(separator: " "))
    #expect(found.last == "object\n" && usual.last == "undefined\n")
    #expect(Set(found.dropLast()) == Set(usual.dropLast()).union(["jwt"]))
    #expect(usual.count > 100)
  }
}
