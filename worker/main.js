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
