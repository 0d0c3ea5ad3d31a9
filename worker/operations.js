// Requests to the host. Each has a number, which only tells its reply apart; several may be under way at once.

import { send, setAwaited } from "./channel.js";
import { mapDelete, mapGet, mapSet, promiseWithResolvers } from "./primordials.js";

const pending = new Map();
let waiting = 0;
let lastNumber = 0;

export function request(operation, input) {
  const { promise, resolve, reject } = promiseWithResolvers();
  lastNumber += 1;
  mapSet(pending, lastNumber, { resolve, reject });
  waiting += 1;
  if (waiting === 1) setAwaited(true);
  send({ kind: "operation", number: lastNumber, operation, input });
  return promise;
}

export function settle(reply) {
  const entry = mapGet(pending, reply.number);
  if (entry === undefined) return;
  mapDelete(pending, reply.number);
  waiting -= 1;
  if (waiting === 0) setAwaited(false);
  if (reply.error === undefined) entry.resolve(reply.output);
  else entry.reject(new Error(reply.error));
}
