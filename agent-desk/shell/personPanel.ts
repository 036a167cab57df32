import { signal } from "@preact/signals";
import { go, route } from "./route.ts";

const key = "switchboard.person";
const wide = matchMedia("(min-width: 1200px)");
const phone = matchMedia("(max-width: 759px)");

/** Whether the person stands beside the conversation. Wide screens begin with it, narrower ones without. */
export const personShown = signal(wide.matches && localStorage.getItem(key) !== "hidden");

wide.addEventListener("change", ({ matches }) => {
  personShown.value = matches && localStorage.getItem(key) !== "hidden";
});

/** On a phone the person is a page of its own. */
export function togglePerson(): void {
  if (phone.matches) return go({ person: !route.peek().person });
  personShown.value = !personShown.value;
  if (wide.matches) localStorage.setItem(key, personShown.value ? "shown" : "hidden");
}
