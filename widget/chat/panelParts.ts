import type { Signal } from "@preact/signals";
import type { Prechat } from "../../src/protocol/inbox.ts";
import type { Remembered } from "./remembered.ts";
import type { Talk } from "./talk.ts";

/** What the panel is made of. */
export interface PanelParts {
  talk: Talk;
  remembered: Remembered;
  /** Null where nothing is asked, and where the page is older than what is. */
  prechat: Signal<Prechat | null>;
  /** What the inbox is called, and where the server is. */
  inbox: string;
  socketUrl: string;
  /** Changes the chat's language, from now on; `also` fetches what else is said in it. */
  speakIn(language: string, also: () => Promise<void>): void;
}
