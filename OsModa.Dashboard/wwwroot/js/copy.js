// <button data-copy="text"> puts its text on the clipboard and says so for two seconds.
document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  let done = true;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    done = withSelection(button.dataset.copy);
  }
  button.dataset.copied = done ? "copied" : "select and copy it by hand";
  setTimeout(() => delete button.dataset.copied, 2000);
});

// The clipboard interface exists only on https and localhost.
function withSelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
