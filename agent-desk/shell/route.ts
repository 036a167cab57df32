import { signal } from "@preact/signals";
import { type View, views } from "../inbox/views.ts";

/** Where the agent is. It stands behind the `#` of the address: a link to a conversation can be sent to a colleague. */
export interface Route {
  view: View;
  /** The id of a saved view, which then stands in the place of `view`. */
  saved: string | null;
  conversation: string | null;
  /** The message (`m` and its `seq`) or the note (its id) to which the conversation is opened; forgotten when it is shown. */
  message: string | null;
  /** On a narrow screen the person takes the conversation's place. */
  person: boolean;
  /** The page of settings that is open; it takes the inbox's place. */
  settings: SettingsPage | null;
}

export const settingsPages = [
  "canned",
  "macros",
  "views",
  "tags",
  "fields",
  "data-sources",
  "schedules",
  "messages",
  "teams",
  "agents",
  "members",
  "roles",
  "sso",
  "keys",
  "audit",
  "tenant",
  "hours",
  "inboxes",
  "channels",
  "service-levels",
  "notices",
  "mail",
  "account",
  "second-factor",
] as const;
export type SettingsPage = (typeof settingsPages)[number];

export const route = signal<Route>(readRoute(location.hash));

addEventListener("hashchange", () => {
  route.value = readRoute(location.hash);
});

export function addressOf({
  view,
  saved,
  conversation,
  message,
  person,
  settings,
}: Omit<Route, "settings" | "saved" | "message"> & Partial<Pick<Route, "settings" | "saved" | "message">>): string {
  if (settings) return `#/settings/${settings}`;
  return `#/${[saved ? `v-${saved}` : view, conversation, conversation !== null && (person ? "person" : message)].filter(Boolean).join("/")}`;
}

/** Goes there; `replace` leaves no step for the browser's Back. */
export function go(step: Partial<Route>, how: "push" | "replace" = "push"): void {
  const next = { ...route.peek(), settings: null, ...step };
  if (step.view !== undefined && step.saved === undefined) next.saved = null;
  if (step.conversation !== undefined && step.person === undefined) next.person = false;
  if (step.conversation !== undefined && step.message === undefined) next.message = null;
  history[how === "push" ? "pushState" : "replaceState"](null, "", addressOf(next));
  route.value = next;
}

function readRoute(hash: string): Route {
  const [view, conversation, part] = hash.replace(/^#\/?/, "").split("/");
  return {
    view: views.find((each) => each === view) ?? "mine",
    saved: view?.startsWith("v-") ? view.slice(2) : null,
    conversation:
      ["settings", "runs", "operations", "data"].includes(view ?? "") || conversation === undefined || conversation === ""
        ? null
        : conversation,
    message: /^(m\d{1,9}|[0-9a-f-]{36})$/.test(part ?? "") ? (part ?? null) : null,
    person: part === "person",
    settings: view === "settings" ? (settingsPages.find((page) => page === conversation) ?? "canned") : null,
  };
}
