/** At least so long between two drawings of what changes by itself: sorting 10,000 entries takes about 10 ms. */
const pauseMs = 100;

/** Gathers changes: the first is told with the next frame, what follows it at once is told together a little later. */
export function drawSoon(): (tell: () => void) => void {
  let toldAt = 0;
  return (tell) => {
    const told = () => {
      toldAt = performance.now();
      tell();
    };
    const rest = pauseMs - (performance.now() - toldAt);
    // A hidden page gets no frames, but its title counts on.
    if (rest > 0 || document.visibilityState === "hidden") setTimeout(told, Math.max(rest, 0));
    else requestAnimationFrame(told);
  };
}
