import { signal } from "@preact/signals";
import { go, route } from "./route.ts";
import { phone, wide } from "./screen.ts";

const key = "switchboard.person";

/** Whether the person stands beside the conversation. Wide screens begin with it, narrower ones without. */
export const personShown = signal(wide.peek() && localStorage.getItem(key) !== "hidden");

wide.subscribe((isWide) => {
  personShown.value = isWide && localStorage.getItem(key) !== "hidden";
});

/** On a phone the person is a page of its own. */
export function togglePerson(): void {
  if (phone.peek()) {
    go({ person: !route.peek().person });
    return;
  }
  personShown.value = !personShown.value;
  if (wide.peek()) localStorage.setItem(key, personShown.value ? "shown" : "hidden");
}

/** Somebody asked why it is where it is: the panel goes there once it knows. */
export const whyAsked = signal(false);

export function showWhy(): void {
  whyAsked.value = true;
  if (phone.peek()) go({ person: true });
  else personShown.value = true;
}
