// <div data-stopwatch data-began="ms since 1970">: while it runs, the figure, the hand and the open bars move here; all times come
// from the server. data-ended (seconds) stops it. Drawn twenty times a second, ten times for who prefers little motion: each frame
// costs a browser without a graphics card some 15 ms.
import { now } from "./clock.js";
import { watch } from "./watch.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const running = new Set();
let waiting = 0;

function draw(root) {
  const stages = root.querySelector("[data-stages]");
  const open = [...root.querySelectorAll("[data-open]")].map(bar => Number(bar.dataset.open));
  const seconds = Math.max(0, (now() - Number(root.dataset.began)) / 1000, ...open);    // never before what has been heard
  figure(root.querySelector("[data-figure]"), seconds);
  if (!stages) return;
  const scale = Number(stages.dataset.scale);
  stages.style.setProperty("--now", Math.min(seconds, scale).toFixed(3));
  for (const bar of stages.querySelectorAll("[data-open]")) {
    const took = Math.max(0, seconds - Number(bar.dataset.open));
    bar.style.setProperty("--took-s", Math.min(took, scale).toFixed(3));
    const text = bar.closest("li")?.querySelector("[data-took]");
    if (text) set(text, `${took.toFixed(1)} s`);
  }
}

// Digit by digit: the title face has no tabular figures.
function figure(element, seconds) {
  if (!element) return;
  const text = seconds < 100 ? seconds.toFixed(1) : Math.floor(seconds).toString();
  const cells = element.querySelectorAll("i");
  if (cells.length !== text.length) {
    element.replaceChildren(...[...text].map(sign => {
      const cell = document.createElement("i");
      if (sign === ".") cell.className = "mark-dot";
      cell.textContent = sign;
      return cell;
    }));
    return;
  }
  cells.forEach((cell, at) => set(cell, text[at]));
}

function set(element, text) { if (element.textContent !== text) element.textContent = text; }

function loop() {
  running.forEach(root => { if (root.isConnected && root.dataset.began && !root.dataset.ended) draw(root); });
  waiting = running.size ? setTimeout(requestAnimationFrame, still.matches ? 100 : 50, loop) : 0;
}

watch("[data-stopwatch]", root => {
  running.add(root);
  waiting ||= requestAnimationFrame(loop);
}, root => running.delete(root));
