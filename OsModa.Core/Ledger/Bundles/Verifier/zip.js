// Reads a ZIP from a stranger: its table of files is looked over first, and nothing unpacks to more than it said.

const limits = { members: 10_000, bytes: 2 * 2 ** 30, ratio: 200, name: 200 };

class Zip {
  #file;
  members = new Map();

  static async open(file) {
    const zip = new Zip();
    zip.#file = file;
    const end = new DataView(await file.slice(Math.max(0, file.size - 22)).arrayBuffer());
    if (end.byteLength < 22 || end.getUint32(0, true) !== 0x06054b50 || end.getUint32(4, true) !== 0 || end.getUint16(20, true) !== 0) throw malformed("it does not end as a ZIP of ours does");
    const count = end.getUint16(10, true), bytes = end.getUint32(12, true), at = end.getUint32(16, true);
    if (end.getUint16(8, true) !== count || at + bytes !== file.size - 22) throw malformed("it does not end as a ZIP of ours does");
    if (count > limits.members || bytes > count * (46 + 2 * limits.name)) throw malformed(`it has more than ${limits.members} files, or too long names`);
    zip.#walk(new DataView(await file.slice(at, at + bytes).arrayBuffer()), count);
    return zip;
  }

  // All of a member; empty when there is none.
  async read(name, most) {
    const member = this.members.get(name);
    if (!member) return new Uint8Array();
    if (member.size > most) throw malformed(`${name} in it is larger than such a file can be`);
    const parts = [];
    for await (const part of this.parts(name)) parts.push(part);
    return concat(...parts);
  }

  async *parts(name) {
    const member = this.members.get(name);
    const local = new DataView(await this.#file.slice(member.at, member.at + 30).arrayBuffer());
    if (local.byteLength < 30 || local.getUint32(0, true) !== 0x04034b50) throw malformed(`${name} in it is not where it should be`);
    const from = member.at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    const packed = this.#file.slice(from, from + member.packed);
    let length = 0;
    try {
      const reader = (member.method === 8 ? packed.stream().pipeThrough(new DecompressionStream("deflate-raw")) : packed.stream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        length += value.length;
        if (length > member.size) { await reader.cancel(); break; }
        yield value;
      }
    } catch { length = -1; }
    if (length !== member.size) throw malformed(`${name} in it cannot be unpacked, or is not as long as it says`);
  }

  #walk(directory, count) {
    let at = 0, packed = 0, unpacked = 0;
    for (let i = 0; i < count; i++) {
      if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== 0x02014b50 || directory.getUint16(at + 32, true) !== 0) throw malformed("its table of files is broken");
      const length = directory.getUint16(at + 28, true), next = at + 46 + length + directory.getUint16(at + 30, true);
      if (length > limits.name || next > directory.byteLength) throw malformed("its table of files is broken");
      const name = String.fromCharCode(...new Uint8Array(directory.buffer, at + 46, length));
      if (!name.split("/").every(part => /^[A-Za-z0-9._-]+$/.test(part) && part !== "." && part !== "..")) throw malformed("a file in it has a name that leads elsewhere");
      const kind = directory.getUint32(at + 38, true) >>> 16 & 0xf000, method = directory.getUint16(at + 10, true);
      if (directory.getUint16(at + 8, true) & 1 || method !== 0 && method !== 8 || kind !== 0 && kind !== 0x8000) throw malformed(`${name} in it is encrypted, a link, or packed in a way that is not known here`);
      if (this.members.has(name)) throw malformed(`${name} is in it twice`);
      const member = { method, packed: directory.getUint32(at + 20, true), size: directory.getUint32(at + 24, true), at: directory.getUint32(at + 42, true) };
      this.members.set(name, member);
      packed += member.packed;
      unpacked += member.size;
      at = next;
    }
    if (at !== directory.byteLength) throw malformed("its table of files is broken");
    if (packed > this.#file.size) throw malformed("files in it overlap");
    if (unpacked > limits.bytes || unpacked > this.#file.size * limits.ratio) throw malformed("unpacked, it would be larger than a bundle can be");
  }
}
