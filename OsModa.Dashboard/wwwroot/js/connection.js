// What the page says when its line to the server is cut. Blazor's script marks the element #components-reconnect-modal with
// classes; this reads them. Retries are spread by chance, so that thousands of pages do not come back in the same moment.
import { now } from "./clock.js";

const box = document.getElementById("components-reconnect-modal");
const words = box?.querySelector("[data-words]");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
let since = null;
let reload = null;

function state() {
  if (box.classList.contains("components-reconnect-show")) return "show";
  if (box.classList.contains("components-reconnect-failed")) return "failed";
  if (box.classList.contains("components-reconnect-rejected")) return "rejected";
  return "hide";
}

// The circuit is gone for good, or there never was one: a reload makes a new one, and all page state is in the address.
function reloadSoon() {
  reload ??= setTimeout(async () => {
    reload = null;
    try {
      await fetch(location.href, { method: "HEAD", cache: "no-store" });
      location.reload();
    } catch {
      reloadSoon();
    }
  }, 1000 + Math.random() * 4000);
}

function show() {
  const is = state();
  document.documentElement.toggleAttribute("data-cut", is !== "hide");
  if (is === "hide") {
    since = null;
    box.hidden = true;
    return;
  }
  since ??= now();
  box.hidden = false;
  words.textContent = `You are seeing data from ${clock.format(since)}. The line to the dashboard is cut; connecting again.`;
  if (is !== "show") reloadSoon();
}

if (box) {
  new MutationObserver(show).observe(box, { attributes: true, attributeFilter: ["class"] });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && state() !== "hide") window.Blazor?.reconnect?.(); });
}

document.addEventListener("click", event => { if (event.target.closest("[data-reload]")) location.reload(); });

// First try at once, then after a growing time, each with half of it left to chance; for ever, a few times a minute.
const reconnectionOptions = {
  maxRetries: 10000,
  retryIntervalMilliseconds: tries => tries === 0 ? 100 : Math.min(15000, 500 * 2 ** Math.min(tries, 5)) * (0.5 + Math.random()),
};

// Who changes networks while a page loads may get it without the script that makes it work.
if (window.Blazor) Blazor.start({ circuit: { reconnectionOptions } });
else reloadSoon();
