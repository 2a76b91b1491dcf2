import { watch } from "./watch.js";

// "/" goes to the search box from everywhere but a field: to that of the page, if it has one.
document.addEventListener("keydown", event => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const search = document.querySelector("[data-search=page]") ?? document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// An open menu closes on Escape and on a click beside it.
document.addEventListener("keydown", event => { if (event.key === "Escape") close(null); });
document.addEventListener("click", event => close(event.target));
function close(inside) {
  document.querySelectorAll("details[data-menu][open]").forEach(menu => {
    if (inside && menu.contains(inside)) return;
    const focused = menu.contains(document.activeElement);
    menu.open = false;
    if (focused) menu.querySelector("summary").focus();
  });
}

// On a phone the tabs are wider than the screen: the one that is open comes into sight.
watch(".tabs [aria-current]", tab => tab.parentElement.scrollTo({ left: tab.offsetLeft - 24 }));
