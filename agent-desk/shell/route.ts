import { signal } from "@preact/signals";
import { type View, views } from "../inbox/views.ts";

/** Where the agent is. It stands behind the `#` of the address: a link to a conversation can be sent to a colleague. */
export interface Route {
  view: View;
  conversation: string | null;
  /** On a narrow screen the person takes the conversation's place. */
  person: boolean;
}

export const route = signal<Route>(readRoute(location.hash));

addEventListener("hashchange", () => {
  route.value = readRoute(location.hash);
});

export function addressOf({ view, conversation, person }: Route): string {
  return `#/${[view, conversation, conversation !== null && person ? "person" : null].filter(Boolean).join("/")}`;
}

/** Goes there; `replace` leaves no step for the browser's Back. */
export function go(step: Partial<Route>, how: "push" | "replace" = "push"): void {
  const next = { ...route.peek(), ...step };
  if (step.conversation !== undefined && step.person === undefined) next.person = false;
  history[how === "push" ? "pushState" : "replaceState"](null, "", addressOf(next));
  route.value = next;
}

function readRoute(hash: string): Route {
  const [view, conversation, part] = hash.replace(/^#\/?/, "").split("/");
  return {
    view: views.find((each) => each === view) ?? "mine",
    conversation: conversation === undefined || conversation === "" ? null : conversation,
    person: part === "person",
  };
}
