// What the worker uses of the language, taken before an action can change it. An action that replaces methods of Array
// or JSON then breaks itself only, not the channel.

const { bind, call } = Function.prototype;
const uncurryThis = bind.bind(call);

export const {
  apply: reflectApply,
  ownKeys: reflectOwnKeys,
} = Reflect;
export const {
  create: objectCreate,
  defineProperty: objectDefineProperty,
  freeze: objectFreeze,
  getOwnPropertyDescriptor: objectGetOwnPropertyDescriptor,
  getPrototypeOf: objectGetPrototypeOf,
  keys: objectKeys,
  setPrototypeOf: objectSetPrototypeOf,
} = Object;
export const objectHasOwn = Object.hasOwn;
export const { parse: jsonParse, stringify: jsonStringify } = JSON;
export const isArray = Array.isArray;
export const arrayFrom = Array.from;
export const arrayJoin = uncurryThis(Array.prototype.join);
export const arrayMap = uncurryThis(Array.prototype.map);
export const arrayPush = uncurryThis(Array.prototype.push);
export const isSafeInteger = Number.isSafeInteger;
export const numberToString = uncurryThis(Number.prototype.toString);
export const parseInteger = Number.parseInt;
export const bigIntToString = uncurryThis(BigInt.prototype.toString);
export const regExpExec = uncurryThis(RegExp.prototype.exec);
export const regExpTest = (pattern, text) => regExpExec(pattern, text) !== null;

export const stringCharCodeAt = uncurryThis(String.prototype.charCodeAt);
export const stringPadStart = uncurryThis(String.prototype.padStart);
export const stringSlice = uncurryThis(String.prototype.slice);
export const stringStartsWith = uncurryThis(String.prototype.startsWith);
export const stringToLowerCase = uncurryThis(String.prototype.toLowerCase);
export const stringToWellFormed = uncurryThis(String.prototype.toWellFormed);
export const stringTrim = uncurryThis(String.prototype.trim);
export const stringFromCharCode = String.fromCharCode;

export const mapGet = uncurryThis(Map.prototype.get);
export const mapSet = uncurryThis(Map.prototype.set);
export const mapDelete = uncurryThis(Map.prototype.delete);
export const setHas = uncurryThis(Set.prototype.has);

const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
export const typedArrayLength = uncurryThis(Object.getOwnPropertyDescriptor(typedArray, "length").get);
export const typedArraySet = uncurryThis(typedArray.set);
export const typedArraySubarray = uncurryThis(typedArray.subarray);
export const typedArraySlice = uncurryThis(typedArray.slice);

const encoder = new TextEncoder();
const encode = uncurryThis(TextEncoder.prototype.encode);
export const utf8Encode = (text) => encode(encoder, text);

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const decode = uncurryThis(TextDecoder.prototype.decode);
export const utf8Decode = (bytes) => decode(decoder, bytes);

export const promiseThen = uncurryThis(Promise.prototype.then);
export const promiseWithResolvers = Promise.withResolvers.bind(Promise);
