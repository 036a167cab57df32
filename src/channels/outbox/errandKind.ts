import type { ChatPlace } from "../chatEvent.ts";
import type { Drawing } from "../drawing.ts";

/** What is to be done at a service. */
export type Errand =
  | { do: "post"; place: ChatPlace; only?: string; drawing: Drawing }
  /** Sends a file of the tenant's. `brought`: as the service calls what was brought there already. */
  | { do: "file"; place: ChatPlace; only?: string; file: string; brought?: string }
  /** Draws a card anew, or the message with this id. */
  | { do: "change"; place: ChatPlace; message?: string; drawing: Drawing }
  | { do: "remove"; place: ChatPlace; message: string }
  | { do: "react"; place: ChatPlace; message: string; emoji: string; on: boolean };
