// Text forms of bytes. Uint8Array has base64 and hexadecimal of its own in this engine; taken here before an action can
// replace them.

import {
  arrayFrom,
  arrayJoin,
  arrayMap,
  isArray,
  reflectApply,
  stringCharCodeAt,
  stringFromCharCode,
  utf8Encode,
} from "./primordials.js";

const { toBase64: base64Of, toHex: hexOf } = Uint8Array.prototype;
const { fromBase64: bytesOfBase64, fromHex: bytesOfHex } = Uint8Array;
const isView = ArrayBuffer.isView;
const bufferOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "buffer").get;

export const toBase64 = (bytes, options) => reflectApply(base64Of, bytes, options ? [options] : []);
export const fromBase64 = (text, options) => bytesOfBase64(text, options);

// As bytes stand in frames: base64url without padding.
const CHANNEL = { __proto__: null, alphabet: "base64url", omitPadding: true };
export const toChannel = (bytes) => toBase64(bytes, CHANNEL);
export const fromChannel = (text) => fromBase64(text, CHANNEL);

export const toHex = (bytes) => reflectApply(hexOf, bytes, []);
export const fromHex = (text) => bytesOfHex(text);

// Bytes as callers write them: a typed array, an ArrayBuffer, or an array of numbers 0…255.
export function bytesOf(value, name) {
  if (value instanceof Uint8Array) return value;
  if (isView(value)) return new Uint8Array(reflectApply(bufferOf, value, []), value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (isArray(value)) {
    for (const byte of value) {
      if (!(typeof byte === "number" && byte >= 0 && byte <= 255 && byte % 1 === 0)) {
        throw new TypeError(`${name} must consist of bytes`);
      }
    }
    return new Uint8Array(value);
  }
  throw new TypeError(`${name} must be a Uint8Array or an array of bytes`);
}

// The encodings of `uint8arrayToString` and `uint8arrayFromString`, by the names the uint8arrays package gives them.
const ENCODINGS = {
  __proto__: null,
  utf8: [utf8Lossy, utf8Encode],
  "utf-8": [utf8Lossy, utf8Encode],
  hex: [toHex, fromHex],
  base16: [toHex, fromHex],
  base16upper: [(bytes) => toHex(bytes).toUpperCase(), (text) => fromHex(text.toLowerCase())],
  latin1: [latin1Of, fromLatin1],
  binary: [latin1Of, fromLatin1],
  ascii: [asciiOf, fromLatin1],
  base64: [(bytes) => unpadded(toBase64(bytes)), (text) => fromBase64(text)],
  base64pad: [(bytes) => toBase64(bytes), (text) => fromBase64(text)],
  base64url: [
    (bytes) => unpadded(toBase64(bytes, { alphabet: "base64url" })),
    (text) => fromBase64(text, { alphabet: "base64url" }),
  ],
  base64urlpad: [
    (bytes) => toBase64(bytes, { alphabet: "base64url" }),
    (text) => fromBase64(text, { alphabet: "base64url" }),
  ],
};

const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
const decodeLossy = TextDecoder.prototype.decode;

function utf8Lossy(bytes) {
  return reflectApply(decodeLossy, lossy, [bytes]);
}

function unpadded(text) {
  let end = text.length;
  while (end > 0 && text[end - 1] === "=") end -= 1;
  return text.slice(0, end);
}

function latin1Of(bytes) {
  return arrayJoin(arrayMap(arrayFrom(bytes), (byte) => stringFromCharCode(byte)), "");
}

function asciiOf(bytes) {
  return arrayJoin(arrayMap(arrayFrom(bytes), (byte) => stringFromCharCode(byte & 127)), "");
}

function fromLatin1(text) {
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place++) bytes[place] = stringCharCodeAt(text, place);
  return bytes;
}

function encoding(name) {
  const found = ENCODINGS[name];
  if (found === undefined) throw new Error(`the encoding "${name}" is not supported`);
  return found;
}

export function uint8arrayToString(bytes, name = "utf8") {
  return encoding(name)[0](bytesOf(bytes, "array"));
}

export function uint8arrayFromString(text, name = "utf8") {
  return encoding(name)[1](`${text}`);
}
