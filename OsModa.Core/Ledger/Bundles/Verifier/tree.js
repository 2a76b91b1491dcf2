// The tree of RFC 9162, section 2.1.

const zero = Uint8Array.of(0), one = Uint8Array.of(1);
const leafHash = entry => sha256(zero, entry);
const nodeHash = (left, right) => sha256(one, left, right);
const hashAt = (hashes, i) => hashes.subarray(32 * i, 32 * i + 32);

// The root over hashes that stand one after the other, as many as a power of two.
const fold = hashes => {
  for (; hashes.length > 32; ) {
    const above = new Uint8Array(hashes.length / 2);
    for (let i = 0; i < above.length / 32; i++) above.set(nodeHash(hashAt(hashes, 2 * i), hashAt(hashes, 2 * i + 1)), 32 * i);
    hashes = above;
  }
  return hashes;
};

// The right edge of a growing tree.
class Edge {
  #roots = [];
  size = 0;

  append(root, leaves = 1) {
    for (let bit = leaves; Math.floor(this.size / bit) % 2 === 1; bit *= 2) root = nodeHash(this.#roots.pop(), root);
    this.#roots.push(root);
    this.size += leaves;
  }

  copy() {
    const copy = new Edge();
    copy.#roots = [...this.#roots];
    copy.size = this.size;
    return copy;
  }

  root() { return this.#roots.length ? this.#roots.reduceRight((right, left) => nodeHash(left, right)) : sha256(); }
}

const half = n => Math.floor(n / 2);

// Section 2.1.3.2, step by step.
const includes = (index, size, leaf, proof, root) => {
  if (index >= size) return false;
  let fn = index, sn = size - 1, r = leaf;
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) { fn = half(fn); sn = half(sn); }
    } else r = nodeHash(r, p);
    fn = half(fn); sn = half(sn);
  }
  return sn === 0 && same(r, root);
};

// Section 2.1.4.2, step by step.
const continues = (from, fromRoot, to, toRoot, proof) => {
  if (from > to) return false;
  if (from === 0 || from === to) return proof.length === 0 && (from === to ? same(fromRoot, toRoot) : same(fromRoot, sha256()));
  let fn = from - 1, sn = to - 1;
  while (fn % 2 === 1) { fn = half(fn); sn = half(sn); }
  const path = fn === 0 && Number.isInteger(Math.log2(from)) ? [fromRoot, ...proof] : [...proof];
  if (path.length === 0) return false;
  let fr = path[0], sr = path[0];
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr); sr = nodeHash(c, sr);
      while (fn % 2 === 0 && fn !== 0) { fn = half(fn); sn = half(sn); }
    } else sr = nodeHash(sr, c);
    fn = half(fn); sn = half(sn);
  }
  return sn === 0 && same(fr, fromRoot) && same(sr, toRoot);
};
