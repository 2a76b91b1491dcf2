// Calls `found(element)` for each element that matches, now and later, and `gone(element)` when it leaves the document.
// One observer serves all, since it is called for every change of a live page.
const watches = [];

function each(node, call) {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  for (const one of watches) {
    if (node.matches(one.selector)) call(one, node);
    if (node.firstElementChild) for (const inner of node.querySelectorAll(one.selector)) call(one, inner);
  }
}

new MutationObserver(changes => {
  for (const change of changes) {
    for (const node of change.removedNodes) if (!node.isConnected) each(node, (one, element) => one.gone?.(element));
    for (const node of change.addedNodes) if (node.isConnected) each(node, (one, element) => one.found(element));
  }
}).observe(document.documentElement, { childList: true, subtree: true });

export function watch(selector, found, gone) {
  watches.push({ selector, found, gone });
  document.querySelectorAll(selector).forEach(found);
}
