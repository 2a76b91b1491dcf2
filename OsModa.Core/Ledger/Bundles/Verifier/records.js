// Entries: 62 bytes of header and a body; of a redacted one, version 2, the header and its hash in the tree. See README.txt.

const parseRecord = entry => {
  if (entry.length < 62 || entry[0] !== 1 && entry[0] !== 2) return null;
  const isRedacted = entry[0] === 2, kind = entry[1] & 0x7f, isBeside = !isRedacted && entry[1] > 0x7f, isEvent = kind === 1 || kind === 2;
  // A notice in the place of an event that was too long to be copied: no other notice has an epoch.
  const isLeftOut = kind === 0x12 && entry.subarray(18, 22).some(byte => byte);
  const view = new DataView(entry.buffer, entry.byteOffset);
  const chainHash = entry.subarray(30, 62);
  const known = isEvent || kind >= 0x10 && kind <= 0x17;
  if (!known || view.getBigUint64(22) > 253402300799999n || isBeside && entry.length !== 62 + 40 || isRedacted && entry.length !== 62 + 32 || !isEvent && chainHash.some(byte => byte)) return null;
  return { kind, isEvent, isLeftOut, isBeside, isRedacted, header: entry.subarray(0, 62), chain: isEvent || isLeftOut ? hex(entry.subarray(2, 22)) : "", chainHash, body: entry.subarray(62) };
};

// The hash of an entry in the tree.
const leafOf = entry => entry[0] === 2 && entry.length === 62 + 32 ? entry.slice(62) : leafHash(entry);

// What stands in the entry of a text that is kept beside the log.
const besideOf = body => {
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(body.length));
  return concat(sha256(body), new Uint8Array(length.buffer));
};

// Follows every server's own chain.
class Chains {
  #last = new Map();
  count = 0;
  events = 0;
  broken = null;

  add(seq, record, body) {
    this.events++;
    const last = this.#last.get(record.chain);
    if (!last) this.count++;
    if (record.isLeftOut) {
      this.#last.set(record.chain, new Uint8Array());      // what comes after it can follow anything
      return;
    }
    if (body) {
      const link = fromUtf8(body.subarray(-64));
      const follows = body.length > 64 && (last?.length ? link === hex(last) : /^[0-9a-f]{64}$/.test(link));
      if (!follows || !same(sha256(body), record.chainHash)) this.broken ??= seq;
    }
    this.#last.set(record.chain, record.chainHash.slice());
  }
}
