// <button data-copy="text"> puts its text on the clipboard and says so for two seconds; <button data-copy-from="address"> what is there.
document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  let done = true;
  const text = button.dataset.copy ?? await fetched(button.dataset.copyFrom);
  try {
    if (text === null) throw new Error("not there");
    await navigator.clipboard.writeText(text);
  } catch {
    done = text !== null && withSelection(text);
  }
  button.dataset.copied = done ? "copied" : "select and copy it by hand";
  setTimeout(() => delete button.dataset.copied, 2000);
});

async function fetched(address) {
  const answer = await fetch(address);
  return answer.ok ? await answer.text() : null;
}

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
