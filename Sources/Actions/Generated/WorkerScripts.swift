// Made by scripts/embed-worker from worker/*.js.

extension WorkerScript {
  /// The scripts of a worker, exactly as in the repository.
  static let all: [WorkerScript] = [
    WorkerScript(
      name: "actions.js",
      text: ###"""
        // `Lit.Actions`: what needs the host is a request to it, everything else is computed here. Nothing here is a check on
        // which anybody else relies: the host judges every request as if the action had written it by hand.

        import { anyText, bytes, count, json, optionalJSON, optionalText, text, tokenID } from "./arguments.js";
        import { fromChannel, fromHex, toChannel, toHex, uint8arrayFromString, uint8arrayToString } from "./bytes.js";
        import { send } from "./channel.js";
        import { keccak256 } from "./keccak.js";
        import { request } from "./operations.js";
        import {
          jsonStringify,
          objectFreeze,
          reflectApply,
          stringSlice,
          stringStartsWith,
          typedArrayLength,
          typedArraySubarray,
          utf8Decode,
          utf8Encode,
        } from "./primordials.js";

        const { subtle } = crypto;
        const { importKey, decrypt } = SubtleCrypto.prototype;

        // Functions of other versions of this interface. They are named so that an action that needs one learns which it is.
        const NOT_PROVIDED = [
          "Decrypt",
          "Encrypt",
          "getLitActionPrivateKey",
          "getLitActionPublicKey",
          "getLitActionWalletAddress",
          "getPrivateKey",
          "showImportDetails",
        ];

        const withoutPrefix = (hex) => stringStartsWith(hex, "0x") ? stringSlice(hex, 2) : hex;

        function signing({ toSign, publicKey, sigName }, signingScheme) {
          return {
            scheme: text(signingScheme, "signingScheme"),
            toSign: toChannel(bytes(toSign, "toSign")),
            publicKey: withoutPrefix(text(publicKey, "publicKey")),
            name: text(sigName, "sigName"),
          };
        }

        const ECDSA = "EcdsaK256Sha256";

        async function sign(input) {
          await request("sign", signing(input, input.signingScheme));
          return "success";
        }

        async function signEcdsa(input) {
          await request("sign", signing(input, ECDSA));
          return "success";
        }

        async function ethPersonalSignMessageEcdsa({ message, publicKey, sigName }) {
          await request("signPersonalMessage", {
            message: anyText(message, "message"),
            publicKey: withoutPrefix(text(publicKey, "publicKey")),
            name: text(sigName, "sigName"),
          });
          return "success";
        }

        async function signAndCombine(input) {
          return await request("signAndCombine", signing(input, input.signingScheme));
        }

        async function signAndCombineEcdsa(input) {
          return await request("signAndCombine", signing(input, ECDSA));
        }

        async function signAsAction({ toSign, sigName, signingScheme }) {
          return await request("signAsAction", {
            scheme: text(signingScheme, "signingScheme"),
            toSign: toChannel(bytes(toSign, "toSign")),
            name: text(sigName, "sigName"),
          });
        }

        async function getActionPublicKey({ signingScheme, actionIpfsCid }) {
          return await request("actionPublicKey", {
            scheme: text(signingScheme, "signingScheme"),
            action: text(actionIpfsCid, "actionIpfsCid"),
          });
        }

        async function verifyActionSignature({ signingScheme, actionIpfsCid, toSign, signOutput }) {
          return await request("verifyActionSignature", {
            scheme: text(signingScheme, "signingScheme"),
            action: text(actionIpfsCid, "actionIpfsCid"),
            toSign: toChannel(bytes(toSign, "toSign")),
            signature: typeof signOutput === "string" ? text(signOutput, "signOutput") : json(signOutput, "signOutput"),
          });
        }

        async function encrypt({ accessControlConditions, to_encrypt }) {
          return await request("encrypt", {
            conditions: json(accessControlConditions, "accessControlConditions"),
            plaintext: toChannel(bytes(to_encrypt, "to_encrypt")),
          });
        }

        function decryption({ accessControlConditions, ciphertext, dataToEncryptHash, authSig, chain }) {
          return {
            conditions: json(accessControlConditions, "accessControlConditions"),
            ciphertext: text(ciphertext, "ciphertext"),
            dataHash: text(dataToEncryptHash, "dataToEncryptHash"),
            authSig: optionalJSON(authSig),
            chain: optionalText(chain, "chain"),
          };
        }

        function plaintextOf(sealed) {
          try {
            return utf8Decode(fromChannel(sealed));
          } catch {
            throw new Error("the decrypted bytes are not UTF-8");
          }
        }

        async function decryptAndCombine(input) {
          return plaintextOf(await request("decryptAndCombine", decryption(input)));
        }

        async function decryptToSingleNode(input) {
          return plaintextOf(await request("decryptToSingleNode", decryption(input)));
        }

        async function checkConditions({ conditions, authSig, chain }) {
          return await request("checkConditions", {
            conditions: json(conditions, "conditions"),
            authSig: optionalJSON(authSig),
            chain: optionalText(chain, "chain"),
          });
        }

        async function broadcastAndCollect({ name, value }) {
          return await request("broadcastAndCollect", { name: text(name, "name"), value: anyText(value, "value") });
        }

        // What the others hear when there is no result, or one longer than nodes exchange.
        const FAILED = "[ERROR]";
        const LONGEST_VALUE = 16384;
        let onces = 0;

        async function runOnce({ waitForResponse = true, name = "default_bc_id" }, body) {
          if (typeof body !== "function") throw new TypeError("runOnce takes a function");
          const input = { name: text(name, "name"), number: onces++ };
          if (!await request("runOnceRole", input)) {
            return waitForResponse ? await request("runOnceAwait", input) : undefined;
          }
          let value;
          try {
            value = anyText(`${await body()}`, "the result");
            if (typedArrayLength(utf8Encode(value)) > LONGEST_VALUE) value = FAILED;
          } catch {
            value = FAILED;
          }
          if (waitForResponse) await request("runOncePublish", { ...input, value });
          return value;
        }

        async function call({ ipfsId, params }) {
          return await request("call", { action: text(ipfsId, "ipfsId"), parameters: optionalJSON(params) });
        }

        async function callContract({ chain, txn }) {
          return await request("callContract", { chain: text(chain, "chain"), transaction: text(txn, "txn") });
        }

        async function getLatestNonce({ address, chain }) {
          return await request("latestNonce", { address: text(address, "address"), chain: text(chain, "chain") });
        }

        async function getRpcUrl({ chain }) {
          return await request("rpcURL", { chain: text(chain, "chain") });
        }

        function pubkeyToTokenId({ publicKey }) {
          return `0x${toHex(keccak256(fromHex(withoutPrefix(text(publicKey, "publicKey")))))}`;
        }

        async function isPermittedAction({ tokenId, ipfsId }) {
          return await request("isPermittedAction", { token: tokenID(tokenId), action: text(ipfsId, "ipfsId") });
        }

        async function isPermittedAddress({ tokenId, address }) {
          return await request("isPermittedAddress", { token: tokenID(tokenId), address: text(address, "address") });
        }

        function authMethod({ tokenId, authMethodType, userId }) {
          return {
            token: tokenID(tokenId),
            type: count(authMethodType, "authMethodType"),
            user: toChannel(bytes(userId, "userId")),
          };
        }

        async function isPermittedAuthMethod(input) {
          return await request("isPermittedAuthMethod", authMethod(input));
        }

        async function getPermittedActions({ tokenId }) {
          return await request("permittedActions", { token: tokenID(tokenId) });
        }

        async function getPermittedAddresses({ tokenId }) {
          return await request("permittedAddresses", { token: tokenID(tokenId) });
        }

        async function getPermittedAuthMethods({ tokenId }) {
          return await request("permittedAuthMethods", { token: tokenID(tokenId) });
        }

        async function getPermittedAuthMethodScopes(input) {
          return await request("permittedAuthMethodScopes", {
            ...authMethod(input),
            largest: count(input.maxScopeId ?? 100, "maxScopeId"),
          });
        }

        async function claimKey({ keyId }) {
          await request("claimKey", { key: text(keyId, "keyId") });
          return "success";
        }

        // 16 bytes of IV, then AES-256-CBC.
        async function aesDecrypt({ symmetricKey, ciphertext }) {
          const sealed = bytes(ciphertext, "ciphertext");
          const secret = bytes(symmetricKey, "symmetricKey");
          if (typedArrayLength(secret) !== 32) throw new RangeError("symmetricKey must have 32 bytes");
          if (typedArrayLength(sealed) < 32) throw new RangeError("ciphertext is too short");
          const key = await reflectApply(importKey, subtle, ["raw", secret, "AES-CBC", false, ["decrypt"]]);
          const algorithm = { name: "AES-CBC", iv: typedArraySubarray(sealed, 0, 16) };
          try {
            return toHex(new Uint8Array(await reflectApply(decrypt, subtle, [algorithm, key, typedArraySubarray(sealed, 16)])));
          } catch {
            throw new Error("the ciphertext cannot be decrypted with this key");
          }
        }

        export function makeActions(limits) {
          function setResponse({ response }) {
            const sent = anyText(typeof response === "string" ? response : jsonStringify(response), "response");
            if (typedArrayLength(utf8Encode(sent)) > limits.response) {
              throw new Error(`the response is longer than ${limits.response} bytes`);
            }
            send({ kind: "response", text: sent });
            return null;
          }

          const actions = {
            aesDecrypt,
            broadcastAndCollect,
            call,
            callContract,
            checkConditions,
            claimKey,
            decryptAndCombine,
            decryptToSingleNode,
            encrypt,
            ethPersonalSignMessageEcdsa,
            getActionPublicKey,
            getLatestNonce,
            getPermittedActions,
            getPermittedAddresses,
            getPermittedAuthMethodScopes,
            getPermittedAuthMethods,
            getRpcUrl,
            isPermittedAction,
            isPermittedAddress,
            isPermittedAuthMethod,
            pubkeyToTokenId,
            runOnce,
            setResponse,
            sign,
            signAndCombine,
            signAndCombineEcdsa,
            signAsAction,
            signEcdsa,
            uint8arrayFromString,
            uint8arrayToString,
            verifyActionSignature,
          };
          for (const name of NOT_PROVIDED) {
            actions[name] = () => {
              throw new Error(`Lit.Actions.${name} is not provided by this network`);
            };
          }
          return objectFreeze(actions);
        }

        """###),
    WorkerScript(
      name: "arguments.js",
      text: ###"""
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

        """###),
    WorkerScript(
      name: "bytes.js",
      text: ###"""
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

        """###),
    WorkerScript(
      name: "channel.js",
      text: ###"""
        // Frames to and from the host over the socket on descriptors 0 and 1: u32 big-endian length, then JSON in UTF-8. The
        // code of an action and its parameters follow their frame as two more, of bytes as they are; so do sources of libraries.

        import {
          jsonParse,
          jsonStringify,
          reflectApply,
          typedArrayLength,
          typedArraySet,
          typedArraySlice,
          typedArraySubarray,
          utf8Decode,
          utf8Encode,
        } from "./primordials.js";

        const { core } = Deno[Deno.internal];
        const { read, refOpPromise, unrefOpPromise, writeSync } = core;
        const INPUT = 0;
        const OUTPUT = 1;

        const BUFFER = 65536;

        let buffered = new Uint8Array(BUFFER);
        let start = 0;
        let end = 0;
        let reading = null;
        let isAwaited = true;

        // While nobody waits for a reply, a pending read must not keep the event loop alive: the action is over when it is
        // empty.
        export function setAwaited(awaited) {
          isAwaited = awaited;
          if (reading === null) return;
          if (awaited) refOpPromise(reading);
          else unrefOpPromise(reading);
        }

        async function fill(count) {
          while (end - start < count) {
            if (typedArrayLength(buffered) - start < count || end === typedArrayLength(buffered)) {
              const size = typedArrayLength(buffered);
              const larger = new Uint8Array(count > size ? count : size);
              typedArraySet(larger, typedArraySubarray(buffered, start, end));
              buffered = larger;
              end -= start;
              start = 0;
            }
            reading = read(INPUT, typedArraySubarray(buffered, end));
            if (!isAwaited) unrefOpPromise(reading);
            const received = await reading;
            reading = null;
            // Without a host there is nobody to work for.
            if (!received) throw new Error("the host closed the channel");
            end += received;
          }
        }

        // The next frame, for as long as nothing else is received.
        async function receiveView() {
          await fill(4);
          const length = ((buffered[start] << 24) | (buffered[start + 1] << 16) | (buffered[start + 2] << 8) |
            buffered[start + 3]) >>> 0;
          await fill(4 + length);
          const view = typedArraySubarray(buffered, start + 4, start + 4 + length);
          start += 4 + length;
          if (start === end) {
            start = 0;
            end = 0;
            // What one long frame needed is not kept.
            if (typedArrayLength(buffered) > BUFFER) buffered = new Uint8Array(BUFFER);
          }
          return view;
        }

        export async function receiveBytes() {
          return typedArraySlice(await receiveView());
        }

        export async function receiveText() {
          return utf8Decode(await receiveView());
        }

        export async function receive() {
          return jsonParse(await receiveText());
        }

        let isRehearsing = false;

        // Does what `body` does without sending anything: the engine is slow at everything it does for the first time.
        export function rehearse(body) {
          isRehearsing = true;
          try {
            body();
          } finally {
            isRehearsing = false;
          }
        }

        export function send(message) {
          const body = utf8Encode(jsonStringify(message));
          const length = typedArrayLength(body);
          const frame = new Uint8Array(4 + length);
          frame[0] = length >>> 24;
          frame[1] = length >>> 16;
          frame[2] = length >>> 8;
          frame[3] = length;
          typedArraySet(frame, body, 4);
          let sent = isRehearsing ? 4 + length : 0;
          while (sent < 4 + length) {
            sent += reflectApply(writeSync, core, [OUTPUT, typedArraySubarray(frame, sent)]);
          }
        }

        """###),
    WorkerScript(
      name: "console.js",
      text: ###"""
        // `console`, whose lines go to the host in the order they were printed.

        import { send } from "./channel.js";
        import { stringToWellFormed, typedArrayLength, utf8Encode } from "./primordials.js";

        const { Console } = Deno[Deno.internal];

        export function makeConsole(limits) {
          let printed = 0;
          const print = (text) => {
            const line = stringToWellFormed(text);
            printed += typedArrayLength(utf8Encode(line));
            if (printed > limits.logs) throw new Error(`console output is limited to ${limits.logs} bytes`);
            send({ kind: "log", text: line });
          };
          return new Console(print);
        }

        """###),
    WorkerScript(
      name: "failures.js",
      text: ###"""
        // The text of what an action threw and nobody caught, as Deno prints it, with the frames of the action's own code.

        import { stringToWellFormed } from "./primordials.js";
        import { USER_SCRIPT } from "./names.js";

        const { destructureError } = Deno[Deno.internal].core;

        export function describe(thrown, prefix = "Uncaught ") {
          let text;
          try {
            const { exceptionMessage, frames } = destructureError(thrown);
            text = exceptionMessage;
            const marker = "Uncaught ";
            if (text.slice(0, marker.length) === marker) text = text.slice(marker.length);
            text = prefix + text;
            for (const frame of frames) {
              if (frame.fileName !== USER_SCRIPT) continue;
              const place = `${USER_SCRIPT}:${frame.lineNumber}:${frame.columnNumber}`;
              const name = frame.functionName;
              text += name ? `\n    at ${frame.isAsync ? "async " : ""}${name} (${place})` : `\n    at ${place}`;
            }
          } catch {
            text = `${prefix}an error that cannot be described`;
          }
          return stringToWellFormed(text);
        }

        """###),
    WorkerScript(
      name: "fetch.js",
      text: ###"""
        // `fetch`: the host connects, after it judged the address. Request, Response and Headers are Deno's.

        import { fromChannel, toChannel } from "./bytes.js";
        import { request } from "./operations.js";
        import { arrayFrom, objectDefineProperty, typedArrayLength } from "./primordials.js";

        const { Request, Response, DOMException } = globalThis;
        const BODILESS = new Set([101, 103, 204, 205, 304]);

        function aborted(signal) {
          return new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          });
        }

