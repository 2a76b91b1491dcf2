import { watch } from "./watch.js";

// A comparison by keyboard: j and k go through its rows, o or Enter opens the text of one. An address that ends in #ROW leads
// to it as soon as it is there, with its text open; the address of the row that one is at, by key or click, is in the address bar.
const rows = () => [...document.querySelectorAll(".changes > li")].filter(row => row.checkVisibility());

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (!document.querySelector("[data-search=page]") || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const row = event.target.closest(".changes > li");
  const step = { j: 1, n: 1, k: -1, p: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const all = rows();
    const at = row ? all.indexOf(row) + step : step > 0 ? nextBelow(all) : -1;
    if (all[at]) focus(all[at]);
  } else if (row && (event.key === "o" || (event.key === "Enter" && event.target === row))) {
    event.preventDefault();
    const link = row.querySelector("a[href]");
    if (row.dataset.text) toggle(row); else if (link) link.click();
  }
});

// From the middle of the page it goes on where the reader is.
const nextBelow = all => Math.max(0, all.findIndex(row => row.getBoundingClientRect().top >= 0));

function focus(row) {
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  if (row.id) history.replaceState(history.state, "", `${location.pathname}${location.search}#${encodeURIComponent(row.id)}`);
}

document.addEventListener("click", event => {
  const row = event.target.closest(".changes > li[id]");
  if (row && document.querySelector("[data-search=page]") && !event.target.closest("a, button, summary") && getSelection().isCollapsed) focus(row);
});

function toggle(row) {
  const text = document.getElementById(row.dataset.text);
  if (!text) return;
  text.firstElementChild.click();
  if (!text.open) text.scrollIntoView({ block: "nearest" });
}

let wanted = null;

function want(hash) {
  wanted = decodeURIComponent(hash.slice(1)) || null;
  lead();
}

function lead() {
  // Before the page is live a click on it does nothing.
  if (!wanted || !document.documentElement.querySelector("[data-interactive]")) return;
  const found = document.getElementById(wanted);
  if (!found) {
    [...document.querySelectorAll("[data-rest]")].find(rest => wanted.startsWith(rest.dataset.rest))?.click();
    return;
  }
  wanted = null;
  for (let fold = found.parentElement.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
  const text = found.matches("details") ? found : document.getElementById(found.dataset.text ?? "");
  if (text && !text.open) text.firstElementChild.click();
  arrive(found);
  keep(found);
}

function arrive(found) {
  if (found.matches("li")) focus(found);
  found.scrollIntoView({ block: "center" });
}

// A page that has just become live gives the focus to its heading, and scrolls there: not before the reader has done anything.
function keep(found) {
  const back = event => {
    if (!event.target.matches("h1")) return;
    leave();
    arrive(found);
  };
  const leave = () => document.removeEventListener("focusin", back);
  document.addEventListener("focusin", back);
  for (const doing of ["keydown", "pointerdown", "wheel"]) addEventListener(doing, leave, { once: true, capture: true });
}

watch("[data-interactive], .changes > li[id], .fold[id], [data-rest]", lead);
addEventListener("hashchange", () => want(location.hash));
// A link to a row of this very page needs no word of the server, which would take the focus to the heading.
document.addEventListener("click", event => {
  const link = event.target.closest("a[href*='#']");
  if (!link?.hash || link.pathname !== location.pathname || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.search === location.search) {
    event.preventDefault();
    history.pushState(history.state, "", link.href);
  }
  want(link.hash);
}, { capture: true });
want(location.hash);
