// The algorithms of JSON Web Signatures (RFC 7518 section 3, RFC 8037) and the keys they take. Which algorithms a key can
// serve depends on what kind of key it is, never on what a token says of itself: RFC 8725 sections 3.1 and 3.2.

import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  sign as signBytes,
  timingSafeEqual,
  verify as verifyBytes,
} from "node:crypto";
import { bytesOf, fromBase64 } from "./bytes.js";
import { isKeyOfOtherAlgorithms } from "./jwt-mistaken-secrets.js";
import { isArray, regExpTest, typedArrayLength, utf8Encode } from "./primordials.js";

// A secret has at least as many bytes as the hash: RFC 7518 section 3.2.
const hmac = (hash, leastBytes) => ({ kind: "secret", hash, leastBytes });
const rsa = (hash) => ({ kind: "rsa", hash, options: { padding: constants.RSA_PKCS1_PADDING } });
const pss = (hash, saltLength) => ({
  kind: "rsa",
  hash,
  options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
});
const ecdsa = (hash, curve) => ({ kind: "ec", hash, curve, options: { dsaEncoding: "ieee-p1363" } });

const ALGORITHMS = {
  __proto__: null,
  HS256: hmac("sha256", 32),
  HS384: hmac("sha384", 48),
  HS512: hmac("sha512", 64),
  RS256: rsa("sha256"),
  RS384: rsa("sha384"),
  RS512: rsa("sha512"),
  PS256: pss("sha256", 32),
  PS384: pss("sha384", 48),
  PS512: pss("sha512", 64),
  ES256: ecdsa("sha256", ["prime256v1", "P-256"]),
  ES384: ecdsa("sha384", ["secp384r1", "P-384"]),
  ES512: ecdsa("sha512", ["secp521r1", "P-521"]),
  EdDSA: { kind: "ed25519", hash: null, options: {} },
};
const LEAST_RSA_BITS = 2048;
const LEAST_SECRET_BYTES = 32;

export function isAlgorithm(name) {
  return typeof name === "string" && name in ALGORITHMS;
}

// The algorithms that a key can serve, from the most to the least usual one. `alg` is the only one where it is given.
function algorithmsOf(key, alg) {
  const names = [];
  for (const name in ALGORITHMS) {
    if (serves(key, ALGORITHMS[name]) && (alg === undefined || alg === name)) names.push(name);
  }
  return names;
}

function serves(key, algorithm) {
  if (key.type === "secret") return algorithm.kind === "secret" && key.symmetricKeySize >= algorithm.leastBytes;
  if (key.asymmetricKeyType !== algorithm.kind) return false;
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (algorithm.kind === "rsa") return modulusLength >= LEAST_RSA_BITS;
  return algorithm.kind !== "ec" || algorithm.curve.includes(namedCurve);
}

function secretKey(secret) {
  if (isKeyOfOtherAlgorithms(secret)) throw new TypeError("a key of other algorithms is not a secret");
  if (typedArrayLength(secret) < LEAST_SECRET_BYTES) {
    throw new TypeError(`the secret must have at least ${LEAST_SECRET_BYTES} bytes`);
  }
  return createSecretKey(secret);
}

// A key as callers write it: PEM, a JWK as an object, or the bytes or the text of a secret. With it what it may be used
// for, which is not the token's to say.
export function readKey(given, use) {
  const asymmetric = use === "sign" ? createPrivateKey : createPublicKey;
  const made = (key, alg) => ({ key, algorithms: algorithmsOf(key, alg) });
  if (typeof given === "string") {
    return made(regExpTest(/-----BEGIN /, given) ? asymmetric(given) : secretKey(utf8Encode(given)));
  }
  if (given === null || typeof given !== "object") {
    throw new TypeError("a key is a text, bytes or a JWK");
  }
  if (typeof given.kty !== "string") return made(secretKey(bytesOf(given, "the secret")));
  // Read once: what is judged is what is used.
  const jwk = { __proto__: null, ...given };
  checkUse(jwk, use);
  if (jwk.kty !== "oct") return made(asymmetric({ key: jwk, format: "jwk" }), jwk.alg);
  if (typeof jwk.k !== "string") throw new TypeError("k of the JWK is a text");
  return made(secretKey(fromBase64(jwk.k, { alphabet: "base64url" })), jwk.alg);
}

// RFC 7517 sections 4.2 and 4.3.
function checkUse(jwk, use) {
  if (jwk.use !== undefined && jwk.use !== "sig") throw new TypeError("the JWK is not for signatures");
  if (jwk.key_ops !== undefined && !(isArray(jwk.key_ops) && jwk.key_ops.includes(use))) {
    throw new TypeError(`the JWK is not one to ${use} with`);
  }
}

export function signature(name, key, input) {
  const { kind, hash, options } = ALGORITHMS[name];
  return kind === "secret" ? mac(hash, key, input) : signBytes(hash, input, { key, ...options });
}

export function isValid(name, key, input, signed) {
  const { kind, hash, options } = ALGORITHMS[name];
  if (kind !== "secret") return verifyBytes(hash, input, { key, ...options }, signed);
  const expected = mac(hash, key, input);
  return typedArrayLength(signed) === typedArrayLength(expected) && timingSafeEqual(signed, expected);
}

function mac(hash, key, input) {
  return createHmac(hash, key).update(input).digest();
}
