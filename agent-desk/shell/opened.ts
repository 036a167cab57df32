import { signal } from "@preact/signals";

/** The one dialog that lies over the desk. */
export type Opened =
  | "commands"
  | "search"
  | "shortcuts"
  | "transfer"
  | "handBack"
  | "snooze"
  | "invite"
  | "merge"
  | "block"
  | "password"
  | "record"
  | null;

/** What stands in the command bar when it opens. */
export const lineBegun = signal("");

/** Opens the command bar with a line that goes on from here. */
export function beginLine(line: string): void {
  lineBegun.value = line;
  opened.value = "commands";
}

export const opened = signal<Opened>(null);
