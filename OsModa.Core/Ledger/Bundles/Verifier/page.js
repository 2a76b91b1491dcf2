// The page around it.

const of = id => document.getElementById(id);
const shapes = { ok: "M4 13l5 5L20 6", policy: "M12 4v10M12 19v.5" };
const cross = "M6 6l12 12M18 6L6 18";
const number = n => n.toLocaleString("en-US");
const entries = n => n === 1 ? "1 entry" : `${number(n)} entries`;

const stampWords = stamps => {
  const { size, at } = stamps.at(-1);
  return `The state of ${entries(size)} was put before a time-stamping authority, whose answer says ${at}${stamps.length > 1 ? `; so were ${number(stamps.length - 1)} earlier ones` : ""}. That the answer is of this state was checked here, and that the ledger continues it. Whose signature is under the answer was not: the command does that with --timestamp-roots, or openssl as README.txt says.`;
};

// What was held against what, in words.
const told = (check, keyKnown) => {
  const { bundle, chains, head } = check, signers = check.keysFor(head.size), given = signers.some(key => check.keys.includes(key));
  return [
    bundle.first < bundle.size && `Each of ${entries(check.read)}, from ${bundle.first} to ${bundle.size - 1}, was hashed anew, and the hashes lead to the root that was signed at ${entries(head.size)}: ${toBase64(head.root)}`,
    check.singles > 0 && `${entries(check.singles)} with a proof of their own lead to that root too.`,
    `The signature is by ${signers.map(key => key.text).join(", ")}, ${!keyKnown ? "which is only what the file says of itself." : given ? "which is the key that you gave." : "which the key that you gave and this one name together, in a change of the key that both signed."}`,
    check.self.redacted > 0 && `Of ${entries(check.self.redacted)} the text was taken out later. Their hashes are as they were signed, and an entry says who did it and why.`,
    check.earlier && `The ledger only grew since the head of ${entries(check.earlier.size)} that came with it.`,
    ...check.continued.map(seen => `It continues the head of ${entries(seen.size)} that you gave.`),
    chains.events > 0 && (chains.broken === null
      ? `${entries(chains.events)} are of the own chains of ${chains.count === 1 ? "one server" : `${chains.count} servers`}, and those chains are whole.${bundle.source ? " That none comes before the first of them or after the last is not shown by the file." : ""}`
      : `A server's own chain is broken at entry ${chains.broken}. ${bundle.source ? "An event before that was left out of the file, or the server broke its chain." : "That is the server's doing, not the ledger's."}`),
    check.others > 0 && `${check.others === 1 ? "One other signature" : `${check.others} other signatures`} under the head, of witnesses perhaps, were not checked here: the command does it with --policy.`,
    check.stamps.length > 0 && stampWords(check.stamps),
    bundle.first < bundle.size && "The tables events.csv and events.jsonl, and chains.json, are as the manifest lists them. That they say the same as the entries is checked by the command only; the status in chains.json is the word of whoever made the file.",
  ].filter(Boolean);
};

const show = (result, sentence, list) => {
  of("result").dataset.result = result;
  of("shape").setAttribute("d", shapes[result] ?? cross);
  of("verdict").textContent = sentence;
  of("checked").replaceChildren(...list.map(text => Object.assign(document.createElement("li"), { textContent: text })));
  of("result").hidden = false;
};

const check = async () => {
  const given = of("key").value.trim(), key = given && parseKey(given), seen = of("seen").value;
  if (given && !key) throw new Finding("input", "This is no public key of a ledger. It has the form name+c74f20a3+ARpc2Q…");
  const bundle = await Bundle.open(of("file").files[0]);
  if (key && key.name !== bundle.origin) throw new Finding("policy", `The key is of ${key.name}, but the file is of the ledger ${bundle.origin}.`);
  let drawn = performance.now();
  const checking = new BundleCheck(bundle, key ? [key] : bundle.manifest.keys.map(parseKey).filter(Boolean), seen.trim() ? [`${seen.trimStart().trimEnd()}\n`] : [], async read => {
    if (performance.now() - drawn < 100) return;
    of("progress").value = read / bundle.size;
    await new Promise(resolve => setTimeout(resolve));
    drawn = performance.now();
  });
  await checking.run();
  const all = bundle.first < bundle.size ? `All ${entries(checking.read)} are as they were signed.` : `All ${entries(checking.singles)} in the file stand in the log as it was signed at ${entries(bundle.size)}.`;
  const words = all.replace("All 1 entry are as they were signed", "The one entry is as it was signed").replace("All 1 entry are", "The one entry is").replace("All 1 entry in the file stand", "The one entry in the file stands");
  const later = checking.self.elsewhere, keyless = key ? "" : " But the key is only what the file says of itself: check again with the key as you know it.";
  const gone = later ? ` But the text of entry ${later.seq} was taken out after its log had ended: that is told in ${later.origin} entry ${later.at}, which is not in the file. Check an export of that log too.` : "";
  show(key && !later ? "ok" : "policy", `${words}${keyless}${gone}`, told(checking, Boolean(key)));
};

of("form").addEventListener("submit", async event => {
  event.preventDefault();
  of("check").disabled = true;
  of("progress").value = 0;
  of("progress").hidden = false;
  of("result").hidden = true;
  try {
    await check();
  } catch (wrong) {
    if (wrong instanceof Finding) show(wrong.result, wrong.message, []);
    else show("malformed", `This file cannot be checked: ${wrong.message}`, []);
  } finally {
    of("progress").hidden = true;
    of("check").disabled = false;
  }
});
