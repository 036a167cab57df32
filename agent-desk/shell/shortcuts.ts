import { tinykeys } from "tinykeys";
import { act } from "../conversation/act.ts";
import { actionsOn } from "../conversation/actionsOn.ts";
import { composing } from "../conversation/composing.ts";
import { takeNextAndOpen } from "../inbox/TakeNext.tsx";
import type { DeskState } from "../live/openDesk.ts";
import { listMoves } from "./listMoves.ts";
import { opened } from "./opened.ts";
import { personShown, togglePerson } from "./personPanel.ts";
import { go, route } from "./route.ts";
import { wide } from "./screen.ts";

/** Every shortcut, as the help shows it. */
export const shortcuts: { group: string; keys: string[]; does: string }[] = [
  { group: "Everywhere", keys: ["Ctrl K"], does: "Commands" },
  { group: "Everywhere", keys: ["?"], does: "These shortcuts" },
  { group: "Everywhere", keys: ["Esc"], does: "Leave the field, then the conversation" },
  { group: "List", keys: ["J", "K"], does: "Next, previous conversation" },
  { group: "List", keys: ["↵"], does: "Open it" },
  { group: "List", keys: ["1", "2", "3"], does: "Mine, queue, all" },
  { group: "List", keys: ["/"], does: "Filter" },
  { group: "List", keys: ["T"], does: "Take whoever waits longest" },
  { group: "Conversation", keys: ["A"], does: "Take this conversation" },
  { group: "Conversation", keys: ["R"], does: "Reply" },
  { group: "Conversation", keys: ["N"], does: "Internal note" },
  { group: "Conversation", keys: ["P"], does: "Show or hide the person" },
  { group: "Conversation", keys: ["↵"], does: "Send (Ctrl ↵ too)" },
  { group: "Conversation", keys: ["Shift ↵"], does: "New line" },
];

/** Listens on the whole page; letters only where nobody is writing. Answers what ends it. */
export function listenToKeys(desk: DeskState): () => void {
  const key = (run: () => void) => (event: KeyboardEvent) => {
    if (isWriting(event.target) || opened.peek() !== null || event.defaultPrevented) return;
    event.preventDefault();
    run();
  };
  return tinykeys(window, {
    "$mod+k": (event) => {
      event.preventDefault();
      opened.value = opened.peek() === "commands" ? null : "commands";
    },
    // Where a layout has it without Shift, and where it needs it.
    "?": key(showShortcuts),
    "Shift+?": key(showShortcuts),
    Escape: key(leave),
    j: key(() => listMoves.move(1)),
    k: key(() => listMoves.move(-1)),
    1: key(() => go({ view: "mine" })),
    2: key(() => go({ view: "queue" })),
    3: key(() => go({ view: "all" })),
    "/": key(() => document.getElementById("filter")?.focus()),
    t: key(() => takeNextAndOpen(desk)),
    a: key(() => takeOpen(desk)),
    r: key(() => composing.handle.current?.write("reply")),
    n: key(() => composing.handle.current?.write("note")),
    p: key(() => route.peek().conversation !== null && togglePerson()),
  });
}

/** One step back: the person that lies over the conversation, then the conversation. */
function leave(): void {
  const { conversation, person } = route.peek();
  if (conversation === null) return;
  if (person) go({ person: false });
  else if (personShown.peek() && !wide.peek()) togglePerson();
  else go({ conversation: null });
}

function showShortcuts(): void {
  opened.value = "shortcuts";
}

function takeOpen(desk: DeskState): void {
  const { conversation } = route.peek();
  if (conversation === null) return;
  const { head } = desk.open(conversation).facts.peek();
  if (head !== null && actionsOn(head, desk.account.id).some(({ verb }) => verb === "take")) act("take", conversation);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=radio]), textarea, select, [role=menu], [role=menu] *"))
  );
}
