import { watch } from "./watch.js";

// A button that is busy is disabled and loses the focus. What it found wrong takes it then, or the field that is wrong; a reader hears it anyway.
let pressed = false;
document.addEventListener("click", event => { pressed = !!event.target.closest("button"); }, true);
watch("[role=alert]", alert => {
  if (!pressed || document.activeElement !== document.body) return;
  const field = alert.closest(".field")?.querySelector("[aria-invalid=true]");
  if (!field) alert.tabIndex = -1;
  (field ?? alert).focus();
});

// The form of a server: from the search to its hits with the arrow keys, and back; undo and redo from everywhere but a text field, which has its own.
document.addEventListener("keydown", event => {
  const from = event.target.closest("[data-hits], .option-hits a");
  if (!from || (event.key !== "ArrowDown" && event.key !== "ArrowUp" && event.key !== "Enter")) return;
  const search = document.querySelector("[data-hits]");
  const hits = [...document.querySelectorAll(search.dataset.hits)];
  if (event.key === "Enter") {
    if (from === search && hits.length > 0) { event.preventDefault(); hits[0].click(); }
    return;
  }
  const at = hits.indexOf(from) + (event.key === "ArrowDown" ? 1 : -1);
  if (from === search && event.key === "ArrowUp") return;
  event.preventDefault();
  (at < 0 ? search : hits[Math.min(at, hits.length - 1)])?.focus();
});

document.addEventListener("keydown", event => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  const button = key === "z" ? (event.shiftKey ? "[data-redo]" : "[data-undo]") : key === "y" ? "[data-redo]" : null;
  const target = button && document.querySelector(button);
  if (!target || event.target.closest("textarea, input:not([type=checkbox]):not([type=radio]), dialog[open]")) return;
  event.preventDefault();
  target.click();
});

// In a list of words Enter adds what was typed; the form around it sends nothing.
document.addEventListener("keydown", event => {
  const field = event.target.closest("input[data-add]");
  if (!field || event.key !== "Enter") return;
  event.preventDefault();
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
