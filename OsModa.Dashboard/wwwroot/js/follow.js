// <div data-follow>: stays at its end while lines come, unless the reader has scrolled up.
import { watch } from "./watch.js";

watch("[data-follow]", box => {
  let atEnd = true;
  const down = () => { if (atEnd && box.dataset.follow !== "off") box.scrollTop = box.scrollHeight; };
  box.addEventListener("scroll", () => { atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24; }, { passive: true });
  new MutationObserver(down).observe(box, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-follow"] });
  down();
});
