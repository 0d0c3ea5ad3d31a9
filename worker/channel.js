// Frames to and from the host over the socket on descriptors 0 and 1: u32 big-endian length, then JSON in UTF-8. The
// code of an action and its parameters follow their frame as two more, of bytes as they are; so do sources of libraries.

import {
  jsonParse,
  jsonStringify,
  reflectApply,
  typedArrayLength,
  typedArraySet,
  typedArraySlice,
  typedArraySubarray,
  utf8Decode,
  utf8Encode,
} from "./primordials.js";

const { core } = Deno[Deno.internal];
const { read, refOpPromise, unrefOpPromise, writeSync } = core;
const INPUT = 0;
const OUTPUT = 1;

const BUFFER = 65536;

let buffered = new Uint8Array(BUFFER);
let start = 0;
let end = 0;
let reading = null;
let isAwaited = true;

// While nobody waits for a reply, a pending read must not keep the event loop alive: the action is over when it is
// empty.
export function setAwaited(awaited) {
  isAwaited = awaited;
  if (reading === null) return;
  if (awaited) refOpPromise(reading);
  else unrefOpPromise(reading);
}

async function fill(count) {
  while (end - start < count) {
    if (typedArrayLength(buffered) - start < count || end === typedArrayLength(buffered)) {
      const size = typedArrayLength(buffered);
      const larger = new Uint8Array(count > size ? count : size);
      typedArraySet(larger, typedArraySubarray(buffered, start, end));
      buffered = larger;
      end -= start;
      start = 0;
    }
    reading = read(INPUT, typedArraySubarray(buffered, end));
    if (!isAwaited) unrefOpPromise(reading);
    const received = await reading;
    reading = null;
    // Without a host there is nobody to work for.
    if (!received) throw new Error("the host closed the channel");
    end += received;
  }
}

// The next frame, for as long as nothing else is received.
async function receiveView() {
  await fill(4);
  const length = ((buffered[start] << 24) | (buffered[start + 1] << 16) | (buffered[start + 2] << 8) |
    buffered[start + 3]) >>> 0;
  await fill(4 + length);
  const view = typedArraySubarray(buffered, start + 4, start + 4 + length);
  start += 4 + length;
  if (start === end) {
    start = 0;
    end = 0;
    // What one long frame needed is not kept.
    if (typedArrayLength(buffered) > BUFFER) buffered = new Uint8Array(BUFFER);
  }
  return view;
}

export async function receiveBytes() {
  return typedArraySlice(await receiveView());
}

export async function receiveText() {
  return utf8Decode(await receiveView());
}

export async function receive() {
  return jsonParse(await receiveText());
}

let isRehearsing = false;

// Does what `body` does without sending anything: the engine is slow at everything it does for the first time.
export function rehearse(body) {
  isRehearsing = true;
  try {
    body();
  } finally {
    isRehearsing = false;
  }
}

export function send(message) {
  const body = utf8Encode(jsonStringify(message));
  const length = typedArrayLength(body);
  const frame = new Uint8Array(4 + length);
  frame[0] = length >>> 24;
  frame[1] = length >>> 16;
  frame[2] = length >>> 8;
  frame[3] = length;
  typedArraySet(frame, body, 4);
  let sent = isRehearsing ? 4 + length : 0;
  while (sent < 4 + length) {
    sent += reflectApply(writeSync, core, [OUTPUT, typedArraySubarray(frame, sent)]);
  }
}
