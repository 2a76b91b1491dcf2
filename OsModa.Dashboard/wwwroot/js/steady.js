// <tbody data-steady>: nothing in it moves under the pointer. As long as the pointer moves, it is said again that it is there; one that rests holds nothing.
import { watch } from "./watch.js";

watch("[data-steady]", list => {
  let said = 0;
  list.addEventListener("pointerenter", event => { said = event.timeStamp; });
  list.addEventListener("pointermove", event => {
    if (event.timeStamp - said >= 3000) list.dispatchEvent(new PointerEvent("pointerenter"));
  }, { passive: true });
});
