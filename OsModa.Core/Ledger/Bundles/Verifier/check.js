// Reads a bundle from its first entry to its last, hashes everything anew, and holds it against what was signed.

const tilePath = (level, index, width) => {
  let groups = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups = `x${String(rest % 1000).padStart(3, "0")}/${groups}`;
  return `tile/${level}/${groups}${width === 256 ? "" : `.p/${width}`}`;
};

// Canonical JSON (RFC 8785) of what JSON.parse gave.
const canonical = value => Array.isArray(value) ? `[${value.map(canonical).join(",")}]`
  : value !== null && typeof value === "object" ? `{${Object.keys(value).sort().map(name => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`
  : JSON.stringify(value);

class Bundle {
  static async open(file) {
    const bundle = new Bundle();
    bundle.zip = await Zip.open(file);
    bundle.changed = [];
    bundle.unread = new Set(bundle.zip.members.keys());
    bundle.unread.delete("manifest.json");
    const text = fromUtf8(await bundle.zip.read("manifest.json", 4 * 2 ** 20));
    try { bundle.manifest = JSON.parse(text); } catch { bundle.manifest = null; }
    const m = bundle.manifest, { first, end } = m?.range ?? {};
    if (!m || canonical(m) !== text || m.format !== "osmoda-ledger-bundle" || m.version !== 1 || !(Number.isSafeInteger(first) && first >= 0 && first <= end && (first % 256 === 0 || first === end)) || m.source !== undefined && (first !== end || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(JSON.stringify(m.source).slice(1, -1)))) {
      throw malformed("its manifest.json is missing, or not as ours are");
    }
    Object.assign(bundle, { origin: m.origin, first, size: end, hashes: new Map(Object.entries(m.members)), source: m.source?.replaceAll("-", "") });
    if (bundle.hashes.size !== bundle.unread.size || [...bundle.unread].some(name => !bundle.hashes.has(name))) {
      throw new Finding("malformed", "This export of a ledger is not whole: what is in it is not what its manifest.json lists.");
    }
    return bundle;
  }

  async member(name, most = 2 ** 20) {
    if (!this.hashes.has(name)) return new Uint8Array();
    const data = await this.zip.read(name, most);
    this.#note(name, sha256(data));
    return data;
  }

  async readRest() {
    for (const name of this.unread) {
      const hash = new Sha256();
      for await (const part of this.zip.parts(name)) hash.update(part);
      this.#note(name, hash.digest());
    }
  }

  #note(name, hash) {
    this.unread.delete(name);
    if (hex(hash) !== this.hashes.get(name)) this.changed.push(name);
  }
}

class BundleCheck {
  constructor(bundle, keys, seen, progress) {
    Object.assign(this, { bundle, keys: keys.filter(key => key.name === bundle.origin), seen, progress, chains: new Chains(), self: new SelfCheck(), edge: new Edge(), upper: [], read: 0, singles: 0, seenLeft: [], continued: [] });
  }

  async run() {
    const { bundle } = this;
    this.changes = await this.#keyChanges();
    this.keysFor = keyChain(this.keys, this.changes);
    this.seenLeft = this.seen.map(text => this.#signed(utf8(text), "The head that was seen before")).sort((a, b) => a.size - b.size);
    const checkpoint = await bundle.member("checkpoint");
    this.head = this.#signed(checkpoint, `The head of ${bundle.size} entries`);
    this.note = fromUtf8(checkpoint);
    this.others = parseNote(checkpoint).signatures.length - 1;
    if (this.head.size !== bundle.size) throw new Finding("malformed", `The head of ${bundle.size} entries is no checkpoint of ${bundle.origin}.`);
    await this.#previous();
    await this.#later();
    if (bundle.first < bundle.size) await this.#entries();
    else this.#heads(bundle.size, () => this.head.root);
    if (this.seenLeft.length) throw new Finding("consistency", `A head of ${this.seenLeft[0].size} entries was seen before, but there are only ${bundle.size}: the newest are gone, or this is an older copy.`);
    if (bundle.first < bundle.size) this.self.end(this.changes, bundle.first, bundle.size);
    await this.#proofs();
    this.stamps = await checkTimestamps(bundle, this.head, (bytes, what) => this.#signed(bytes, what));
    await bundle.readRest();
    if (bundle.changed.length) throw new Finding("content", `The entries verify, but ${bundle.changed[0]} is not what manifest.json says.`);
  }

  #signed(bytes, what) {
    const note = parseNote(bytes), head = note && parseCheckpoint(note.text);
    if (!head || head.origin !== this.bundle.origin) throw new Finding("malformed", `${what} is no checkpoint of ${this.bundle.origin}.`);
    if (!isSigned(note, this.keysFor(head.size))) throw new Finding("signature", `${what} is not signed by ${this.bundle.origin}.`);
    return head;
  }

  async #keyChanges() {
    const changes = [];
    for (const name of [...this.bundle.hashes.keys()].filter(name => name.startsWith("key-changes/"))) {
      const change = parseKeyChange(fromUtf8(await this.bundle.member(name)));
      if (!change || change.origin !== this.bundle.origin || name !== `key-changes/${change.at}`) throw new Finding("malformed", `${name} in the file is no change of the ledger's key that both keys signed.`);
      changes.push(change);
    }
    const torn = tornChange(changes.sort((a, b) => a.at - b.at));
    if (torn) throw new Finding("signature", `Entry ${torn.at} goes over from a key that the log was not signed with: the history of its keys is broken.`, torn.at);
    return changes;
  }

