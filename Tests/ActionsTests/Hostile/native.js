// A worker whose engine was taken over: it may do whatever the process may, native code included, and tells what worked.
const send = (message) => {
  const bytes = new TextEncoder().encode(JSON.stringify(message));
  const all = new Uint8Array(4 + bytes.length);
  new DataView(all.buffer).setUint32(0, bytes.length);
  all.set(bytes, 4);
  Deno.stdout.writeSync(all);
};
const worked = [];
const attempt = async (name, body) => {
  try {
    const result = await body();
    if (result !== false) worked.push(name);
  } catch {
    // The wall held.
  }
};

await attempt("tcp", () => Deno.connect({ hostname: "127.0.0.1", port: 1 }).then(() => true, (e) =>
  e instanceof Deno.errors.ConnectionRefused));
await attempt("listen", () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
await attempt("udp", () => Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 }));
await attempt("unix", () => Deno.listen({ transport: "unix", path: "/tmp/quorate-escape" }));
for (const path of ["/etc/passwd", "/etc/hostname", "/root", "/home", "/usr/bin/env", "/tmp", "/sys", "/dev"]) {
  await attempt(`see ${path}`, () => Deno.statSync(path));
}
for (
  const path of [
    "/x", "/empty/x", "/tmp/quorate-escape", "/worker/main.js", "/worker/x", "/proc/sys/kernel/core_pattern",
    "/proc/self/oom_score_adj", "/dev/shm/x",
  ]
) {
  await attempt(`write ${path}`, () => Deno.writeTextFileSync(path, "x"));
}
await attempt("remove", () => Deno.removeSync("/worker/main.js"));
await attempt("spawn", () => new Deno.Command("/worker/deno", { args: ["--version"] }).outputSync());
await attempt("spawn sh", () => new Deno.Command("/bin/sh", { args: ["-c", "true"] }).outputSync());
await attempt("processes", () => {
  // Itself and the first process of its own namespace.
  const others = [...Deno.readDirSync("/proc")].filter((entry) => /^[0-9]+$/.test(entry.name)).length;
  return others > 2;
});
await attempt("environment", () => {
  const names = Object.keys(Deno.env.toObject()).filter((name) =>
    !["DENO_DIR", "HOME", "DENO_NO_UPDATE_CHECK", "NO_COLOR", "TZ", "PWD"].includes(name)
  );
  return names.length > 0;
});
await attempt("native", () => {
  const library = Deno.dlopen("libc.so.6", {
    syscall: { parameters: ["i64", "i64", "i64", "i64", "i64", "i64", "i64"], result: "i64" },
    getuid: { parameters: [], result: "u32" },
  });
  const call = (number, ...rest) => library.symbols.syscall(number, ...rest, ...new Array(6 - rest.length).fill(0));
  const calls = {
    socket: [41, 2, 1, 0], socketUnix: [41, 1, 1, 0], socketNetlink: [41, 16, 3, 0], fork: [57],
    unshare: [272, 0x10000000], setns: [308, 0, 0], mount: [165, 0, 0, 0, 0, 0], chroot: [161, 0],
    keyctl: [250, 0, -3, 0], addKey: [248, 0, 0, 0, 0, 0], bpf: [321, 0, 0, 0], perf: [298, 0, 0, -1, -1, 0],
    userfaultfd: [323, 0], ioUring: [425, 1, 0], memfd: [319, 0, 0], processVM: [310, 1, 0, 0, 0, 0],
    kcmp: [312, 1, 1, 0, 0, 0], setuid: [105, 0], personality: [135, 0], nameToHandle: [303, 0, 0, 0, 0, 0],
    pidfd: [434, 1, 0], kill: [62, 1, 0], clone3: [435, 0, 0],
    cloneProcess: [56, 17, 0, 0, 0, 0], sendmsg: [46, 1, 0, 0], recvmsg: [47, 0, 0, 0], connect: [42, 0, 0, 0],
    bind: [49, 0, 0, 0], listen: [50, 0, 1], accept: [43, 0, 0, 0], mknod: [133, 0, 0, 0],
    inotify: [294, 0], timerfd: [283, 0, 0], signalfd: [289, -1, 0, 8, 0], shmget: [29, 0, 4096, 0o1600],
  };
  for (const [name, numbers] of Object.entries(calls)) {
    const [number, ...rest] = numbers;
    const result = Number(call(number, ...rest));
    if (name === "fork" || name === "cloneProcess") {
      if (result === 0) call(60, 0);
    }
    if (result >= 0) worked.push(`call ${name}`);
  }
  if (library.symbols.getuid() !== 65534) worked.push("uid");
  return false;
});
send({ kind: "log", text: worked.join("\n") });
send({ kind: "done" });
