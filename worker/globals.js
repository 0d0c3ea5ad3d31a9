// Which globals an action finds. Everything else Deno defines is removed, whatever it is called in later versions.

import { objectDefineProperty, reflectOwnKeys, setHas } from "./primordials.js";

// deno-fmt-ignore
const ALLOWED = new Set([
  // The language.
  "AggregateError", "Array", "ArrayBuffer", "AsyncDisposableStack", "BigInt", "BigInt64Array", "BigUint64Array",
  "Boolean", "DataView", "Date", "DisposableStack", "Error", "EvalError", "FinalizationRegistry", "Float16Array",
  "Float32Array", "Float64Array", "Function", "Infinity", "Int16Array", "Int32Array", "Int8Array", "Intl", "Iterator",
  "JSON", "Map", "Math", "NaN", "Number", "Object", "Promise", "Proxy", "RangeError", "ReferenceError", "Reflect",
  "RegExp", "Set", "String", "SuppressedError", "Symbol", "SyntaxError", "Temporal", "TypeError", "URIError",
  "Uint16Array", "Uint32Array", "Uint8Array", "Uint8ClampedArray", "WeakMap", "WeakRef", "WeakSet", "WebAssembly",
  "decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent", "escape", "eval", "globalThis", "isFinite",
  "isNaN", "parseFloat", "parseInt", "undefined", "unescape",
  // The web platform, as far as it needs nothing outside the process.
  "AbortController", "AbortSignal", "Blob", "ByteLengthQueuingStrategy", "CompressionStream", "CountQueuingStrategy",
  "Crypto", "CryptoKey", "CustomEvent", "DOMException", "DecompressionStream", "Event", "EventTarget", "File",
  "FormData", "Headers", "Performance", "QuotaExceededError", "ReadableByteStreamController", "ReadableStream",
  "ReadableStreamBYOBReader", "ReadableStreamBYOBRequest", "ReadableStreamDefaultController",
  "ReadableStreamDefaultReader", "Request", "Response", "SubtleCrypto", "TextDecoder", "TextDecoderStream",
  "TextEncoder", "TextEncoderStream", "TransformStream", "TransformStreamDefaultController", "URL", "URLPattern",
  "URLSearchParams", "WritableStream", "WritableStreamDefaultController", "WritableStreamDefaultWriter", "atob",
  "btoa", "clearInterval", "clearTimeout", "crypto", "performance", "queueMicrotask", "setInterval", "setTimeout",
  "structuredClone",
]);

export function removeGlobals() {
  for (const key of reflectOwnKeys(globalThis)) {
    if (setHas(ALLOWED, key)) continue;
    if (!Reflect.deleteProperty(globalThis, key)) throw new Error(`the global ${String(key)} cannot be removed`);
  }
}

export function define(name, value, { writable = true, enumerable = false } = {}) {
  objectDefineProperty(globalThis, name, { value, writable, enumerable, configurable: writable });
}

// The reference returns numbers where Deno returns objects.
export function wrapTimers() {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  const checked = (handler) => {
    if (typeof handler !== "function") throw new TypeError("a timer takes a function");
    return handler;
  };
  define("setTimeout", (handler, delay, ...rest) => Number(setTimeout(checked(handler), delay, ...rest)));
  define("setInterval", (handler, delay, ...rest) => Number(setInterval(checked(handler), delay, ...rest)));
  define("clearTimeout", (timer) => clearTimeout(timer));
  define("clearInterval", (timer) => clearInterval(timer));
}
