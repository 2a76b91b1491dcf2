// Tells the page's circuit whether its tab is in front: a hidden tab gets no updates until it is looked at again.
window.Blazor?.registerCustomEventType("pagevisibility", { createEventArgs: event => ({ hidden: event.detail }) });

document.addEventListener("visibilitychange", () => {
  document.querySelector(".page")?.dispatchEvent(new CustomEvent("pagevisibility", { detail: document.hidden, bubbles: true }));
});
