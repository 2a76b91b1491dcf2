// <dialog data-modal>: opened as a modal as soon as it is in the document, so that the browser keeps the focus inside and the
// rest inert. Escape and a click beside it press the element with data-dismiss. When it goes, the focus returns.
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
  if (back?.isConnected) back.focus();
});
