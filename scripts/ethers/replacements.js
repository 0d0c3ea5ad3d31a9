// What ethers has done by Node.js, done with what a worker has. Each function is one module: it gets an object for what the
// module exports, and `load`, which gives another module of the bundle by its path.
export const replacements = {
  "@ethersproject/base64/lib/base64.js"(exports, load) {
    const { arrayify } = load("@ethersproject/bytes/lib/index.js");
    exports.decode = (text) => Uint8Array.fromBase64(text);
    exports.encode = (data) => arrayify(data).toBase64();
  },
  "@ethersproject/random/lib/random.js"(exports, load) {
    const { arrayify } = load("@ethersproject/bytes/lib/index.js");
    exports.randomBytes = (length) => {
      if (!(Number.isInteger(length) && length > 0 && length <= 1024)) throw new Error("invalid length");
      return arrayify(crypto.getRandomValues(new Uint8Array(length)));
    };
  },
  "@ethersproject/sha2/lib/sha2.js"(exports, load) {
    const { arrayify } = load("@ethersproject/bytes/lib/index.js");
    const hash = load("hash.js/lib/hash.js");
    const algorithms = { __proto__: null, sha256: hash.sha256, sha512: hash.sha512 };
    const digest = (made, data) => `0x${made.update(arrayify(data)).digest("hex")}`;
    exports.ripemd160 = (data) => digest(hash.ripemd160(), data);
    exports.sha256 = (data) => digest(hash.sha256(), data);
    exports.sha512 = (data) => digest(hash.sha512(), data);
    exports.computeHmac = (algorithm, key, data) => {
      if (!(algorithm in algorithms)) throw new Error(`unsupported algorithm ${algorithm}`);
      return digest(hash.hmac(algorithms[algorithm], arrayify(key)), data);
    };
  },
  // RFC 8018 section 5.2.
  "@ethersproject/pbkdf2/lib/pbkdf2.js"(exports, load) {
    const { arrayify, concat, hexlify } = load("@ethersproject/bytes/lib/index.js");
    const { computeHmac } = load("@ethersproject/sha2/lib/index.js");
    exports.pbkdf2 = (password, salt, iterations, length, algorithm) => {
      const blocks = [];
      let made = 0;
      for (let number = 1; made < length; number++) {
        const index = new Uint8Array([number >>> 24, number >>> 16, number >>> 8, number]);
        let last = arrayify(computeHmac(algorithm, password, concat([salt, index])));
        const block = Uint8Array.from(last);
        for (let round = 1; round < iterations; round++) {
          last = arrayify(computeHmac(algorithm, password, last));
          for (let place = 0; place < block.length; place++) block[place] ^= last[place];
        }
        blocks.push(block);
        made += block.length;
      }
      return hexlify(concat(blocks).slice(0, length));
    };
  },
  "@ethersproject/web/lib/geturl.js"(exports, load) {
    const { arrayify } = load("@ethersproject/bytes/lib/index.js");
    const { fetch } = globalThis;
    exports.getUrl = async (href, options) => {
      const answer = await fetch(href, {
        method: options?.method || "GET",
        headers: options?.headers || {},
        body: options?.body || undefined,
      });
      return {
        headers: Object.fromEntries(answer.headers),
        statusCode: answer.status,
        statusMessage: answer.statusText,
        body: arrayify(new Uint8Array(await answer.arrayBuffer())),
      };
    };
  },
  "@ethersproject/providers/lib/ws.js"(exports) {
    exports.WebSocket = function () {
      throw new Error("WebSocket is not there for actions");
    };
  },
  "@ethersproject/providers/lib/ipc-provider.js"(exports) {
    exports.IpcProvider = function () {
      throw new Error("IPC is not there for actions");
    };
  },
  "brorand/index.js"(_exports, _load, module) {
    module.exports = (length) => crypto.getRandomValues(new Uint8Array(length));
    module.exports.Rand = function () {
      this.generate = module.exports;
    };
  },
  "inherits/inherits.js"(_exports, load, module) {
    module.exports = load("inherits/inherits_browser.js");
  },
};
