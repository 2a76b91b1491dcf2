// The server's clock as the browser knows it. The page says what time it was when it was rendered; that the browser's own
// clock may be wrong by hours then does not matter.
const said = Number(document.body.dataset.now);
const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart || performance.now());
const offset = Number.isFinite(said) && said > 0 ? said - arrived : 0;

/** Milliseconds since 1970 by the server's clock. */
export const now = () => Date.now() + offset;
