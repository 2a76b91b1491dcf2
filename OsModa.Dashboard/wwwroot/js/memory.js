// <ledger-memory data-origin data-epoch data-size data-root data-note>: this browser keeps the newest signed head of the ledger that it was shown, and checks at each visit that the ledger has only
// grown since (RFC 9162, 2.1.4.2). A dashboard that shows two people two histories is found by whoever of them comes back.
import { watch } from "./watch.js";

const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const node = async (left, right) => new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.of(1, ...left, ...right)));

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

const key = origin => `ledger-head:${origin}`;

function recall(origin) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(origin)) ?? "null");
    return kept && Number.isSafeInteger(kept.size) && typeof kept.root === "string" ? kept : null;
  } catch { return null; }
}

function keep(head, since) {
  try { localStorage.setItem(key(head.origin), JSON.stringify({ ...head, at: Date.now(), since })); } catch { /* a browser that keeps nothing */ }
}

// Whoever shows two histories cannot prove the way from one to the other, and may just not answer.
class Refusal extends Error {}

async function way(kept, head) {
  const response = await fetch(`/api/v1/ledger/consistency?from=${kept.size}&to=${head.size}&epoch=${head.epoch}`);
  if (!response.ok) throw new Refusal(`answered ${response.status}`);
  try { return (await response.json()).hashes.map(bytes); } catch { throw new Refusal("answered with something else"); }
}

async function check(kept, head) {
  if (kept.size > head.size) return `it had ${kept.size} entries then and has ${head.size} now`;
  const proof = kept.size === head.size ? [] : await way(kept, head);
  return await continues(BigInt(kept.size), bytes(kept.root), BigInt(head.size), bytes(head.root), proof) ? "" : `what it was at ${kept.size} entries is not a part of what it is now`;
}

function say(element, text, tone) {
  element.textContent = text;
  element.dataset.tone = tone;
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
    link.href = URL.createObjectURL(new Blob([`${kept.note}\n\n${head.note}`], { type: "text/plain" }));
    link.download = "two-heads-of-one-ledger.txt";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  element.append(save);
}

const checked = new WeakMap();

async function found(element) {
  const { origin, epoch, size, root, note } = element.dataset;
  const head = { origin, epoch, size: Number(size), root, note };
  if (!origin || checked.get(element) === root) return;
  checked.set(element, root);
  if (!crypto.subtle) return say(element, "Your browser remembers heads of this ledger only over HTTPS.", "quiet");
  const kept = recall(origin);
  if (!kept) {
    keep(head, Date.now());
    return say(element, "This browser has kept the signed state, and compares it when you come back.", "quiet");
  }
  let why;
  try { why = await check(kept, head); } catch (e) {
    return e instanceof Refusal
      ? evidence(element, kept, head, `The dashboard did not prove that this is the ledger that you saw before: asked for the way from ${kept.size} entries to ${head.size}, it ${e.message}. If that stays so, keep both signed states and ask who else holds one. `, "warning")
      : say(element, "Whether it is unchanged since your last visit could not be checked: the dashboard was not reached.", "quiet");
  }
  if (why !== "") return evidence(element, kept, head, `This is not the ledger that you saw before: ${why}. `, "alarm");
  const since = kept.since ?? kept.at;
  if (head.size > kept.size) keep(head, since);
  say(element, `Unchanged since your first visit with this browser on ${new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }).format(since)}, but for what was added.`, "good");
}

watch("ledger-memory", found, () => {});
new MutationObserver(changes => changes.forEach(change => { if (change.target.matches?.("ledger-memory")) found(change.target); }))
  .observe(document.documentElement, { attributes: true, attributeFilter: ["data-root"], subtree: true });
