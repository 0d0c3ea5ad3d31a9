// Looks for anything that reaches beyond the process or into the runtime.
const wanted = [
  "Deno", "process", "Buffer", "require", "module", "Worker", "SharedWorker", "WebSocket", "WebSocketStream",
  "EventSource", "BroadcastChannel", "MessageChannel", "localStorage", "sessionStorage", "caches", "CacheStorage",
  "navigator", "location", "GPU", "OffscreenCanvas", "prompt", "alert", "confirm", "close", "window", "self",
  "setImmediate", "addEventListener", "reportError", "SharedArrayBuffer", "Atomics", "onunload", "bootstrap",
  "__bootstrap",
];
for (const name of wanted) if (name in globalThis) console.log(`ESCAPED: ${name}`);
for (const key of Reflect.ownKeys(globalThis)) {
  if (typeof key === "symbol") console.log(`ESCAPED: ${String(key)}`);
}
for (let object = globalThis; object !== null; object = Object.getPrototypeOf(object)) {
  for (const key of Reflect.ownKeys(object)) {
    if (typeof key === "symbol" && /deno|node|internal/i.test(String(key))) console.log(`ESCAPED: ${String(key)}`);
  }
}
console.log("held");
