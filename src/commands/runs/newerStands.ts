import { Refusal } from "../../protocol/refusal.ts";

/** What a run did can't be taken back, since something newer stands on it: what, in a sentence. */
export function newerStands(what: string): Refusal {
  return new Refusal("stale", `It can't be taken back: ${what}.`, { path: "args.run" });
}
