import type { Platform } from "../../platform/platform.ts";
import { type Controlling, type ControlRule, changeControl } from "../control/changeControl.ts";
import type { AgentRef } from "../conversation.ts";
import { publishConversationEvent } from "../events.ts";
import { carry, type Uncarried, uncarried, uncarriedOf } from "./mergeStore.ts";

/** A statement may commit its deadline after the time that it wrote; and a process that starts looks back over a pause. */
const lookBackSeconds = 120;
const atOnce = 200;

/**
 * Tells targets of what was said in the conversations merged into them: the message itself is committed and shown already, the target is called
 * to its agent, or to the queue where nobody would see it. Any number of processes may do it; repeating it changes nothing.
 */
export async function carryMerged(deps: Controlling & Pick<Platform, "clock">): Promise<void> {
  const since = Math.floor((deps.clock.now() / 1000 - lookBackSeconds) / 10);
  for (const each of await uncarried(deps.database.acrossTenants, since, atOnce)) await carryOne(deps, each);
}

/** The same for one merge, at once. */
export async function carryMerge(deps: Controlling, tenant: string, merge: string): Promise<void> {
  const found = await uncarriedOf(deps.database.forTenant(tenant), merge);
  if (found !== undefined) await carryOne(deps, found);
}

async function carryOne(deps: Controlling, found: Uncarried): Promise<void> {
  const { tenant, target, waits } = found;
  // First the call: who dies in between does both again, and whoever answers by then is not called twice.
  if (waits !== null) await changeControl(deps, { tenant, id: target }, callSomebody(waits.agent));
  await deps.database.forTenant(tenant).transaction((tx) => carry(tx, found));
  publishConversationEvent(deps, tenant, { kind: "setAside", conversation: target });
}

/** Whoever answered what was merged answers both; else into the queue: an agent merged them, the assistant sees only its own visitor's. */
function callSomebody(agent: AgentRef | null): ControlRule {
  return (current) => {
    if (current.controller === "agent" || current.muted !== undefined) return "unchanged";
    if (agent === null && current.controller === "queue") return "unchanged";
    const by = { kind: "system" } as const;
    return agent === null
      ? { change: { to: "queue", open: true, toFront: true, by, reason: "somebody wrote or waited in a merged conversation" } }
      : { change: { to: "agent", agent, open: true, by, reason: "answered what was merged into it" } };
  };
}
