// A worker that was taken over and speaks frames by hand.
const frame = (bytes, length = bytes.length) => {
  const all = new Uint8Array(4 + bytes.length);
  new DataView(all.buffer).setUint32(0, length);
  all.set(bytes, 4);
  let sent = 0;
  while (sent < all.length) sent += Deno.stdout.writeSync(all.subarray(sent));
};
const send = (message) =>
  frame(new TextEncoder().encode(typeof message === "string" ? message : JSON.stringify(message)));
const operation = (number, operation, input) => send({ kind: "operation", number, operation, input });
const take = (count) => {
  const bytes = new Uint8Array(count);
  let have = 0;
  while (have < count) {
    const read = Deno.stdin.readSync(bytes.subarray(have));
    if (!read) throw new Error("end");
    have += read;
  }
  return bytes;
};
const receive = () => take(new DataView(take(4).buffer).getUint32(0));
const receiveText = () => new TextDecoder().decode(receive());
receive();
send({ kind: "ready" });
receive();
const tactic = new TextDecoder().decode(receive());
const parameters = receiveText();
// The code of the "action" names what this worker does.
const tactics = {
  // A length that no frame may have.
  longFrame: () => frame(new Uint8Array(4), 0xffffffff),
  longerThanAllowed: () => frame(new Uint8Array(3 << 20).fill(32)),
  halfFrame: () => {
    frame(new Uint8Array(4), 100);
    Deno.exit(0);
  },
  noJSON: () => send("not JSON"),
  notUTF8: () => frame(new Uint8Array([0x22, 0xff, 0x22])),
  deep: () => send("[".repeat(100000)),
  deepObjects: () => send(`{"kind":${'{"a":'.repeat(50)}1${"}".repeat(50)}}`),
  manyValues: () => send(`[${"1,".repeat(500000)}1]`),
  emptyFrame: () => frame(new Uint8Array(0)),
  array: () => send([]),
  twice: () => send('{"kind":"done","kind":"done"}'),
  unknownKind: () => send({ kind: "sudo" }),
  more: () => send({ kind: "done", failure: "x", extra: 1 }),
  fraction: () => send('{"kind":"operation","number":1.5,"operation":"rpcURL","input":{"chain":"c"}}'),
  huge: () => send('{"kind":"operation","number":99999999999999999999,"operation":"rpcURL","input":{"chain":"c"}}'),
  zero: () => operation(0, "rpcURL", { chain: "c" }),
  readyAgain: () => send({ kind: "ready" }),
  unknownOperation: () => operation(1, "readVault", {}),
  // What only the host can know, claimed in a frame.
  foreignAction: () => operation(1, "sign", {
    scheme: "EcdsaK256Sha256", toSign: "AQ", publicKey: "04", name: "s", action: "Qm", stack: ["Qm"],
  }),
  missingMember: () => operation(1, "sign", { scheme: "EcdsaK256Sha256", toSign: "AQ", publicKey: "04" }),
  wrongType: () => operation(1, "sign", { scheme: "EcdsaK256Sha256", toSign: [1], publicKey: "04", name: "s" }),
  notBase64: () => operation(1, "sign", { scheme: "EcdsaK256Sha256", toSign: "A=", publicKey: "04", name: "s" }),
  badRedirect: () => operation(1, "fetch", { url: "http://x", method: "GET", headers: [], body: null, redirect: "x" }),
  badHeaders: () => operation(1, "fetch", {
    url: "http://x", method: "GET", headers: [["a"]], body: null, redirect: "follow",
  }),
  longToken: () => operation(1, "permittedActions", { token: "9".repeat(100) }),
  // Limits are not this side's to check.
  signatures: () => {
    for (let number = 1; number < 100; number++) {
      operation(number, "sign", { scheme: "EcdsaK256Sha256", toSign: "AQ", publicKey: "04", name: "s" });
    }
  },
  logs: () => {
    for (;;) send({ kind: "log", text: "x".repeat(10000) });
  },
  response: () => send({ kind: "response", text: "x".repeat(200000) }),
  // Never reads a reply.
  deaf: () => {
    for (let number = 1;; number++) operation(number, "rpcURL", { chain: "c".repeat(100000) });
  },
  sameNumber: () => {
    for (let count = 0; count < 20; count++) operation(7, "rpcURL", { chain: `${count}` });
    const replies = [];
    for (let count = 0; count < 20; count++) replies.push(JSON.parse(receiveText()).output);
    send({ kind: "log", text: replies.sort().join(" ") });
    send({ kind: "done" });
  },
  afterDone: () => {
    send({ kind: "done" });
    for (let number = 1; number < 50; number++) {
      operation(number, "sign", { scheme: "EcdsaK256Sha256", toSign: "AQ", publicKey: "04", name: "s" });
      send({ kind: "response", text: "forged" });
    }
  },
  dies: () => Deno.exit(3),
  diesWaiting: () => {
    operation(1, "sign", { scheme: "EcdsaK256Sha256", toSign: "AQ", publicKey: "04", name: "s" });
    Deno.exit(3);
  },
  silent: () => {
    for (;;) take(1);
  },
  aborts: () => Deno.kill(Deno.pid, "SIGABRT"),
  errors: () => {
    for (;;) Deno.stderr.writeSync(new Uint8Array(65536).fill(65));
  },
  echo: () => {
    send({ kind: "response", text: parameters });
    send({ kind: "done" });
  },
};
tactics[tactic]();
for (;;) take(1);
