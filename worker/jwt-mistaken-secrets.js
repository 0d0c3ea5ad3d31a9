// What is no secret of an HMAC but a key of other algorithms, most of which are public: whoever knows such a "secret" makes
// tokens with it. RFC 8725 section 2.1.

import { fromBase64 } from "./bytes.js";
import { regExpExec, regExpTest, typedArrayLength, utf8Decode } from "./primordials.js";

// PEM, the line of an SSH key, a JWK.
const KEY_TEXT = /-----BEGIN |^\s*(ssh-|ecdsa-sha2-|\{[^]*"kty")/;
// Tags of X.690; the last one is that of a certificate's version.
const INTEGER = 0x02;
const OBJECT_IDENTIFIER = 0x06;
const SEQUENCE = 0x30;
const FIRST_MEMBER = 0xa0;

// The bytes themselves, or those they are the base64 of.
export function isKeyOfOtherAlgorithms(bytes) {
  const text = textOf(bytes);
  if (isKey(bytes, text)) return true;
  const decoded = text === null ? null : fromLooseBase64(text);
  return decoded !== null && isKey(decoded, textOf(decoded));
}

function isKey(bytes, text) {
  return (text !== null && regExpTest(KEY_TEXT, text)) || isSequence(bytes);
}

function textOf(bytes) {
  try {
    return utf8Decode(bytes);
  } catch {
    return null;
  }
}

// Either alphabet, with or without padding, in lines or in one, and with whatever comes behind.
function fromLooseBase64(text) {
  const { 0: digits } = regExpExec(/^[A-Za-z0-9+/_-]*/, text.replace(/\s/g, ""));
  const whole = digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
  try {
    return fromBase64(whole.replace(/\+/g, "-").replace(/\//g, "_"), { alphabet: "base64url" });
  } catch {
    return null;
  }
}

// Whether most of the bytes are one SEQUENCE, with or without others behind it, that begins as keys, certificates and
// what contains them do: with a version or with the name of an algorithm, within further ones or not. Texts never do, for
// those tags are no characters, and random bytes about once in ten million times.
function isSequence(bytes) {
  const size = typedArrayLength(bytes);
  let element = elementAt(bytes, 0, size);
  if (element === null || element.tag !== SEQUENCE || 2 * element.end <= size) return false;
  for (let depth = 0; depth < 4; depth++) {
    element = elementAt(bytes, element.content, element.end);
    if (element === null) return false;
    if (element.tag === INTEGER || element.tag === OBJECT_IDENTIFIER) return true;
    if (element.tag !== SEQUENCE && element.tag !== FIRST_MEMBER) return false;
  }
  return false;
}

// Lengths may have up to four bytes, and more than they need. Null where no whole element is.
function elementAt(bytes, start, limit) {
  if (limit - start < 2) return null;
  let content = start + 2;
  let length = bytes[start + 1];
  if (length >= 0x80) {
    const count = length - 0x80;
    content += count;
    if (count < 1 || count > 4 || content > limit) return null;
    length = 0;
    for (let place = start + 2; place < content; place++) length = length * 256 + bytes[place];
  }
  if (content + length > limit) return null;
  return { tag: bytes[start], content, end: content + length };
}
