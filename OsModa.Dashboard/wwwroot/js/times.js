// <time data-at="milliseconds since 1970" data-as="age|ago|left|clock|moment|day|now|today">: the text is written here, in the reader's
// time zone, and ages tick here, so that a growing age costs the server nothing. now and today are those of the reader, whatever data-at is.
import { now } from "./clock.js";
import { watch } from "./watch.js";

const selector = "time[data-at]";
const shown = new Set();
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minutes = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });
const whole = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });

// A number, its unit and "ago" stay on one line.
const hard = "\u00a0";

export function age(milliseconds) {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 60) return `${seconds}${hard}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${hard}min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}${hard}h`;
  return `${Math.floor(seconds / 86400)}${hard}d`;
}

function left(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}

function moment(at) {
  const then = new Date(at), today = new Date(now());
  if (then.toDateString() === today.toDateString()) return `today ${minutes.format(then)}`;
  const format = then.getFullYear() === today.getFullYear() ? day : dayAndYear;
  return `${format.format(then)} ${minutes.format(then)}`;
}

function write(element) {
  const at = Number(element.dataset.at);
  let text;
  switch (element.dataset.as) {
    case "age": text = age(now() - at); break;
    case "ago": text = `${age(now() - at)}${hard}ago`; break;
    case "left": text = left(at - now()); break;
    case "clock": text = new Date(at).toDateString() === new Date(now()).toDateString() ? clock.format(at) : `${moment(at)}`; break;
    case "day": text = dayAndYear.format(at); break;
    case "now": text = clock.format(now()); break;
    case "today": text = weekday.format(now()); break;
    default: text = moment(at);
  }
  if (element.textContent !== text) element.textContent = text;
}

function found(element) {
  shown.add(element);
  write(element);
}

// The whole date is for whoever asks: made when the pointer comes.
document.addEventListener("pointerover", event => {
  const time = event.target.closest?.(selector);
  if (time && Number(time.dataset.at)) time.title = whole.format(Number(time.dataset.at));
});

watch(selector, found, element => shown.delete(element));
new MutationObserver(changes => changes.forEach(change => { if (change.target.matches(selector)) found(change.target); }))
  .observe(document.documentElement, { attributes: true, attributeFilter: ["data-at"], subtree: true });
setInterval(() => { if (!document.hidden) shown.forEach(write); }, 1000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) shown.forEach(write); });
