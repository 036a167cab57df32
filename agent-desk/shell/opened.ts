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
  | null;

export const opened = signal<Opened>(null);
