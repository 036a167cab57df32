import type { Presence } from "../../src/protocol/desk.ts";
import { runCommand } from "../commands/run.ts";
import type { DeskState } from "../live/deskState.ts";

/** What each declaration means, as the menu tells it. */
export const presences: { presence: Presence; label: string; meaning: string; command: string }[] = [
  { presence: "online", label: "Online", meaning: "I take conversations", command: "me.online" },
  { presence: "away", label: "Away", meaning: "Back soon, nothing new for me", command: "me.away" },
  { presence: "offline", label: "Offline", meaning: "Not at work", command: "me.offline" },
];

export function labelOf(presence: Presence): string {
  return presences.find((each) => each.presence === presence)?.label ?? presence;
}

/** Shows it at once; where the server refuses, what was declared before comes back. */
export async function declarePresence(desk: Pick<DeskState, "presence" | "expectPresence">, presence: Presence): Promise<void> {
  const before = desk.presence.peek();
  desk.expectPresence(presence);
  try {
    await runCommand(`me.${presence}`, {});
  } catch (error) {
    desk.expectPresence(before);
    throw error;
  }
}
