// <h2 data-arrive="1">: takes the focus whenever the value changes, so that who works by keyboard goes on where the page goes on.
// <h2 data-arrived tabindex="-1">: takes it as soon as it is there.
import { watch } from "./watch.js";

new MutationObserver(changes => changes.forEach(({ target }) => {
  if (!target.hasAttribute("data-arrive")) return;
  if (target.tabIndex < 0) target.tabIndex = -1;
  target.focus();
})).observe(document.documentElement, { attributes: true, attributeFilter: ["data-arrive"], subtree: true });

watch("[data-arrived]", arrived => arrived.focus());
