// Runs before the first paint, so that a chosen theme never flashes. Without a choice the system's is followed.
(() => {
  const root = document.documentElement;
  let kept = null;
  try { kept = localStorage.getItem("theme"); } catch { /* no storage: follow the system */ }
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;

  document.addEventListener("click", event => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* kept for this page only */ }
  });
})();
