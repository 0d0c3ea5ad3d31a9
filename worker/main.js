// The worker of one action: it gets the code once, runs it, and is thrown away.
//
// The host trusts nothing this process does. What is taken away from the action here keeps honest actions alike on
// every node and gives hostile ones less to try; the walls are the host's checks and the sandbox around the process.

import { Script } from "node:vm";
import { makeActions } from "./actions.js";
import { receive, receiveBytes, rehearse, send, setAwaited } from "./channel.js";
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
  utf8Decode,
  utf8Encode,
} from "./primordials.js";

const { exit } = Deno;
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

function loadLibrary({ name, source }) {
  reflectApply(runInThisContext, new Script(source, { filename: name }), []);
}

const started = await receive();
// Of no use to most actions, and not free.
const jwt = started.libraries === null ? undefined : (await import("./jwt.js")).jwt;
removeGlobals();
wrapTimers();
const prototype = objectCreate(Object.prototype);
objectDefineProperty(prototype, "dispatchEvent", { value: dispatchEvent });
Object.setPrototypeOf(globalThis, prototype);
delete globalThis[Symbol.for("Deno.internal")];
defineInterface();
if (jwt !== undefined) define("jwt", jwt);
for (const library of started.libraries ?? []) loadLibrary(library);
rehearse(() => {
  limits.response = limits.logs = 1000;
  const call = "Lit.Actions.getRpcUrl({ chain: 'none' });";
  const script = new Script(`(Lit) => { ${call} console.log({ a: [1] }); }`, { filename: USER_SCRIPT });
  reflectApply(runInThisContext, script, [])({ Actions: actions });
  actions.setResponse({ response: "none" });
  settle(jsonParse(utf8Decode(utf8Encode(jsonStringify({ number: 1, output: null })))));
  deepFreeze({ a: [{ b: 1 }] });
  if (jwt !== undefined) jwt.verify(jwt.sign({}, "rehearsal"), "rehearsal");
});
// The rehearsal's own lines are not the action's.
define("console", makeConsole(limits));
send({ kind: "ready" });

const order = await receive();
const code = await receiveBytes();
const parameters = await receiveBytes();
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
