// <dialog data-modal>: opened as a modal as soon as it is in the document, so that the browser keeps the focus inside and the
// rest inert. Escape and a click beside it press the element with data-dismiss. When it goes, the focus returns, or
// goes to the heading of the page where what had it is gone, too.
import { watch } from "./watch.js";

const before = new WeakMap();

watch("dialog[data-modal]", dialog => {
  if (dialog.open) return;
  before.set(dialog, document.activeElement);
  dialog.showModal();
  (dialog.querySelector("[data-focus]") ?? dialog.querySelector("[data-dismiss]"))?.focus({ preventScroll: true });
  const dismiss = () => dialog.querySelector("[data-dismiss]")?.click();
  dialog.addEventListener("cancel", event => { event.preventDefault(); dismiss(); });
  dialog.addEventListener("click", event => { if (event.target === dialog) dismiss(); });
}, dialog => {
  const back = before.get(dialog);
  (back?.isConnected && back !== document.body ? back : document.querySelector("h1[tabindex]"))?.focus();
});