  async #previous() {
    const { bundle } = this;
    if (!bundle.hashes.has("previous-checkpoint")) return;
    const before = this.#signed(await bundle.member("previous-checkpoint"), "The earlier head in the file");
    const lines = fromUtf8(await bundle.member("consistency.txt"));
    const proof = lines?.split("\n").slice(0, -1).map(fromBase64);
    if (!proof || lines && !lines.endsWith("\n") || proof.some(hash => hash?.length !== 32)) throw new Finding("malformed", "The earlier head in the file, or the proof that belongs to it, cannot be read.");
    if (!continues(before.size, before.root, this.head.size, this.head.root, proof)) {
      throw new Finding("consistency", `The log at ${this.head.size} entries does not continue what was signed at ${before.size}: one of the two was rewritten.`);
    }
    this.earlier = before;
    this.seenLeft = this.seenLeft.filter(seen => seen.text !== before.text);
  }

  // What says that a text is gone is in a later log, and so not under the head of this one.
  async #later() {
    if (!this.bundle.hashes.has("redactions.txt")) return;
    for (const line of fromUtf8(await this.bundle.member("redactions.txt"))?.split("\n").slice(0, -1) ?? [""]) {
      const [seq, origin, at, ...rest] = line.split(" "), told = { seq: wholeNumber(seq), origin, at: at === undefined ? null : wholeNumber(at) };
      if (told.seq === null || told.at === null || !origin || rest.length || this.self.later.has(told.seq)) throw new Finding("malformed", "redactions.txt in the file is not as ours are.");
      this.self.later.set(told.seq, told);
    }
  }

  async #entries() {
    const { bundle } = this;
    for (let n = 0; n * 256 < bundle.size; n++) {
      const width = Math.min(256, bundle.size - n * 256);
      if (n * 256 < bundle.first) await this.#skip(n);
      else {
        const leaves = await this.#bundle(n, width);
        if (this.seenLeft.length || n * 256 + width === bundle.size) this.#compareHeads(leaves);
        if (width === 256) await this.#append(n, fold(leaves));
      }
      await this.progress(n * 256 + width);
    }
    await this.#partial();
  }

  // Every size from the full bundles so far to the end of these.
  #compareHeads(leaves) {
    const edge = this.edge.copy();
    for (let i = 0; i <= leaves.length / 32; i++) {
      if (i) edge.append(hashAt(leaves, i - 1));
      this.#heads(edge.size, () => edge.root());
    }
    if (edge.size === this.bundle.size && !same(edge.root(), this.head.root)) {
      throw new Finding("content", `Does not verify between entries 0 and ${edge.size}: they do not give the root that was signed.`, 0);
    }
  }

  async #bundle(n, width) {
    const bytes = await this.bundle.member(tilePath("entries", n, width), 256 * 65537), leaves = new Uint8Array(32 * width);
    let at = 0;
    for (let i = 0; i < width; i++) {
      const seq = n * 256 + i, length = at + 2 <= bytes.length ? bytes[at] << 8 | bytes[at + 1] : -1;
      const entry = bytes.subarray(at + 2, at + 2 + length), record = length >= 0 && entry.length === length ? parseRecord(entry) : null;
      if (!record) throw mismatch(seq, "there is no whole record");
      leaves.set(leafOf(entry), 32 * i);
      await this.#body(seq, record);
      this.self.add(seq, record);
      at += 2 + length;
      this.read++;
    }
    if (at !== bytes.length) throw mismatch(n * 256 + width, "there is more in its bundle than there should be");
    const tile = await this.bundle.member(tilePath(0, n, width), 8192);
    const wrong = tile.length === leaves.length ? leaves.findIndex((byte, i) => byte !== tile[i]) : Math.min(tile.length, leaves.length - 1);
    if (wrong >= 0) throw mismatch(n * 256 + Math.floor(wrong / 32), "it is not what was written");
    return leaves;
  }

  async #body(seq, record) {
    let body = record.isRedacted ? null : record.body;
    if (record.isBeside) {
      const name = `beside/${hex(record.body.subarray(0, 32))}`;
      if (!this.bundle.hashes.has(name)) throw mismatch(seq, "what was kept beside it is gone, and was not redacted");
      body = await this.bundle.member(name);
      if (!same(besideOf(body), record.body)) throw mismatch(seq, "what is kept beside it is not what was written");
    }
    if (record.isEvent || record.isLeftOut) this.chains.add(seq, record, body);
  }

  // Entries that are not at hand: only the root over them is.
  async #skip(n) {
    const first = n - n % 256, width = Math.min(256, Math.floor(this.bundle.size / 256) - first), path = tilePath(1, first / 256, width);
    if (this.kept?.path !== path) this.kept = { path, tile: await this.bundle.member(path, 8192) };
    if (this.kept.tile.length !== 32 * width) throw new Finding("malformed", `The hashes of the entries before ${this.bundle.first} are missing.`);
    await this.#append(n, hashAt(this.kept.tile, n % 256));
    this.#heads(this.edge.size, () => this.edge.root());
  }

  async #append(n, root) {
    this.edge.append(root, 256);
    for (let level = 1, index = n; ; level++) {
      const tile = this.upper[level - 1] ??= [];
      tile.push(root);
      index = Math.floor(index / 256);
      if (tile.length < 256) return;
      const whole = concat(...tile.splice(0));
      await this.#compare(level, index, whole);
      root = fold(whole);
    }
  }

  async #partial() {
    for (let level = 1; level <= this.upper.length; level++) {
      if (this.upper[level - 1].length) await this.#compare(level, Math.floor(this.bundle.size / 256 ** (level + 1)), concat(...this.upper[level - 1]));
    }
  }

  async #compare(level, index, whole) {
    if (!same(await this.bundle.member(tilePath(level, index, whole.length / 32), 8192), whole)) {
      throw new Finding("content", `Does not verify: the hashes of ${tilePath(level, index, 256)} are not those of the entries.`, index * 256 ** (level + 1));
    }
  }

  // Heads that were seen before, of exactly this size.
  #heads(size, root) {
    for (const seen of this.seenLeft.filter(head => head.size <= size)) {
      if (seen.size < size) throw new Finding("consistency", `The head of ${seen.size} entries that was seen before cannot be compared: the file has nothing of what comes before it. Export from an earlier entry.`);
      if (!same(root(), seen.root)) {
        throw new Finding("consistency", `At ${seen.size} entries this is another history than the one that was seen before, and both are signed. Keep both: they are the evidence.`);
      }
      this.continued.push(seen);
    }
    this.seenLeft = this.seenLeft.filter(head => head.size > size);
  }

  async #proofs() {
    const names = [...this.bundle.hashes.keys()].filter(name => name.startsWith("proofs/"));
    if (names.length !== this.bundle.manifest.counts.proofs) throw new Finding("malformed", `The file should have ${this.bundle.manifest.counts.proofs} single entries and has ${names.length}.`);
    const self = Object.assign(new SelfCheck(), { later: this.self.later }), numbered = name => wholeNumber(name.slice(7, -12)) ?? -1;
    for (const name of names.sort((a, b) => numbered(a) - numbered(b))) {
      const text = fromUtf8(await this.bundle.member(name)) ?? "", end = text.indexOf("\n\n");
      const [header, extra, index, ...hashes] = text.slice(0, end).split("\n");
      const entry = extra?.startsWith("extra ") ? fromBase64(extra.slice(6)) : null, seq = index?.startsWith("index ") ? wholeNumber(index.slice(6)) : null, proof = hashes.map(fromBase64);
      if (header !== "c2sp.org/tlog-proof@v1" || !entry || seq === null || !parseRecord(entry) || name !== `proofs/${seq}.tlog-proof` || proof.some(hash => hash?.length !== 32)) {
        throw new Finding("malformed", `${name} in the file is no entry with its proof.`);
      }
      if (text.slice(end + 2) !== this.note || !includes(seq, this.head.size, leafOf(entry), proof, this.head.root)) throw mismatch(seq, "its proof does not lead to the root that was signed");
      const record = parseRecord(entry), beside = record.isBeside ? `beside/${hex(record.body.subarray(0, 32))}` : null;
      // Files from before have no long texts of single entries.
      const body = record.isRedacted ? null : !beside ? record.body : this.bundle.hashes.has(beside) ? await this.bundle.member(beside) : null;
      if (beside && body && !same(besideOf(body), record.body)) throw mismatch(seq, "what is kept beside it is not what was written");
      if (record.chain.slice(0, 32) === this.bundle.source) this.chains.add(seq, record, body);
      self.add(seq, record);
    }
    self.end([], 0, 0, false);
    this.self.elsewhere ??= self.elsewhere;
    this.singles = names.length;
  }
}