        export async function fetch(input, init = undefined) {
          const asked = new Request(input, init);
          const { signal } = asked;
          signal.throwIfAborted();
          const url = new URL(asked.url);
          if (url.protocol !== "https:" && url.protocol !== "http:") {
            throw new TypeError(`fetch does not support the scheme ${url.protocol}`);
          }
          // The part behind # is for whoever reads the answer.
          url.hash = "";
          const body = new Uint8Array(await asked.arrayBuffer());
          const reply = request("fetch", {
            url: url.href,
            method: asked.method,
            headers: arrayFrom(asked.headers),
            body: typedArrayLength(body) === 0 ? null : toChannel(body),
            redirect: asked.redirect,
          });
          let answer;
          try {
            answer = await (init?.signal || input instanceof Request ? Promise.race([reply, aborted(signal)]) : reply);
          } catch (error) {
            if (error instanceof DOMException) throw error;
            throw new TypeError(error.message);
          }
          const response = new Response(BODILESS.has(answer.status) ? null : fromChannel(answer.body), {
            status: answer.status,
            statusText: answer.statusText,
            headers: answer.headers,
          });
          objectDefineProperty(response, "url", { value: answer.url });
          objectDefineProperty(response, "redirected", { value: answer.redirected });
          return response;
        }

        """###),
    WorkerScript(
      name: "globals.js",
      text: ###"""
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

