// <button data-more> presses itself when it is scrolled into view.
import { watch } from "./watch.js";

const seen = new IntersectionObserver(entries => entries.forEach(entry => { if (entry.isIntersecting) entry.target.click(); }), { rootMargin: "600px" });
watch("[data-more]", button => seen.observe(button), button => seen.unobserve(button));
