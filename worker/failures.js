// The text of what an action threw and nobody caught, as Deno prints it, with the frames of the action's own code.

import { stringToWellFormed } from "./primordials.js";
import { USER_SCRIPT } from "./names.js";

const { destructureError } = Deno[Deno.internal].core;

export function describe(thrown, prefix = "Uncaught ") {
  let text;
  try {
    const { exceptionMessage, frames } = destructureError(thrown);
    text = exceptionMessage;
    const marker = "Uncaught ";
    if (text.slice(0, marker.length) === marker) text = text.slice(marker.length);
    text = prefix + text;
    for (const frame of frames) {
      if (frame.fileName !== USER_SCRIPT) continue;
      const place = `${USER_SCRIPT}:${frame.lineNumber}:${frame.columnNumber}`;
      const name = frame.functionName;
      text += name ? `\n    at ${frame.isAsync ? "async " : ""}${name} (${place})` : `\n    at ${place}`;
    }
  } catch {
    text = `${prefix}an error that cannot be described`;
  }
  return stringToWellFormed(text);
}
