// <ledger-memory data-organisation data-origin data-epoch data-size data-root data-note data-key data-changes>: this browser keeps the newest signed head of each log of an organisation that it was shown,
// with the key of its first visit, and checks at each visit that the note is signed and that the log has only grown since. A dashboard that shows two people two histories, or one under another name, is found
// by whoever of them comes back. How a head is checked is what verify.html does: the dashboard serves the same script.
import { continues, fromBase64, isSigned, keyChain, parseCheckpoint, parseKey, parseKeyChange, parseNote, toBase64, tornChange, utf8 } from "./verifier.js";
import { watch } from "./watch.js";

const place = "ledger-head:";
const day = at => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }).format(at);
const isHash = bytes => bytes?.length === 32;
const isHead = kept => Number.isSafeInteger(kept?.size) && [kept.root, kept.note, kept.origin].every(text => typeof text === "string") && isHash(fromBase64(kept.root));

function recall(origin) {
  try {
    const kept = JSON.parse(localStorage.getItem(place + origin) ?? "null");
    return isHead(kept) ? kept : null;
  } catch { return null; }
}

// Of the same organisation under other names, the one that was kept last first.
function others(head) {
  try {
    const names = Object.keys(localStorage).filter(name => name.startsWith(place)).map(name => name.slice(place.length));
    return names.filter(name => name !== head.origin).map(recall).filter(kept => kept && (kept.organisation ?? head.organisation) === head.organisation).sort((a, b) => b.epoch - a.epoch || b.at - a.at);
  } catch { return []; }
}

// Another page may have kept a newer one meanwhile.
function keep(head, key, rest) {
  const { organisation, origin, epoch, size, root, note } = head;
  if (recall(origin)?.size > size) return;
  try { localStorage.setItem(place + origin, JSON.stringify({ ...rest, organisation, origin, epoch, size, root, note, key, at: Date.now() })); } catch { /* a browser that keeps nothing */ }
}

// Whoever shows two histories cannot prove the way from one to the other, and may just not answer.
class Refusal extends Error {}

async function way(from, to, epoch) {
  const response = await fetch(`/api/v1/ledger/consistency?from=${from}&to=${to}&epoch=${epoch}`);
  if (!response.ok) throw new Refusal(`answered ${response.status}`);
  try {
    const hashes = (await response.json()).hashes.map(fromBase64);
    if (hashes.every(isHash)) return hashes;
  } catch { /* said below */ }
  throw new Refusal("answered with something else");
}

const leads = async (older, newer) =>
  continues(older.size, fromBase64(older.root), newer.size, fromBase64(newer.root), older.size === newer.size ? [] : await way(older.size, newer.size, newer.epoch));

function say(element, text, tone) {
  element.textContent = text;
  element.dataset.tone = tone;
  element.removeAttribute("role");
}

function evidence(element, kept, head, text, tone) {
  say(element, text, tone);
  element.setAttribute("role", "alert");
  element.closest("details")?.setAttribute("open", "");     // nobody looks for an alarm in a fold
  const save = document.createElement("button");
  save.className = "button";
  save.type = "button";
  save.textContent = "Save evidence";
  save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([kept ? `${kept.note}\n\n${head.note}` : head.note], { type: "text/plain" }));
    link.download = kept ? "two-heads-of-one-ledger.txt" : "head-of-a-ledger.txt";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  element.append(save);
}

// What the head itself is worth: why it is not to be believed, or the key that signed it.
function judge(kept, head) {
  const note = parseNote(utf8(head.note)), said = note && parseCheckpoint(note.text);
  if (said?.origin !== head.origin || said.size !== head.size || toBase64(said.root) !== head.root) return { why: "The signed state that is shown is not the one in its note" };
  const changes = head.changes.map(parseKeyChange);
  if (changes.some(change => change?.origin !== head.origin) || tornChange(changes.sort((a, b) => a.at - b.at))) {
    return { why: "The history of its keys is broken: not every change of the key that is shown was signed by both keys and goes on from the one before" };
  }
  const known = parseKey(String(kept?.key ?? head.key)), [key] = keyChain(known ? [known] : [], changes)(head.size);
  return key && isSigned(note, [key]) ? { key: key.text }
    : { why: kept?.key ? "It is not signed with the key that this browser knows, and no change that both keys signed leads to another. Ask an owner whether the key was replaced" : "It is not signed with the key that is shown" };
}

