import { tinykeys } from "tinykeys";
import { type Action, actionsOn } from "../conversation/actionsOn.ts";
import { composing } from "../conversation/composing.ts";
import { perform } from "../conversation/perform.ts";
import { takeNextAndOpen } from "../inbox/TakeNext.tsx";
import type { DeskState } from "../live/deskState.ts";
import { acceptOffer, declineOffer } from "../offers/answering.ts";
import { wallboardAddress, wallboardShown } from "../wallboard/wallboard.ts";
import { listMoves } from "./listMoves.ts";
import { opened } from "./opened.ts";
import { personShown, togglePerson } from "./personPanel.ts";
import { go, route } from "./route.ts";
import { wide } from "./screen.ts";

/** Every shortcut, as the help shows it. */
export const shortcuts: { group: string; keys: string[]; does: string }[] = [
  { group: "Everywhere", keys: ["Ctrl K"], does: "Commands" },
  { group: "Everywhere", keys: ["S", "Ctrl Shift F"], does: "Search everything" },
  { group: "Everywhere", keys: ["?"], does: "These shortcuts" },
  { group: "Everywhere", keys: ["Esc"], does: "Leave the field, then the conversation" },
  { group: "Everywhere", keys: ["Y", "X"], does: "Accept, decline what you are offered" },
  { group: "Everywhere", keys: ["W"], does: "Wallboard" },
  { group: "List", keys: ["J", "K"], does: "Next, previous conversation" },
  { group: "List", keys: ["↵"], does: "Open it" },
  { group: "List", keys: ["1", "2", "3"], does: "Mine, queue, all" },
  { group: "List", keys: ["4", "5"], does: "Snoozed, closed" },
  { group: "List", keys: ["/"], does: "Filter" },
  { group: "List", keys: ["T"], does: "Take whoever waits longest" },
  { group: "Data", keys: ["N"], does: "Make a new one" },
  { group: "Data", keys: ["↵", "F2"], does: "Write into the cell" },
  { group: "Data", keys: ["Shift ↵"], does: "Open it beside the table" },
  { group: "Data", keys: ["Space"], does: "Choose the row" },
  { group: "Data", keys: ["Shift →", "Shift ←"], does: "On a column’s name: wider, narrower" },
  { group: "Conversation", keys: ["A"], does: "Take this conversation" },
  { group: "Conversation", keys: ["E"], does: "Close it, and go to the next" },
  { group: "Conversation", keys: ["Z"], does: "Snooze" },
  { group: "Conversation", keys: ["U"], does: "Mark as unread" },
  { group: "Conversation", keys: ["R"], does: "Reply" },
  { group: "Conversation", keys: ["N"], does: "Internal note" },
  { group: "Conversation", keys: ["P"], does: "Show or hide the person" },
  { group: "Conversation", keys: ["↵"], does: "Send (Ctrl ↵ too)" },
  { group: "Conversation", keys: ["Shift ↵"], does: "New line" },
  { group: "Conversation", keys: ["Ctrl Z"], does: "Take back a reply that is held, from the empty field" },
];

/** Listens on the whole page; letters only where nobody is writing. Answers what ends it. */
export function listenToKeys(desk: DeskState): () => void {
  const key = (run: () => void) => (event: KeyboardEvent) => {
    // What is in a shadow root says so only by its path.
    if (isWriting(event.composedPath()[0] ?? null) || opened.peek() !== null || event.defaultPrevented) return;
    event.preventDefault();
    run();
  };
  return tinykeys(window, {
    "$mod+k": (event) => {
      event.preventDefault();
      opened.value = opened.peek() === "commands" ? null : "commands";
    },
    "$mod+Shift+f": (event) => {
      event.preventDefault();
      opened.value = opened.peek() === "search" ? null : "search";
    },
    s: key(() => {
      opened.value = "search";
    }),
    // Where a layout has it without Shift, and where it needs it.
    "?": key(showShortcuts),
    "Shift+?": key(showShortcuts),
    Escape: key(leave),
    j: key(() => listMoves.move(1)),
    k: key(() => listMoves.move(-1)),
    1: key(() => go({ view: "mine" })),
    2: key(() => go({ view: "queue" })),
    3: key(() => go({ view: "all" })),
    w: key(() => {
      location.hash = wallboardAddress;
    }),
    y: key(() => answerFirst(desk, acceptOffer)),
    x: key(() => answerFirst(desk, declineOffer)),
    "/": key(() => document.getElementById("filter")?.focus()),
    t: key(() => takeNextAndOpen(desk)),
    a: key(() => doOnOpen(desk, "take")),
    e: key(() => doOnOpen(desk, "close")),
    z: key(() => doOnOpen(desk, "snooze")),
    u: key(() => doOnOpen(desk, "unread")),
    4: key(() => go({ view: "snoozed" })),
    5: key(() => go({ view: "closed" })),
    r: key(() => composing.handle.current?.write("reply")),
    n: key(() => composing.handle.current?.write("note")),
    p: key(() => route.peek().conversation !== null && togglePerson()),
  });
}

/** One step back: the person that lies over the conversation, then the conversation. */
function leave(): void {
  const { conversation, person, settings } = route.peek();
  if (wallboardShown.peek() || settings !== null) go({});
  else if (conversation === null) return;
  else if (person) go({ person: false });
  else if (personShown.peek() && !wide.peek()) togglePerson();
  else go({ conversation: null });
}

function answerFirst(desk: DeskState, answer: (conversation: string) => Promise<void>): void {
  const [offer] = desk.offers.peek();
  if (offer !== undefined) answer(offer.id);
}

function showShortcuts(): void {
  opened.value = "shortcuts";
}

function doOnOpen(desk: DeskState, verb: Action["verb"]): void {
  const { conversation } = route.peek();
  if (conversation === null) return;
  const { head } = desk.open(conversation).facts.peek();
  const action = head === null ? undefined : actionsOn(head, desk.account.id).find((each) => each.verb === verb);
  if (action !== undefined) perform(action, conversation);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=radio]), textarea, select, [role=menu], [role=menu] *"))
  );
}
