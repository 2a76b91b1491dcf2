// Answers of time-stamping authorities (RFC 3161): what they stamped, and when. Who signed them is checked by the command, or by openssl; see README.txt.

// One value in DER (X.690): its tag, its content, and what comes after it. Throws at anything else; lengths are definite, as short as they can be, and within the bytes.
const der = (bytes, tag) => {
  let length = bytes[1], at = 2;
  if (bytes.length < 2 || bytes[0] !== tag) throw new RangeError("another value");
  if (length > 0x7f) {
    const octets = length - 0x80;
    if (octets < 1 || octets > 3 || bytes.length < 2 + octets) throw new RangeError("no length");
    length = 0;
    for (; at < 2 + octets; at++) length = length << 8 | bytes[at];
    if (length < 0x80 || length < 2 ** (8 * (octets - 1))) throw new RangeError("no length");
  }
  if (at + length > bytes.length) throw new RangeError("too short");
  return [bytes.subarray(at, at + length), bytes.subarray(at + length)];
};

// The content of the values that stand one after the other, the rest left out.
const derList = (bytes, ...tags) => tags.map(tag => {
  const [content, rest] = der(bytes, tag);
  bytes = rest;
  return content;
});

const derTags = { integer: 0x02, octets: 0x04, id: 0x06, time: 0x18, sequence: 0x30, set: 0x31, inner: 0xa0 };
const derIds = { signed: "2a864886f70d010702", stamp: "2a864886f70d0109100104", sha256: "608648016503040201" };

// The SHA-256 that was stamped, and the time as the authority wrote it; null for what is no granted answer.
const parseTimestamp = answer => {
  const { integer, octets, id, time, sequence, set, inner } = derTags;
  try {
    const [whole, after] = der(answer, sequence);
    const [status, message] = derList(whole, sequence, sequence), [granted] = derList(status, integer);
    const [kind, boxed] = derList(message, id, inner), [signed] = derList(boxed, sequence);
    const [, , content] = derList(signed, integer, set, sequence), [what, held] = derList(content, id, inner);
    const [info] = derList(derList(held, octets)[0], sequence), [, , imprint, , stamped] = derList(info, integer, id, sequence, integer, time);
    const [algorithm, hash] = derList(imprint, sequence, octets), at = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(fromUtf8(stamped) ?? "");
    if (after.length || granted.length !== 1 || granted[0] > 1 || hex(kind) !== derIds.signed || hex(what) !== derIds.stamp || hex(derList(algorithm, id)[0]) !== derIds.sha256 || hash.length !== 32 || !at) return null;
    return { hash, at: `${at[1]}-${at[2]}-${at[3]} ${at[4]}:${at[5]}:${at[6]}Z` };
  } catch (wrong) {
    if (wrong instanceof RangeError) return null;
    throw wrong;
  }
};

// The time stamps of a bundle, smallest first: each of a head that is signed by the log and that the checkpoint continues.
const checkTimestamps = async (bundle, head, signed) => {
  const names = [...bundle.hashes.keys()].filter(name => name.startsWith("timestamps/")), sizes = new Set(), stamps = [];
  for (const name of names) {
    const [, size] = /^timestamps\/(0|[1-9][0-9]{0,14})\.(?:note|tsr|consistency\.txt)$/.exec(name) ?? [];
    if (size === undefined) throw new Finding("malformed", `${name} in the file is no time stamp with what belongs to it.`);
    sizes.add(Number(size));
  }
  for (const size of [...sizes].sort((a, b) => a - b)) {
    const note = await bundle.member(`timestamps/${size}.note`), answer = await bundle.member(`timestamps/${size}.tsr`, 65536), lines = fromUtf8(await bundle.member(`timestamps/${size}.consistency.txt`));
    const stamp = parseTimestamp(answer), proof = lines?.split("\n").slice(0, -1).map(fromBase64);
    if (!stamp || !bundle.hashes.has(`timestamps/${size}.consistency.txt`) || !proof || lines && !lines.endsWith("\n") || proof.some(hash => hash?.length !== 32)) {
      throw new Finding("malformed", `timestamps/${size}.tsr in the file is no time stamp with what belongs to it.`);
    }
    const stamped = signed(note, `The state of ${size} entries that was time-stamped`);
    if (stamped.size !== size) throw new Finding("malformed", `What was time-stamped as the state of ${size} entries is no checkpoint of ${bundle.origin}.`);
    if (!same(stamp.hash, sha256(note))) throw new Finding("signature", `The time stamp of the state of ${size} entries does not verify. It stamps something else than this.`);
    if (!continues(size, stamped.root, head.size, head.root, proof)) {
      throw new Finding("consistency", `The log at ${head.size} entries does not continue what was time-stamped at ${size}: one of the two was rewritten.`);
    }
    stamps.push({ size, at: stamp.at });
  }
  return stamps;
};
