import { type ReadonlySignal, signal } from "@preact/signals";

/** There is room for the person beside the conversation. */
export const wide = matching("(min-width: 1200px)");
/** List, conversation and person stand one after the other; each is then the page. */
export const phone = matching("(max-width: 759px)");

function matching(query: string): ReadonlySignal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener("change", () => {
    matches.value = list.matches;
  });
  return matches;
}
