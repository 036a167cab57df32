import type { VisitorPrincipal } from "../../access/principal.ts";
import { findAgentMarks } from "../../conversations/marks/shownStore.ts";
import type { Gateway } from "../gateway.ts";
import type { Peer } from "../peer.ts";

/** How far the agents have read, and that the page has what it says that it has (`after`): either may have been missed. */
export async function showAgentMarks(gateway: Gateway, peer: Peer, visitor: VisitorPrincipal, after: number): Promise<void> {
  if (after > 0) gateway.shownMarks.shown({ tenant: visitor.tenant, id: visitor.conversation }, "visitor", after);
  const marks = await findAgentMarks(gateway.database.forTenant(visitor.tenant), visitor.conversation);
  if (marks === undefined || !peer.open) return;
  if (marks.shown > 0) peer.sendFrame({ type: "delivered", seq: marks.shown });
  if (marks.read > 0) peer.sendFrame({ type: "read", seq: marks.read, author: { kind: "agent", name: marks.name ?? "" } });
}
