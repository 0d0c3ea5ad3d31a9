// `jwt`: JSON Web Tokens (RFC 7519) in the compact form of RFC 7515, with the names and errors of the jsonwebtoken
// package, of which this has what returns at once. Loaded for actions that name it.

import { isAlgorithm, isValid, readKey, signature } from "./jwt-algorithms.js";
import { fromBase64, toChannel as toBase64URL } from "./bytes.js";
import {
  checkNames,
  checkTimes,
  JsonWebTokenError,
  NotBeforeError,
  now,
  seconds,
  TokenExpiredError,
} from "./jwt-claims.js";
import { isArray, jsonParse, jsonStringify, objectFreeze, utf8Decode, utf8Encode } from "./primordials.js";

const isObject = (value) => typeof value === "object" && value !== null && !isArray(value);

// One text for one string of bytes: without that a token would have several forms.
function fromBase64URL(text) {
  const bytes = fromBase64(text, { alphabet: "base64url" });
  if (toBase64URL(bytes) !== text) throw new SyntaxError("not base64url");
  return bytes;
}

function payloadOf(bytes) {
  const text = utf8Decode(bytes);
  try {
    const value = jsonParse(text);
    return isObject(value) ? value : text;
  } catch {
    return text;
  }
}

// What stands in a token, whoever wrote it.
function parsed(token) {
  const parts = token.split(".");
  if (parts.length !== 3) throw new JsonWebTokenError("jwt malformed");
  try {
    const header = jsonParse(utf8Decode(fromBase64URL(parts[0])));
    if (!isObject(header)) throw new SyntaxError("no header");
    return {
      header,
      payload: payloadOf(fromBase64URL(parts[1])),
      signature: parts[2],
      signatureBytes: fromBase64URL(parts[2]),
      input: utf8Encode(`${parts[0]}.${parts[1]}`),
    };
  } catch {
    throw new JsonWebTokenError("invalid token");
  }
}

function keyFor(given, use) {
  if (typeof given === "function") throw new JsonWebTokenError("keys and results are given at once, not by callbacks");
  if (given === undefined || given === null) {
    throw new JsonWebTokenError(
      use === "sign" ? "secretOrPrivateKey must have a value" : "secret or public key must be provided",
    );
  }
  try {
    return readKey(given, use);
  } catch (error) {
    throw new JsonWebTokenError(`the key is not valid: ${error.message}`, error);
  }
}

function optionsOf(given) {
  if (typeof given === "function") throw new JsonWebTokenError("keys and results are given at once, not by callbacks");
  if (given !== undefined && !isObject(given)) throw new JsonWebTokenError("options must be an object");
  return { __proto__: null, ...given };
}

// Those the caller allows, as far as the key is made for them; without a word of the caller all the key is made for.
function allowed(algorithms, wanted) {
  if (wanted !== undefined && (!isArray(wanted) || wanted.length === 0 || !wanted.every(isAlgorithm))) {
    throw new JsonWebTokenError("algorithms must be a list of algorithms that sign");
  }
  return algorithms.filter((name) => wanted === undefined || wanted.includes(name));
}

function verify(token, secretOrPublicKey, given = undefined) {
  const options = optionsOf(given);
  if (typeof token !== "string" || token === "") throw new JsonWebTokenError("jwt must be a string");
  const { header, payload, signature, signatureBytes, input } = parsed(token);
  if (signature === "") throw new JsonWebTokenError("jwt signature is required");
  const { key, algorithms } = keyFor(secretOrPublicKey, "verify");
  if (!isAlgorithm(header.alg) || !allowed(algorithms, options.algorithms).includes(header.alg)) {
    throw new JsonWebTokenError("invalid algorithm");
  }
  // Whatever it asks for in addition, this does not do it: RFC 7515 section 4.1.11.
  if ("crit" in header) throw new JsonWebTokenError("critical header members are not supported");
  let isSigned = false;
  try {
    isSigned = isValid(header.alg, key, input, signatureBytes);
  } catch {
    // Bytes that are no signature of this algorithm.
  }
  if (!isSigned) throw new JsonWebTokenError("invalid signature");
  const claims = isObject(payload) ? payload : {};
  checkTimes(claims, options);
  checkNames(claims, options);
  return options.complete === true ? { header, payload, signature } : payload;
}

function decode(token, given = undefined) {
  const options = optionsOf(given);
  if (typeof token !== "string") return null;
  try {
    const { header, payload, signature } = parsed(token);
    return options.complete === true ? { header, payload, signature } : payload;
  } catch {
    return null;
  }
}

const CLAIM_OF_OPTION = { __proto__: null, audience: "aud", issuer: "iss", subject: "sub", jwtid: "jti" };

function claimsOf(payload, options) {
  const claims = { ...payload };
  for (const name of ["iat", "exp", "nbf"]) if (claims[name] !== undefined) seconds(claims[name], name);
  const issued = claims.iat ?? now({});
  if (options.noTimestamp === true) delete claims.iat;
  else claims.iat = issued;
  const set = (claim, option, value) => {
    if (claims[claim] !== undefined) throw new JsonWebTokenError(`the payload has ${claim}, which ${option} sets too`);
    claims[claim] = value;
  };
  if (options.expiresIn !== undefined) set("exp", "expiresIn", issued + seconds(options.expiresIn, "expiresIn"));
  if (options.notBefore !== undefined) set("nbf", "notBefore", issued + seconds(options.notBefore, "notBefore"));
  for (const option in CLAIM_OF_OPTION) {
    if (options[option] !== undefined) set(CLAIM_OF_OPTION[option], option, options[option]);
  }
  return claims;
}

function withoutClaims(text, options) {
  for (const name of ["expiresIn", "notBefore", "audience", "issuer", "subject", "jwtid"]) {
    if (options[name] !== undefined) throw new JsonWebTokenError(`${name} is for payloads that are objects`);
  }
  return text;
}

function sign(payload, secretOrPrivateKey, given = undefined) {
  const options = optionsOf(given);
  if (typeof payload !== "string" && !isObject(payload)) {
    throw new JsonWebTokenError("the payload must be an object or a text");
  }
  const { key, algorithms } = keyFor(secretOrPrivateKey, "sign");
  const algorithm = options.algorithm ?? algorithms[0];
  if (!isAlgorithm(algorithm)) throw new JsonWebTokenError("algorithm must be one that signs");
  if (!algorithms.includes(algorithm)) throw new JsonWebTokenError(`the key is not one for ${algorithm}`);
  const header = { typ: isObject(payload) ? "JWT" : undefined, ...options.header, alg: algorithm };
  if (options.keyid !== undefined) header.kid = options.keyid;
  const text = isObject(payload) ? jsonStringify(claimsOf(payload, options)) : withoutClaims(payload, options);
  const input = `${toBase64URL(utf8Encode(jsonStringify(header)))}.${toBase64URL(utf8Encode(text))}`;
  return `${input}.${toBase64URL(signature(algorithm, key, utf8Encode(input)))}`;
}

export const jwt = objectFreeze({ decode, sign, verify, JsonWebTokenError, NotBeforeError, TokenExpiredError });
