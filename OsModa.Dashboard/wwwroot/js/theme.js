// Runs before the first paint, so that a chosen theme never flashes. Without a choice the system's is followed: a choice of what the
// system has anyway is none, so the same button leads back to following it.
(() => {
  const root = document.documentElement;
  let kept = null;
  try { kept = localStorage.getItem("theme"); } catch { /* no storage: follow the system */ }
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;

  document.addEventListener("click", event => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const wanted = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
    if (wanted === system) delete root.dataset.theme; else root.dataset.theme = wanted;
    try {
      if (wanted === system) localStorage.removeItem("theme"); else localStorage.setItem("theme", wanted);
    } catch { /* kept for this page only */ }
  });
})();
