// `console`, whose lines go to the host in the order they were printed.

import { send } from "./channel.js";
import { stringToWellFormed, typedArrayLength, utf8Encode } from "./primordials.js";

const { Console } = Deno[Deno.internal];

export function makeConsole(limits) {
  let printed = 0;
  const print = (text) => {
    const line = stringToWellFormed(text);
    printed += typedArrayLength(utf8Encode(line));
    if (printed > limits.logs) throw new Error(`console output is limited to ${limits.logs} bytes`);
    send({ kind: "log", text: line });
  };
  return new Console(print);
}
