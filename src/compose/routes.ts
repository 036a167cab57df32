import { changeControl, giveBack } from "../conversations/control/changeControl.ts";
import { type Snoozing, wakeDue } from "../conversations/control/snooze.ts";
import { carryMerged } from "../conversations/merge/carryMerged.ts";
import { every } from "../platform/clock/clock.ts";
import type { Platform } from "../platform/platform.ts";
import type { Offering } from "../routing/offers.ts";
import { startRouting } from "../routing/startRouting.ts";

export interface RouteParts {
  platform: Platform;
  snoozing: Snoozing;
  offering: Offering;
}

/** What a process that routes does beside the turns: who waits is offered, what was snoozed wakes, what was merged is told. Answers what ends it. */
export function startRoutes({ platform: { clock, log }, snoozing, offering }: RouteParts): () => void {
  const stopWaking = every(
    clock,
    1000,
    () => wakeDue(snoozing),
    (error) => log.warn({ error }, "could not wake what was snoozed, it is tried again"),
  );
  const stopCarrying = every(
    clock,
    1000,
    () => carryMerged(snoozing),
    (error) => log.warn({ error }, "could not tell of merged conversations, it is tried again"),
  );
  const routing = startRouting({
    ...offering,
    clock,
    log,
    giveBack: async (tenant, id, agent, why) => {
      await changeControl(snoozing, { tenant, id }, giveBack(agent, why));
    },
  });
  return () => {
    stopWaking();
    stopCarrying();
    routing.stop();
  };
}
