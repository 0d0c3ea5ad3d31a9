// Replaced methods and poisoned prototypes wait for something of the worker to pass by.
const seen = [];
const watch = (object, name) => {
  const original = object[name];
  object[name] = function (...rest) {
    for (const value of [this, ...rest]) {
      if (typeof value === "object" && value !== null && "reject" in value && "resolve" in value) seen.push(name);
    }
    return original.apply(this, rest);
  };
};
for (const name of ["get", "set", "delete"]) watch(Map.prototype, name);
for (const name of ["push", "map", "join"]) watch(Array.prototype, name);
watch(JSON, "stringify");
watch(JSON, "parse");
(async () => {
  await Lit.Actions.getRpcUrl({ chain: "c" });
  for (const name of new Set(seen)) console.log(`ESCAPED: ${name} saw a pending operation`);
  console.log("held");
})();
