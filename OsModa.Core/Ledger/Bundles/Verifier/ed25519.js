// Checks an Ed25519 signature (RFC 8032, section 5.1.7) with plain numbers: slow, and quick enough for the one or two of a file.

const sha512 = (() => {
  const mask = (1n << 64n) - 1n;
  const rotate = (x, n) => (x >> BigInt(n) | x << BigInt(64 - n)) & mask;
  const k = primes.map(p => fraction(p, 3, 64));
  const start = primes.slice(0, 8).map(p => fraction(p, 2, 64));
  return message => {
    const padded = new Uint8Array(Math.ceil((message.length + 17) / 128) * 128);
    padded.set(message);
    padded[message.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
    const state = start.slice();
    for (let at = 0; at < padded.length; at += 128) {
      const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i));
      for (let i = 16; i < 80; i++) {
        const x = w[i - 15], y = w[i - 2];
        w.push(w[i - 16] + w[i - 7] + (rotate(x, 1) ^ rotate(x, 8) ^ x >> 7n) + (rotate(y, 19) ^ rotate(y, 61) ^ y >> 6n) & mask);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 80; i++) {
        const t = h + (rotate(e, 14) ^ rotate(e, 18) ^ rotate(e, 41)) + (e & f ^ (e ^ mask) & g) + k[i] + w[i];
        const u = (rotate(a, 28) ^ rotate(a, 34) ^ rotate(a, 39)) + (a & b ^ a & c ^ b & c);
        [h, g, f, e, d, c, b, a] = [g, f, e, d + t & mask, c, b, a, t + u & mask];
      }
      [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = state[i] + word & mask; });
    }
    const hash = new DataView(new ArrayBuffer(64));
    state.forEach((word, i) => hash.setBigUint64(8 * i, word));
    return new Uint8Array(hash.buffer);
  };
})();

const ed25519 = (() => {
  const p = 2n ** 255n - 19n;
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = x => (x %= p) < 0n ? x + p : x;
  const power = (x, n) => {
    let result = 1n;
    for (x = mod(x); n; n >>= 1n, x = mod(x * x)) if (n & 1n) result = mod(result * x);
    return result;
  };
  const inverse = x => power(x, p - 2n);
  const d = mod(-121665n * inverse(121666n));
  const halfTurn = power(2n, (p - 1n) / 4n);    // a square root of -1
  const number = bytes => bytes.reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);

  // Section 5.1.3; null for what is no point.
  const point = bytes => {
    const all = number(bytes), y = all & (1n << 255n) - 1n, sign = all >> 255n;
    if (y >= p) return null;
    const u = mod(y * y - 1n), v = mod(d * y * y + 1n);
    let x = mod(u * v ** 3n * power(u * v ** 7n, (p - 5n) / 8n));
    if (mod(v * x * x) !== u) x = mod(x * halfTurn);
    if (mod(v * x * x) !== u || x === 0n && sign) return null;
    if ((x & 1n) !== sign) x = p - x;
    return [x, y, 1n, mod(x * y)];
  };

  // Section 5.1.4.
  const add = ([x1, y1, z1, t1], [x2, y2, z2, t2]) => {
    const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2)), c = mod(2n * t1 * t2 * d), e = mod(2n * z1 * z2);
    const [f, g, h, i] = [b - a, e - c, e + c, b + a];
    return [mod(f * g), mod(h * i), mod(g * h), mod(f * i)];
  };
  const times = (n, q) => {
    let sum = [0n, 1n, 1n, 0n];
    for (; n; n >>= 1n, q = add(q, q)) if (n & 1n) sum = add(sum, q);
    return sum;
  };
  const encode = ([x, y, z]) => {
    const one = inverse(z);
    let all = mod(y * one) | (mod(x * one) & 1n) << 255n;
    return Uint8Array.from({ length: 32 }, () => { const byte = Number(all & 255n); all >>= 8n; return byte; });
  };
  const base = (() => {
    const bytes = new Uint8Array(32).fill(0x66);
    bytes[0] = 0x58;    // four fifths
    return point(bytes);
  })();

  return (key, message, signature) => {
    if (key.length !== 32 || signature.length !== 64) return false;
    const a = point(key), s = number(signature.subarray(32));
    if (!a || s >= order) return false;
    const k = number(sha512(concat(signature.subarray(0, 32), key, message))) % order;
    const [x, y, z, t] = a;
    return same(encode(add(times(s, base), times(k, [p - x, y, z, p - t]))), signature.subarray(0, 32));
  };
})();
