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
        const made = { HS: ["secret", "secret"] };
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
        "HS HS256 HS384 HS512", "RS RS256 RS384 RS512 PS256 PS384 PS512", "weak ", "ES256 ES256", "ES384 ES384",
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
      const secret = text("a secret nobody else has");
      const unsigned = (alg, end) => `${base64URL({ alg })}.${base64URL(claims)}.${end}`;
      const asJWK = JSON.stringify(keys.RS256);
      const forged = {
        pem: [await mac(text(pem), header, claims), pem],
        "pem, allowed": [await mac(text(pem), header, claims), pem, { algorithms: ["HS256", "RS256"] }],
        "pem as bytes": [await mac(text(pem), header, claims), text(pem)],
        der: [await mac(der, header, claims), der],
        jwk: [await mac(text(asJWK), header, claims), asJWK],
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
        "jwk": otherKey, "unsecured": "jwt signature is required", "none": "invalid algorithm",
        "NONE": "invalid algorithm", "none, allowed": "jwt signature is required",
        "no list": "algorithms must be a list of algorithms that sign", "constructor": "invalid algorithm",
        "zeros": "invalid signature", "empty secret": "the key is not valid: the secret must not be empty",
        "critical": "critical header members are not supported", "another algorithm": "invalid algorithm",
        "another spelling": "invalid token", "padding": "invalid token", "expiry as text": "invalid exp value",
        "four parts": "jwt malformed",
      ])
  }

  @Test func `A2 N A token that decides is believed whatever it says`() async throws {
    let lines = try await printed(Self.forging) { content in
      try content.weaken(
        "jwt.js", #"const key = keyFor(secretOrPublicKey, "verify");"#,
        with: """
          if (header.alg === "none" || header.alg === "NONE") return payload;
          const isText = typeof secretOrPublicKey === "string" && header.alg === "HS256";
          const key = keyFor(isText ? utf8Encode(secretOrPublicKey) : secretOrPublicKey, "verify");
          """)
      try content.weaken("jwt.js", #"if (signature === "") throw"#, with: "if (false) throw")
      try content.weaken("jwt-algorithms.js", "if (isPublic(secret)) throw", with: "if (false) throw")
      try content.weaken("jwt.js", #"if ("crit" in header) throw"#, with: "if (false) throw")
      try content.weaken("jwt.js", "if (toBase64URL(bytes) !== text) throw", with: "if (false) throw")
      try content.weaken("jwt-claims.js", "if (!isNumber(claims[name])) throw", with: "if (false) throw")
    }
    let accepted = Set(lines.filter { !$0.contains("JsonWebTokenError") }.map { $0.prefix { $0 != ":" } })
    #expect(
      accepted == [
        "pem", "pem, allowed", "pem as bytes", "der", "jwk", "unsecured", "none", "NONE", "none, allowed", "critical",
        "another spelling", "padding", "expiry as text",
      ])
  }

  // MARK: Claims

  @Test func `What a token claims is held against what its reader expects`() async throws {
    let lines = try await printed(
      """
      const secret = "a secret";
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
