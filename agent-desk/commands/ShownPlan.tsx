import type { PlanAnswer } from "../../src/protocol/commands.ts";
import { PlannedChanges } from "../answers/PlannedChanges.tsx";
import parts from "../look/parts.module.css";
import { waitsFor } from "./run.ts";

/** What a command would do with what was filled in, and who must agree to it. */
export function ShownPlan({ plan, command }: { plan: PlanAnswer; command: string }) {
  return (
    <div role="status">
      <p>{`${command} would do this; nothing has happened yet.`}</p>
      {plan.changes.length === 0 && <p>{plan.summary}</p>}
      <PlannedChanges changes={plan.changes} />
      {plan.approvals.length > 0 && <p class={parts.hint}>{`It then waits for approval: ${waitsFor(plan)}.`}</p>}
    </div>
  );
}
