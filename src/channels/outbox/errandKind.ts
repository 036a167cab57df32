import type { ChatPlace } from "../chatEvent.ts";
import type { Drawing } from "../drawing.ts";

/** What is to be done at a service. */
export type Errand =
  | { do: "post"; place: ChatPlace; only?: string; drawing: Drawing }
  /** Sends a file of the tenant's. `brought`: as the service calls what was brought there already. */
  | { do: "file"; place: ChatPlace; only?: string; file: string; brought?: string }
  /** Of a card, or of what was said: which messages these are there is known once they were sent. */
  | { do: "change"; place: ChatPlace; drawing: Drawing }
  | { do: "remove"; place: ChatPlace }
  | { do: "react"; place: ChatPlace; emoji: string; on: boolean };
