// Every way to make code of a string.
const ways = {
  eval: () => eval("1"),
  indirect: () => (0, eval)("1"),
  Function: () => Function("return 1")(),
  constructor: () => (() => {}).constructor("return 1")(),
  AsyncFunction: () => (async () => {}).constructor("return 1")(),
  GeneratorFunction: () => (function* () {}).constructor("yield 1")().next(),
  AsyncGeneratorFunction: () => (async function* () {}).constructor("yield 1")().next(),
  throughFetch: () => fetch.constructor("return 1")(),
  throughConsole: () => console.log.constructor("return 1")(),
  throughAction: () => Lit.Actions.sign.constructor("return 1")(),
  reflect: () => Reflect.construct(Function, ["return 1"])(),
  bound: () => Function.prototype.constructor.bind(null, "return 1")()(),
};
for (const [name, way] of Object.entries(ways)) {
  try {
    way();
    console.log(`ESCAPED: ${name}`);
  } catch {
    // Refused.
  }
}
console.log("held");
