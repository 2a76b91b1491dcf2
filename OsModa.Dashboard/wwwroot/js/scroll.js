// Back on a page that is drawn by and by: the browser restores where one was before the rows are there, so it is done again once
// they are, until the reader scrolls by themselves.
const most = 3000;    // ms; what comes later than that would tear away a reader who has begun to read
const kept = new Map();
let until = 0;

const here = () => `${history.state?._index ?? 0} ${location.href}`;

document.addEventListener("scroll", event => {
  if (event.target === document && !until) kept.set(here(), scrollY);
}, { passive: true });

addEventListener("popstate", () => {
  const y = kept.get(here());
  if (!y) { until = 0; return; }
  const waits = until;
  until = performance.now() + most;
  if (!waits) requestAnimationFrame(restore);
});

function restore() {
  if (!until) return;
  if (performance.now() > until) { until = 0; return; }
  const y = kept.get(here());
  const lowest = document.documentElement.scrollHeight - innerHeight;
  if (y && Math.abs(scrollY - y) > 1 && lowest >= y) scrollTo({ top: y, behavior: "instant" });
  requestAnimationFrame(restore);
}

for (const own of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(own, () => { until = 0; }, { passive: true, capture: true });
