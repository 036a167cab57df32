import type { VisitorPrincipal } from "../access/principal.ts";
import { leaveMail } from "../conversations/leaveMail.ts";
import { rateConversation } from "../conversations/rateConversation.ts";
import type { ToVisitor, VisitorFrame } from "../protocol/visitor.ts";
import type { Gateway } from "./gateway.ts";
import type { Peer } from "./peer.ts";

/** What a page asks for beside messages, and waits for an answer to. */
export type Ask = Extract<VisitorFrame, { type: "rate" | "transcript" | "contact" }>;

const asks: ReadonlySet<string> = new Set<Ask["type"]>(["rate", "transcript", "contact"]);

export function isAsk(type: string): boolean {
  return asks.has(type);
}

/** Does it and says so, or why not; the answer is whether it was done. */
export async function answerAsk(gateway: Gateway, peer: Peer, visitor: VisitorPrincipal, ask: Ask): Promise<boolean> {
  try {
    await gateway.limits.message(visitor.contact);
    peer.sendFrame(await answerTo(gateway, visitor, ask));
    return true;
  } catch (error) {
    gateway.failed(error, `${ask.type} not done`);
    peer.sendError(error, ask.clientId);
    return false;
  }
}

async function answerTo(gateway: Gateway, visitor: VisitorPrincipal, ask: Ask): Promise<ToVisitor> {
  const { clientId } = ask;
  switch (ask.type) {
    case "rate":
      return { type: "rated", clientId, ...(await rateConversation(gateway, visitor, ask)) };
    case "transcript":
      return { type: "transcript", clientId, email: await gateway.sendTranscript(visitor, ask.email, clientId) };
    case "contact":
      return { type: "contact", clientId, email: await leaveMail(gateway, visitor, ask.email) };
  }
}
