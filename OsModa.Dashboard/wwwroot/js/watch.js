// Calls `found(element)` for each element that matches, now and later, and `gone(element)` when it leaves the document.
export function watch(selector, found, gone) {
  const each = (node, call) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.matches(selector)) call(node);
    if (node.firstElementChild) node.querySelectorAll(selector).forEach(call);
  };
  new MutationObserver(changes => {
    for (const change of changes) {
      change.addedNodes.forEach(node => { if (node.isConnected) each(node, found); });
      if (gone) change.removedNodes.forEach(node => { if (!node.isConnected) each(node, gone); });
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
  document.querySelectorAll(selector).forEach(found);
}
