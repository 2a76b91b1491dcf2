// Signed notes, checkpoints and keys (C2SP signed-note, tlog-checkpoint).

const isKeyName = name => name.length > 0 && !/[+\s\p{Cc}]/u.test(name);

// Null for what is no Ed25519 key in the form name+id+base64.
const parseKey = text => {
  const [name, id, encoded] = splitTo(text.trim(), "+", 3);
  const bytes = encoded === undefined ? null : fromBase64(encoded);
  if (!bytes || !isKeyName(name) || bytes.length !== 33 || bytes[0] !== 1) return null;
  const key = { name, id: sha256(utf8(`${name}\n`), bytes).subarray(0, 4), bytes: bytes.subarray(1), text: text.trim() };
  return hex(key.id) === id ? key : null;
};

// As a text is split at its first separators, the rest whole.
const splitTo = (text, separator, most) => {
  const parts = text.split(separator);
  return parts.length > most ? [...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)] : parts;
};

const parseNote = bytes => {
  const all = bytes.length > 2 ** 20 ? null : fromUtf8(bytes);
  const end = all === null || /[\0-\x09\x0b-\x1f]/.test(all) ? -1 : all.lastIndexOf("\n\n");
  if (end < 0 || end + 2 === all.length || !all.endsWith("\n")) return null;
  const signatures = all.slice(end + 2, -1).split("\n").map(line => {
    const parts = line.startsWith("— ") ? line.slice(2).split(" ") : [];
    const blob = parts.length === 2 && isKeyName(parts[0]) ? fromBase64(parts[1]) : null;
    return blob && blob.length > 4 ? { name: parts[0], id: blob.subarray(0, 4), bytes: blob.subarray(4) } : null;
  });
  return signatures.length > 100 || signatures.includes(null) ? null : { text: all.slice(0, end + 1), signatures };
};

const parseCheckpoint = text => {
  const [origin, size, root, rest] = splitTo(text, "\n", 4);
  const hash = root === undefined ? null : fromBase64(root);
  if (!origin || wholeNumber(size) === null || !hash || hash.length !== 32 || rest === undefined) return null;
  if (rest && (rest[0] === "\n" || !rest.endsWith("\n") || rest.includes("\n\n"))) return null;
  return { origin, size: wholeNumber(size), root: hash, text };
};

// A change of a ledger's key, signed by the old one and the new one; null for anything else.
const parseKeyChange = whole => {
  const note = whole === null ? null : parseNote(utf8(whole));
  const [what, origin, at, before, after, end, ...more] = note?.text.split("\n") ?? [];
  const [old, next] = [before, after].map(key => key ? parseKey(key) : null);
  if (what !== "osmoda-ledger/key-change@v1" || end !== "" || more.length || wholeNumber(at) === null || !old || !next || old.name !== origin || next.name !== origin || before === after) return null;
  return isSigned(note, [old]) && isSigned(note, [next]) ? { origin, at: wholeNumber(at), old, next, whole } : null;
};

// The first change that does not go on from the one before: a key that was replaced would count again.
const tornChange = changes => changes.find((change, i) => i > 0 && (changes[i - 1].at >= change.at || changes[i - 1].next.text !== change.old.text));

// With which keys a head of so many entries has to be signed, for somebody who knows these.
const keyChain = (known, changes) => {
  const keys = new Set(known.map(key => key.text));
  const isKnown = changes.some(change => keys.has(change.old.text) || keys.has(change.next.text));
  if (!isKnown) return () => known;
  return size => [changes.findLast(change => change.at < size)?.next ?? changes[0].old];
};

// Whether one of the keys signed; a wrong signature by one of them spoils it.
const isSigned = (note, keys) => {
  let signed = false;
  for (const key of keys) {
    for (const signature of note.signatures.filter(s => s.name === key.name && same(s.id, key.id))) {
      if (!ed25519(key.bytes, utf8(note.text), signature.bytes)) return false;
      signed = true;
    }
  }
  return signed;
};
