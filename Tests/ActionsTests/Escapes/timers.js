// Timers that take a string run it as code elsewhere.
for (const timer of [setTimeout, setInterval]) {
  try {
    timer("console.log('ran')", 0);
    console.log("ESCAPED: a timer took a string");
  } catch {
    // Refused.
  }
}
if (typeof setTimeout(() => {}, 0) !== "number") console.log("ESCAPED: a timer is an object of the runtime");
console.log("held");
