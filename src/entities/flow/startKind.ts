import type { Json } from "../../platform/bus/bus.ts";

/** Who begins the run of what a step starts: `startCommandJob`. */
export const startKind = "entity.start";

/** What is written with a step that starts a command: in the history, and as the job that begins the run under this key. */
export interface StartToAsk {
  command: string;
  key: string;
  data: Json;
}
