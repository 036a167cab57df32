import type { ReadonlySignal } from "@preact/signals";
import type { Prechat } from "../../src/protocol/inbox.ts";
import type { Remembered } from "./remembered.ts";
import type { Talk } from "./talk.ts";

/** What the panel is made of. */
export interface PanelParts {
  talk: Talk;
  remembered: Remembered;
  prechat: ReadonlySignal<Prechat | null>;
  /** Changes the chat's language, from now on; `also` fetches what else is said in it. */
  speakIn(language: string, also: () => Promise<void>): void;
}
