// Keccak-256 as Ethereum uses it (padding 0x01, not SHA-3's 0x06). FIPS 202 sections 3.2 and 3.3 with 64-bit lanes.

// deno-fmt-ignore
const ROUND_CONSTANTS = [
  0x0000000000000001n, 0x0000000000008082n, 0x800000000000808an, 0x8000000080008000n, 0x000000000000808bn,
  0x0000000080000001n, 0x8000000080008081n, 0x8000000000008009n, 0x000000000000008an, 0x0000000000000088n,
  0x0000000080008009n, 0x000000008000000an, 0x000000008000808bn, 0x800000000000008bn, 0x8000000000008089n,
  0x8000000000008003n, 0x8000000000008002n, 0x8000000000000080n, 0x000000000000800an, 0x800000008000000an,
  0x8000000080008081n, 0x8000000000008080n, 0x0000000080000001n, 0x8000000080008008n,
];
// In the order in which the step pi visits the lanes, starting at lane 1.
// deno-fmt-ignore
const ROTATIONS = [
  1n, 3n, 6n, 10n, 15n, 21n, 28n, 36n, 45n, 55n, 2n, 14n, 27n, 41n, 56n, 8n, 25n, 43n, 62n, 18n, 39n, 61n, 20n, 44n,
];
// deno-fmt-ignore
const LANES = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];
const RATE = 136;
const MASK = 0xffffffffffffffffn;

const rotate = (lane, count) => ((lane << count) | (lane >> (64n - count))) & MASK;

function permute(state) {
  const parity = [0n, 0n, 0n, 0n, 0n];
  for (let round = 0; round < 24; round++) {
    for (let x = 0; x < 5; x++) parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
    for (let x = 0; x < 5; x++) {
      const change = parity[(x + 4) % 5] ^ rotate(parity[(x + 1) % 5], 1n);
      for (let y = 0; y < 25; y += 5) state[x + y] ^= change;
    }
    let moved = state[1];
    for (let step = 0; step < 24; step++) {
      const next = state[LANES[step]];
      state[LANES[step]] = rotate(moved, ROTATIONS[step]);
      moved = next;
    }
    for (let y = 0; y < 25; y += 5) {
      const [a, b, c, d, e] = [state[y], state[y + 1], state[y + 2], state[y + 3], state[y + 4]];
      state[y] = a ^ (~b & MASK & c);
      state[y + 1] = b ^ (~c & MASK & d);
      state[y + 2] = c ^ (~d & MASK & e);
      state[y + 3] = d ^ (~e & MASK & a);
      state[y + 4] = e ^ (~a & MASK & b);
    }
    state[0] ^= ROUND_CONSTANTS[round];
  }
}

export function keccak256(bytes) {
  const padded = new Uint8Array((Math.floor(bytes.length / RATE) + 1) * RATE);
  padded.set(bytes);
  padded[bytes.length] = 0x01;
  padded[padded.length - 1] |= 0x80;
  const state = [];
  for (let lane = 0; lane < 25; lane++) state[lane] = 0n;
  for (let block = 0; block < padded.length; block += RATE) {
    for (let lane = 0; lane < RATE / 8; lane++) {
      let value = 0n;
      for (let byte = 7; byte >= 0; byte--) value = (value << 8n) | BigInt(padded[block + 8 * lane + byte]);
      state[lane] ^= value;
    }
    permute(state);
  }
  const digest = new Uint8Array(32);
  for (let byte = 0; byte < 32; byte++) {
    digest[byte] = Number((state[byte >> 3] >> BigInt(8 * (byte & 7))) & 0xffn);
  }
  return digest;
}
