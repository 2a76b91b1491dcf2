// Signed heads of a ledger, checked by the browser itself: notes and keys (C2SP signed-note, tlog-checkpoint), changes of a key, and proofs that a tree has only grown (RFC 9162, 2.1.4.2).

const utf8 = text => new TextEncoder().encode(text);
const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const digest = async data => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const node = (left, right) => digest(Uint8Array.of(1, ...left, ...right));

export function bytes(text) {
  try { return Uint8Array.from(atob(text), c => c.charCodeAt(0)); } catch { return new Uint8Array(); }
}

function parseNote(note) {
  const end = note.lastIndexOf("\n\n");
  const lines = end < 0 || !note.endsWith("\n") ? [] : note.slice(end + 2, -1).split("\n");
  const signatures = lines.map(line => line.match(/^\u2014 (\S+) (\S+)$/)).filter(Boolean).map(([, name, blob]) => ({ name, blob: bytes(blob) }));
  return lines.length > 0 && lines.length <= 100 && signatures.length === lines.length ? { text: note.slice(0, end + 1), signatures } : null;
}

async function parseKey(text) {
  const [, name, id, encoded] = text?.match(/^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/) ?? [];
  const all = bytes(encoded ?? "");
  return all.length === 33 && all[0] === 1 && hex((await digest(Uint8Array.of(...utf8(`${name}\n`), ...all))).subarray(0, 4)) === id ? { name, id, raw: all.subarray(1) } : null;
}

// Whether the note says what is shown of it.
export function says(head) {
  const [origin, size, root] = parseNote(head.note)?.text.split("\n") ?? [];
  return origin === head.origin && size === String(head.size) && root === head.root;
}

// Whether the key signed, and not wrongly a second time; null when this browser knows no Ed25519.
export async function signed(text, keyText) {
  const note = parseNote(text), key = await parseKey(keyText);
  const own = note && key ? note.signatures.filter(one => one.name === key.name && hex(one.blob.subarray(0, 4)) === key.id) : [];
  let imported;
  try { imported = own.length && await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]); } catch (e) {
    if (e.name === "NotSupportedError") return null;
    return false;
  }
  for (const one of own) if (!await crypto.subtle.verify({ name: "Ed25519" }, imported, one.blob.subarray(4), utf8(note.text))) return false;
  return own.length > 0;
}

async function parseChange(origin, text) {
  const [what, of, at, old, next, end, ...more] = parseNote(text)?.text.split("\n") ?? [];
  if (what !== "osmoda-ledger/key-change@v1" || of !== origin || !/^(0|[1-9][0-9]{0,14})$/.test(at) || end !== "" || more.length || old === next) return null;
  const [before, after] = [await parseKey(old), await parseKey(next)];
  return before?.name === origin && after?.name === origin && await signed(text, old) !== false && await signed(text, next) !== false ? { at: Number(at), old, next } : null;
}

// With which key a head of so many entries has to be signed, for somebody who knows one of the log's keys.
export async function keyFor(known, origin, size, notes) {
  const changes = (await Promise.all(notes.map(note => parseChange(origin, note)))).filter(Boolean).sort((a, b) => a.at - b.at);
  const goesOn = changes.every((change, i) => i === 0 || changes[i - 1].at < change.at && changes[i - 1].next === change.old);
  return goesOn && changes.some(change => change.old === known || change.next === known) ? changes.findLast(change => change.at < size)?.next ?? changes[0].old : known;
}

export async function continues(from, fromRoot, to, toRoot, proof) {
  if (from === to) return proof.length === 0 && equal(fromRoot, toRoot);
  if (from <= 0n || from > to) return false;
  let fn = from - 1n, sn = to - 1n, next = 0;
  while (fn & 1n) { fn >>= 1n; sn >>= 1n; }
  let first = fromRoot;
  if (fn !== 0n || (from & (from - 1n)) !== 0n) {
    if (proof.length === 0) return false;
    first = proof[next++];
  }
  let fr = first, sr = first;
  for (; next < proof.length; next++) {
    const c = proof[next];
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      fr = await node(c, fr);
      sr = await node(c, sr);
      while (!(fn & 1n) && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
    } else {
      sr = await node(sr, c);
    }
    fn >>= 1n; sn >>= 1n;
  }
  return sn === 0n && equal(fr, fromRoot) && equal(sr, toRoot);
}
