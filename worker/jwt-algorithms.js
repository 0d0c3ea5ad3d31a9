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
import { regExpTest, typedArrayLength, utf8Decode, utf8Encode } from "./primordials.js";

const hmac = (hash) => ({ kind: "secret", hash });
const rsa = (hash) => ({ kind: "rsa", hash, options: { padding: constants.RSA_PKCS1_PADDING } });
const pss = (hash, saltLength) => ({
  kind: "rsa",
  hash,
  options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
});
const ecdsa = (hash, curve) => ({ kind: "ec", hash, curve, options: { dsaEncoding: "ieee-p1363" } });

const ALGORITHMS = {
  __proto__: null,
  HS256: hmac("sha256"),
  HS384: hmac("sha384"),
  HS512: hmac("sha512"),
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

// What a public key looks like as text. As the secret of an HMAC it would let everybody who knows it make tokens.
const KEY_TEXT = /-----BEGIN |^\s*(ssh-|ecdsa-sha2-|\{[^]*"kty")/;

export function isAlgorithm(name) {
  return typeof name === "string" && name in ALGORITHMS;
}

// The algorithms that a key can serve, from the most to the least usual one.
export function algorithmsOf(key) {
  const names = [];
  for (const name in ALGORITHMS) if (serves(key, ALGORITHMS[name])) names.push(name);
  return names;
}

function serves(key, algorithm) {
  if (key.type === "secret") return algorithm.kind === "secret";
  if (key.asymmetricKeyType !== algorithm.kind) return false;
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (algorithm.kind === "rsa") return modulusLength >= LEAST_RSA_BITS;
  return algorithm.kind !== "ec" || algorithm.curve.includes(namedCurve);
}

function secretKey(secret) {
  if (typedArrayLength(secret) === 0) throw new TypeError("the secret must not be empty");
  if (isPublic(secret)) throw new TypeError("a key of other algorithms is not a secret");
  return createSecretKey(secret);
}

function isPublic(bytes) {
  try {
    if (regExpTest(KEY_TEXT, utf8Decode(bytes))) return true;
  } catch {
    // No text.
  }
  for (const type of ["spki", "pkcs1"]) {
    try {
      createPublicKey({ key: bytes, format: "der", type });
      return true;
    } catch {
      // Not in this form.
    }
  }
  return false;
}

// A key as callers write it: PEM, a JWK as an object, or the bytes or the text of a secret.
export function readKey(given, use) {
  const asymmetric = use === "sign" ? createPrivateKey : createPublicKey;
  if (typeof given === "string") {
    return regExpTest(/-----BEGIN /, given) ? asymmetric(given) : secretKey(utf8Encode(given));
  }
  if (given === null || typeof given !== "object") {
    throw new TypeError("a key is a text, bytes or a JWK");
  }
  if (typeof given.kty !== "string") return secretKey(bytesOf(given, "the secret"));
  if (given.kty !== "oct") return asymmetric({ key: given, format: "jwk" });
  return secretKey(fromBase64(`${given.k}`, { alphabet: "base64url" }));
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
