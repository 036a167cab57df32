/** A row that was far away is drawn a frame or two after the scroll, and one that is moved among the others loses the focus again. */
export function focusSoon(scroller: HTMLElement | null, selector: string, frames = 6): void {
  const found = scroller?.querySelector<HTMLElement>(selector);
  const isElsewhere = frames < 6 && document.activeElement !== document.body && found?.contains(document.activeElement) !== true;
  if (isElsewhere) return;
  if (!found?.querySelector("#cell-input")) found?.focus();
  if (frames > 0) requestAnimationFrame(() => focusSoon(scroller, selector, frames - 1));
}