// A log that this browser was not shown before.
function begin(head, key) {
  const [last] = others(head);
  const name = last && head.epoch > 1 ? head.origin.slice(0, head.origin.lastIndexOf("/")) : head.origin;
  if (!last || head.epoch < last.epoch && last.origin === `${name}/${last.epoch}`) {
    keep(head, key, { since: Date.now() });
    return { text: `This browser has kept the signed state, and compares it when you come back.`, tone: "quiet" };
  }
  keep(head, key, { since: Date.now(), before: { origin: last.origin, size: last.size, at: last.at } });
  return {
    kept: last,
    text: `The ledger has another name than on ${day(last.at)}: it was ${last.origin}, with ${last.size} entries, and is ${head.origin} now. Only a new epoch, or another name of the machine after all was lost, does that. `
      + `Its first entry says who began it and why: ask them, and look whether epoch ${last.epoch} is still shown and unchanged. `,
    tone: "warning",
    isRenamed: true,
  };
}

async function compare(kept, head, key) {
  const isOlder = head.size < kept.size;
  if (!await (isOlder ? leads(head, kept) : leads(kept, head))) {
    return { kept, tone: "alarm", text: `This is not the ledger that you saw before: what it was at ${kept.size} entries ${isOlder ? "does not continue" : "is not a part of"} what it is now, at ${head.size}. ` };
  }
  if (isOlder) return { text: `This page shows the ledger as it was at ${head.size} entries; this browser has seen ${kept.size}, which continue it.`, tone: "quiet" };
  const since = kept.since ?? kept.at;
  if (head.size > kept.size || !kept.key || !kept.organisation || kept.key !== key) keep(head, key, { since, before: kept.before });
  const before = kept.before ? ` Until ${day(kept.before.at)} it was ${kept.before.origin}, with ${kept.before.size} entries.` : "";
  return { text: `Unchanged since your first visit with this browser on ${day(since)}, but for what was added.${before}`, tone: "good" };
}

export async function look(head) {
  const kept = recall(head.origin);
  if (!kept && !head.key) return { text: "This browser has kept nothing: the key of the ledger is missing.", tone: "quiet" };
  const { why, key } = judge(kept, head);
  if (why) return { kept, text: `${why}. `, tone: "alarm", isAlarm: true };
  try { return kept ? await compare(kept, head, key) : begin(head, key); } catch (e) {
    return e instanceof Refusal
      ? { kept, text: `The dashboard did not prove that this is the ledger that you saw before: asked for the way between ${kept.size} entries and ${head.size}, it ${e.message}. If that stays so, keep both signed states and ask who else holds one. `, tone: "warning" }
      : { text: "Whether it is unchanged since your last visit could not be checked: the dashboard was not reached.", tone: "quiet" };
  }
}

function list(text) {
  try { return JSON.parse(text).map(String); } catch { return []; }
}

const checked = new WeakMap();
const shown = new WeakMap();
const renamed = new Map();    // by origin: said for as long as the page is open, for the next head comes within seconds

async function found(element) {
  const { organisation, origin, epoch, size, root, note, key, changes } = element.dataset;
  if (!origin || checked.get(element) === root) return;
  checked.set(element, root);
  const head = { organisation, origin, epoch: Number(epoch), size: Number(size), root, note, key, changes: list(changes) };
  const answer = await look(head);
  if (checked.get(element) !== root) return;    // a newer one is shown already
  if (answer.isRenamed) renamed.set(origin, answer);
  const said = answer.tone === "alarm" ? answer : renamed.get(origin) ?? answer;
  if (shown.get(element) === said) return;
  shown.set(element, said);
  if (said.kept || said.isAlarm) evidence(element, said.kept, head, said.text, said.tone);
  else say(element, said.text, said.tone);
}

watch("ledger-memory", found, () => {});
new MutationObserver(changes => changes.forEach(change => { if (change.target.matches?.("ledger-memory")) found(change.target); }))
  .observe(document.documentElement, { attributes: true, attributeFilter: ["data-root"], subtree: true });