        """###),
    WorkerScript(
      name: "jwt-algorithms.js",
      text: ###"""
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

        """###),
    WorkerScript(
      name: "jwt-claims.js",
      text: ###"""
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

        """###),
    WorkerScript(
      name: "jwt-mistaken-secrets.js",
      text: ###"""
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

        """###),
    WorkerScript(
      name: "jwt.js",
      text: ###"""
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

        """###),
    WorkerScript(
      name: "keccak.js",
      text: ###"""
        // Keccak-256 as Ethereum uses it (padding 0x01, not SHA-3's 0x06). FIPS 202 sections 3.2 and 3.3 with 64-bit lanes.

        // deno-fmt-ignore
        const ROUND_CONSTANTS = [
          0x0000000000000001n, 0x0000000000008082n, 0x800000000000808an, 0x8000000080008000n, 0x000000000000808bn,
          0x0000000080000001n, 0x8000000080008081n, 0x8000000000008009n, 0x000000000000008an, 0x0000000000000088n,
          0x0000000080008009n, 0x000000008000000an, 0x000000008000808bn, 0x800000000000008bn, 0x8000000000008089n,
          0x8000000000008003n, 0x8000000000008002n, 0x8000000000000080n, 0x000000000000800an, 0x800000008000000an,
          0x8000000080008081n, 0x8000000000008080n, 0x0000000080000001n, 0x8000000080008008n,
        ];
        // In the order in which the step pi visits the lanes, starting at lane 1.
        // deno-fmt-ignore
        const ROTATIONS = [
          1n, 3n, 6n, 10n, 15n, 21n, 28n, 36n, 45n, 55n, 2n, 14n, 27n, 41n, 56n, 8n, 25n, 43n, 62n, 18n, 39n, 61n, 20n, 44n,
        ];
        // deno-fmt-ignore
        const LANES = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];
        const RATE = 136;
        const MASK = 0xffffffffffffffffn;

        const rotate = (lane, count) => ((lane << count) | (lane >> (64n - count))) & MASK;

        function permute(state) {
          const parity = [0n, 0n, 0n, 0n, 0n];
          for (let round = 0; round < 24; round++) {
            for (let x = 0; x < 5; x++) parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            for (let x = 0; x < 5; x++) {
              const change = parity[(x + 4) % 5] ^ rotate(parity[(x + 1) % 5], 1n);
              for (let y = 0; y < 25; y += 5) state[x + y] ^= change;
            }
            let moved = state[1];
            for (let step = 0; step < 24; step++) {
              const next = state[LANES[step]];
              state[LANES[step]] = rotate(moved, ROTATIONS[step]);
              moved = next;
            }
            for (let y = 0; y < 25; y += 5) {
              const [a, b, c, d, e] = [state[y], state[y + 1], state[y + 2], state[y + 3], state[y + 4]];
              state[y] = a ^ (~b & MASK & c);
              state[y + 1] = b ^ (~c & MASK & d);
              state[y + 2] = c ^ (~d & MASK & e);
              state[y + 3] = d ^ (~e & MASK & a);
              state[y + 4] = e ^ (~a & MASK & b);
            }
            state[0] ^= ROUND_CONSTANTS[round];
          }
        }

        export function keccak256(bytes) {
          const padded = new Uint8Array((Math.floor(bytes.length / RATE) + 1) * RATE);
          padded.set(bytes);
          padded[bytes.length] = 0x01;
          padded[padded.length - 1] |= 0x80;
          const state = [];
          for (let lane = 0; lane < 25; lane++) state[lane] = 0n;
          for (let block = 0; block < padded.length; block += RATE) {
            for (let lane = 0; lane < RATE / 8; lane++) {
              let value = 0n;
              for (let byte = 7; byte >= 0; byte--) value = (value << 8n) | BigInt(padded[block + 8 * lane + byte]);
              state[lane] ^= value;
            }
            permute(state);
          }
          const digest = new Uint8Array(32);
          for (let byte = 0; byte < 32; byte++) {
            digest[byte] = Number((state[byte >> 3] >> BigInt(8 * (byte & 7))) & 0xffn);
          }
          return digest;
        }

        """###),
    WorkerScript(
      name: "main.js",
      text: ###"""
        // The worker of one action: it gets the code once, runs it, and is thrown away.
        //
        // The host trusts nothing this process does. What is taken away from the action here keeps honest actions alike on
        // every node and gives hostile ones less to try; the walls are the host's checks and the sandbox around the process.

        import { Script } from "node:vm";
        import { makeActions } from "./actions.js";
        import { receive, receiveBytes, receiveText, rehearse, send, setAwaited } from "./channel.js";
        import { makeConsole } from "./console.js";
        import { describe } from "./failures.js";
        import { fetch } from "./fetch.js";
        import { define, removeGlobals, wrapTimers } from "./globals.js";
        import { USER_SCRIPT } from "./names.js";
        import { settle } from "./operations.js";
        import {
          jsonParse,
          jsonStringify,
          objectCreate,
          objectDefineProperty,
          objectFreeze,
          objectKeys,
          reflectApply,
          reflectOwnKeys,
          setHas,
          utf8Decode,
          utf8Encode,
        } from "./primordials.js";

        const deno = Deno;
        const { exit } = deno;
        const { runInThisContext } = Script.prototype;
        let isRunning = false;
        let isDone = false;

        function finish(failure) {
          if (isDone || !isRunning) return;
          isDone = true;
          // The host ends the process when it reads this.
          send(failure === undefined ? { kind: "done" } : { kind: "done", failure });
        }

        // Deno tells the global object what happens to the process by calling its `dispatchEvent`.
        function dispatchEvent(event) {
          switch (event.type) {
            case "unload":
              finish();
              break;
            case "error":
              event.preventDefault();
              finish(describe(event.error));
              break;
            case "unhandledrejection":
              event.preventDefault();
              finish(describe(event.reason, "Uncaught (in promise) "));
              break;
          }
          return true;
        }

        function deepFreeze(value) {
          if (typeof value !== "object" || value === null) return value;
          for (const key of objectKeys(value)) deepFreeze(value[key]);
          return objectFreeze(value);
        }

        // Known only when the order comes; everything else about the interface is made before.
        const limits = { response: 0, logs: 0 };
        const actions = makeActions(limits);
        const fixed = { writable: false, enumerable: true };

        function defineInterface() {
          define("LitActions", actions, fixed);
          define("LitHeaders", objectFreeze({}), fixed);
          define("fetch", fetch);
          define("console", makeConsole(limits));
          define("global", globalThis);
        }

        function defineCaller(authentication) {
          const lit = objectFreeze({
            Actions: actions,
            Auth: deepFreeze(authentication),
            Headers: globalThis.LitHeaders,
          });
          define("Lit", lit, fixed);
          define("Quorate", lit, fixed);
          define("LitAuth", lit.Auth, fixed);
        }

        // Each top-level key becomes a global, and `jsParams` is all of them; a key never replaces what is there already.
        function defineParameters(parameters) {
          if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
            throw new TypeError("the parameters must be an object");
          }
          for (const key of objectKeys(parameters)) {
            if (key in globalThis) throw new TypeError(`the parameter "${key}" has the name of a global`);
            define(key, parameters[key], { enumerable: true });
          }
          if (!("jsParams" in globalThis)) define("jsParams", parameters, { enumerable: true });
        }

        async function serve() {
          for (;;) settle(await receive());
        }

        // Costs more than the rest of a start, so only actions that name it wait for it. None of their code ran yet.
        async function defineTokens() {
          const present = new Set(reflectOwnKeys(globalThis));
          // What it is made of looks for this while it is loaded.
          define("Deno", deno);
          const { jwt } = await import("./jwt.js");
          for (const key of reflectOwnKeys(globalThis)) {
            if (!setHas(present, key)) delete globalThis[key];
          }
          define("jwt", jwt);
        }

        async function loadLibrary(name) {
          const source = await receiveText();
          reflectApply(runInThisContext, new Script(source, { filename: name }), []);
        }

        const started = await receive();
        removeGlobals();
        wrapTimers();
        const prototype = objectCreate(Object.prototype);
        objectDefineProperty(prototype, "dispatchEvent", { value: dispatchEvent });
        Object.setPrototypeOf(globalThis, prototype);
        delete globalThis[Symbol.for("Deno.internal")];
        defineInterface();
        for (const name of started.libraries) await loadLibrary(name);
        rehearse(() => {
          limits.response = limits.logs = 1000;
          const call = "Lit.Actions.getRpcUrl({ chain: 'none' });";
          const script = new Script(`(Lit) => { ${call} console.log({ a: [1] }); }`, { filename: USER_SCRIPT });
          reflectApply(runInThisContext, script, [])({ Actions: actions });
          actions.setResponse({ response: "none" });
          settle(jsonParse(utf8Decode(utf8Encode(jsonStringify({ number: 1, output: null })))));
          deepFreeze({ a: [{ b: 1 }] });
        });
        // The rehearsal's own lines are not the action's.
        define("console", makeConsole(limits));
        send({ kind: "ready" });

        const order = await receive();
        const code = await receiveBytes();
        const parameters = await receiveBytes();
        if (order.namesTokens) await defineTokens();
        isRunning = true;
        limits.response = order.limits.response;
        limits.logs = order.limits.logs;
        defineCaller(order.authentication);
        setAwaited(false);
        serve().catch(() => exit(1));
        try {
          defineParameters(jsonParse(utf8Decode(parameters)));
          reflectApply(runInThisContext, new Script(utf8Decode(code), { filename: USER_SCRIPT }), []);
        } catch (error) {
          finish(describe(error));
        }

        """###),
    WorkerScript(
      name: "names.js",
      text: ###"""
        // The file name of an action in stack traces.
        export const USER_SCRIPT = "<user_provided_script>";

        """###),
    WorkerScript(
      name: "operations.js",
      text: ###"""
        // Requests to the host. Each has a number, which only tells its reply apart; several may be under way at once.

        import { send, setAwaited } from "./channel.js";
        import { mapDelete, mapGet, mapSet, promiseWithResolvers } from "./primordials.js";

        const pending = new Map();
        let waiting = 0;
        let lastNumber = 0;

        export function request(operation, input) {
          const { promise, resolve, reject } = promiseWithResolvers();
          lastNumber += 1;
          mapSet(pending, lastNumber, { resolve, reject });
          waiting += 1;
          if (waiting === 1) setAwaited(true);
          send({ kind: "operation", number: lastNumber, operation, input });
          return promise;
        }

        export function settle(reply) {
          const entry = mapGet(pending, reply.number);
          if (entry === undefined) return;
          mapDelete(pending, reply.number);
          waiting -= 1;
          if (waiting === 0) setAwaited(false);
          if (reply.error === undefined) entry.resolve(reply.output);
          else entry.reject(new Error(reply.error));
        }

        """###),
    WorkerScript(
      name: "primordials.js",
      text: ###"""
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

        """###),
  ]
}
