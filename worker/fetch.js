// `fetch`: the host connects, after it judged the address. Request, Response and Headers are Deno's.

import { fromChannel, toChannel } from "./bytes.js";
import { request } from "./operations.js";
import { arrayFrom, objectDefineProperty, typedArrayLength } from "./primordials.js";

const { Request, Response, DOMException } = globalThis;
const BODILESS = new Set([101, 103, 204, 205, 304]);

function aborted(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

export async function fetch(input, init = undefined) {
  const asked = new Request(input, init);
  const { signal } = asked;
  signal.throwIfAborted();
  const url = new URL(asked.url);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new TypeError(`fetch does not support the scheme ${url.protocol}`);
  }
  // The part behind # is for whoever reads the answer.
  url.hash = "";
  const body = new Uint8Array(await asked.arrayBuffer());
  const reply = request("fetch", {
    url: url.href,
    method: asked.method,
    headers: arrayFrom(asked.headers),
    body: typedArrayLength(body) === 0 ? null : toChannel(body),
    redirect: asked.redirect,
  });
  let answer;
  try {
    answer = await (init?.signal || input instanceof Request ? Promise.race([reply, aborted(signal)]) : reply);
  } catch (error) {
    if (error instanceof DOMException) throw error;
    throw new TypeError(error.message);
  }
  const response = new Response(BODILESS.has(answer.status) ? null : fromChannel(answer.body), {
    status: answer.status,
    statusText: answer.statusText,
    headers: answer.headers,
  });
  objectDefineProperty(response, "url", { value: answer.url });
  objectDefineProperty(response, "redirected", { value: answer.redirected });
  return response;
}
