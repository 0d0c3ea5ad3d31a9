// Checks of what an action passes to a function of `Lit.Actions`, with the error texts of the reference.

import { bytesOf } from "./bytes.js";
import { jsonStringify, regExpTest, stringToWellFormed, stringTrim, typedArrayLength } from "./primordials.js";

const DECIMAL = /^(0|[1-9][0-9]{0,77})$/;
const HEXADECIMAL = /^0x[0-9a-fA-F]{1,64}$/;
const LARGEST = (1n << 256n) - 1n;

export function text(value, name) {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string`);
  if (stringTrim(value) === "") throw new RangeError(`${name} must not be blank`);
  return stringToWellFormed(value);
}

export function anyText(value, name) {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string`);
  return stringToWellFormed(value);
}

export function optionalText(value, name) {
  return value === undefined || value === null ? null : text(value, name);
}

export function bytes(value, name) {
  const found = bytesOf(value, name);
  if (typedArrayLength(found) === 0) throw new RangeError(`${name} must not be empty`);
  return found;
}

export function tokenID(value) {
  const written = typeof value === "bigint" ? `${value}` : value;
  const isNumber = typeof written === "string" &&
    (regExpTest(DECIMAL, written) || regExpTest(HEXADECIMAL, written));
  if (!isNumber || BigInt(written) > LARGEST) throw new RangeError("tokenId must be a valid U256 string");
  return `${BigInt(written)}`;
}

export function count(value, name) {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} must be a whole number`);
  return value;
}

// JSON the host passes on as text: conditions and authSigs may hold anything.
export function json(value, name) {
  const written = jsonStringify(value);
  if (written === undefined || value === null) throw new TypeError(`${name} is missing`);
  return written;
}

export function optionalJSON(value) {
  return value === undefined || value === null ? null : jsonStringify(value);
}
