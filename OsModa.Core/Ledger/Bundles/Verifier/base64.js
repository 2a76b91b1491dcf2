// Bytes, and the two texts they have here.

const utf8 = text => new TextEncoder().encode(text);
const fromUtf8 = bytes => {
  try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { return null; }
};
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const concat = (...parts) => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
};
const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
const toBase64 = bytes => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));

// Only the one spelling that toBase64 gives; null for any other.
const fromBase64 = text => {
  try {
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : null;
  } catch { return null; }
};

// Numbers as they are written without a sign and without zeros before them; null otherwise.
const wholeNumber = text => /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : null;
