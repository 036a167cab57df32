import type { AccountPrincipal, VisitorPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import { publishConversationEvent } from "../events.ts";
import { raiseMergedRead, refreshEntry } from "../merge/mergeStore.ts";
import { raiseAgentRead, raiseVisitorRead } from "./readStore.ts";

type Marking = Pick<Platform, "database" | "bus">;

/** Marks never go back: an older one changes nothing and is told to nobody. */
export async function markReadByVisitor(deps: Marking, visitor: VisitorPrincipal, name: string, seq: number): Promise<void> {
  if (!(await raiseVisitorRead(deps.database.forTenant(visitor.tenant), visitor.conversation, seq))) return;
  publishConversationEvent(deps, visitor.tenant, {
    kind: "read",
    conversation: visitor.conversation,
    author: { kind: "visitor", name },
    authorId: visitor.contact,
    seq,
  });
}

export async function markReadByAgent(deps: Marking, agent: AccountPrincipal, conversation: string, seq: number): Promise<void> {
  const sql = deps.database.forTenant(agent.tenant);
  if (!(await raiseAgentRead(sql, conversation, agent.account, seq))) {
    const target = await raiseMergedRead(sql, conversation, agent.account, seq);
    if (target === undefined) return;
    await sql.transaction((tx) => refreshEntry(tx, target));
    publishConversationEvent(deps, agent.tenant, { kind: "setAside", conversation: target });
  }
  publishConversationEvent(deps, agent.tenant, {
    kind: "read",
    conversation,
    author: { kind: "agent", name: agent.name },
    authorId: agent.account,
    seq,
  });
}
