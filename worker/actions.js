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
