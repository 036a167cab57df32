import type { Platform } from "../../platform/platform.ts";
import type { AccountPrincipal } from "../principal.ts";
import { saveUndoSend } from "./undoSendStore.ts";

/** Every desk of an account hears what it chose. */
export function undoSendSubject(tenant: string, account: string): string {
  return `agent.${tenant}.${account}.undoSend`;
}

/** Whether an agent's replies wait at the desk for a few seconds, in which they can be taken back. */
export async function chooseUndoSend(
  deps: Pick<Platform, "database" | "bus">,
  { tenant, account }: AccountPrincipal,
  on: boolean,
): Promise<void> {
  await saveUndoSend(deps, tenant, account, { on });
  deps.bus.publish(undoSendSubject(tenant, account), { on });
}
