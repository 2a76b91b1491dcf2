// What is missing from a ledger, and the change of its key: neither may be without an entry that says so.

class SelfCheck {
  #left = new Map();
  #redactions = new Map();
  #changes = new Map();

  // By entry: texts that were taken out after the log had ended, as redactions.txt says, and where that is told.
  later = new Map();
  elsewhere = null;

  get redacted() { return this.#left.size; }

  add(seq, record) {
    if (record.isRedacted) {
      const header = record.header.slice();
      header[0] = 1;
      this.#left.set(seq, { header: toBase64(header), hash: toBase64(record.body) });
    } else if ((record.kind === 0x15 || record.kind === 0x16) && !record.isBeside) this.#say(seq, record);
  }

  end(changes, first, size, whole = true) {
    for (const [seq, left] of this.#left) {
      if (this.#redactions.get(seq)?.some(said => said.header === left.header && said.hash === left.hash)) continue;
      if (!this.later.has(seq)) throw mismatch(seq, "its text was taken out, and no entry says that it was redacted");
      this.elsewhere ??= this.later.get(seq);
    }
    for (const change of changes) {
      if (change.at >= first && change.at < size && this.#changes.get(change.at) !== change.whole) throw new Finding("signature", `Entry ${change.at} should announce another key and does not.`, change.at);
    }
    for (const at of this.#changes.keys()) {
      if (whole && !changes.some(change => change.at === at)) throw new Finding("signature", `Entry ${at} announces another key, and the note that both keys signed is missing.`, at);
    }
  }

  #say(seq, record) {
    let body;
    try { body = JSON.parse(fromUtf8(record.body)); } catch { return; }
    if (record.kind === 0x16) this.#changes.set(seq, body?.details?.note);
    const entry = record.kind === 0x15 && body?.verb === "ledger.redact" && body.details?.endedOrigin === undefined ? wholeNumber(body.details?.entry) : null;
    if (entry !== null && entry < seq) this.#redactions.set(entry, [...this.#redactions.get(entry) ?? [], body.details]);
  }
}
