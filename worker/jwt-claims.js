// What a token claims (RFC 7519 section 4.1), held against what its reader expects.

import { isArray } from "./primordials.js";

export class JsonWebTokenError extends Error {
  constructor(message, inner) {
    super(message);
    this.name = "JsonWebTokenError";
    if (inner !== undefined) this.inner = inner;
  }
}

export class NotBeforeError extends JsonWebTokenError {
  constructor(message, date) {
    super(message);
    this.name = "NotBeforeError";
    this.date = date;
  }
}

export class TokenExpiredError extends JsonWebTokenError {
  constructor(message, expiredAt) {
    super(message);
    this.name = "TokenExpiredError";
    this.expiredAt = expiredAt;
  }
}

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

// Seconds, as a number. Nothing else, so that no text can mean another time than its writer thought.
export function seconds(value, name) {
  if (!isNumber(value)) throw new JsonWebTokenError(`${name} must be a number of seconds`);
  return value;
}

// The time a caller gave, or that of this machine.
export function now(options) {
  if (options.clockTimestamp !== undefined) return seconds(options.clockTimestamp, "clockTimestamp");
  return Math.floor(Date.now() / 1000);
}

function time(claims, name) {
  if (claims[name] === undefined) return undefined;
  if (!isNumber(claims[name])) throw new JsonWebTokenError(`invalid ${name} value`);
  return claims[name];
}

const dateOf = (moment) => new Date(moment * 1000);

export function checkTimes(claims, options) {
  const tolerance = seconds(options.clockTolerance ?? 0, "clockTolerance");
  const moment = now(options);
  const notBefore = time(claims, "nbf");
  if (notBefore !== undefined && options.ignoreNotBefore !== true && notBefore > moment + tolerance) {
    throw new NotBeforeError("jwt not active", dateOf(notBefore));
  }
  const expiry = time(claims, "exp");
  if (expiry !== undefined && options.ignoreExpiration !== true && moment >= expiry + tolerance) {
    throw new TokenExpiredError("jwt expired", dateOf(expiry));
  }
  if (options.maxAge === undefined) return;
  const issued = time(claims, "iat");
  if (issued === undefined) throw new JsonWebTokenError("iat required when maxAge is specified");
  const last = issued + seconds(options.maxAge, "maxAge");
  if (moment >= last + tolerance) throw new TokenExpiredError("maxAge exceeded", dateOf(last));
}

const listOf = (value) => isArray(value) ? value : [value];
const fits = (expected, claimed) =>
  typeof claimed === "string" && (expected instanceof RegExp ? expected.test(claimed) : expected === claimed);

export function checkNames(claims, options) {
  if (options.audience !== undefined) {
    const claimed = listOf(claims.aud);
    if (!listOf(options.audience).some((expected) => claimed.some((one) => fits(expected, one)))) {
      throw new JsonWebTokenError("jwt audience invalid");
    }
  }
  if (options.issuer !== undefined && !listOf(options.issuer).some((expected) => fits(expected, claims.iss))) {
    throw new JsonWebTokenError("jwt issuer invalid");
  }
  for (const [option, claim] of [["subject", "sub"], ["jwtid", "jti"], ["nonce", "nonce"]]) {
    if (options[option] !== undefined && claims[claim] !== options[option]) {
      throw new JsonWebTokenError(option === "nonce" ? "nonce invalid" : `jwt ${option} invalid`);
    }
  }
}
