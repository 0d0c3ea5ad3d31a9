// Modules of the runtime, of files, of data and of the network.
const specifiers = [
  "node:fs", "node:child_process", "node:worker_threads", "node:v8", "node:vm", "node:process", "node:sqlite",
  "data:text/javascript,export default 1", "file:///worker/channel.js", "file:///proc/self/environ",
  "/worker/main.js", "./channel.js", "https://example.com/x.js", "ext:core/mod.js", "npm:x", "jsr:@std/fs",
];
(async () => {
  for (const specifier of specifiers) {
    try {
      await import(specifier);
      console.log(`ESCAPED: ${specifier}`);
    } catch {
      // Refused.
    }
  }
  try {
    await import("file:///proc/self/environ", { with: { type: "text" } });
    console.log("ESCAPED: environment");
  } catch {
    // Refused.
  }
  try {
    await import(URL.createObjectURL(new Blob(["1"], { type: "text/javascript" })));
    console.log("ESCAPED: blob");
  } catch {
    // Refused.
  }
  console.log("held");
})();
