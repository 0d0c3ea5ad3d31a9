// `console`, whose lines go to the host in the order they were printed.

import { send } from "./channel.js";
import { stringToWellFormed, typedArrayLength, utf8Encode } from "./primordials.js";

const { Console } = Deno[Deno.internal];

export function makeConsole(limit) {
  let printed = 0;
  const print = (text) => {
    const line = stringToWellFormed(text);
    printed += typedArrayLength(utf8Encode(line));
    if (printed > limit) throw new Error(`console output is limited to ${limit} bytes`);
    send({ kind: "log", text: line });
  };
  const console = new Console(print);
  return console;
}
