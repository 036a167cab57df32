import type { VisitorPrincipal } from "../../access/principal.ts";
import { changeOf } from "../../conversations/changes/change.ts";
import { changeControl, endedByVisitor } from "../../conversations/control/changeControl.ts";
import { leaveMail } from "../../conversations/delivery/leaveMail.ts";
import { rateConversation } from "../../conversations/marks/rateConversation.ts";
import { readStory } from "../../conversations/transcript/story.ts";
import type { Message } from "../../protocol/conversation.ts";
import type { ToVisitor, VisitorFrame } from "../../protocol/visitor.ts";
import type { Gateway } from "../gateway.ts";
import { asUnavailable, type Work } from "../inOrder.ts";
import type { Peer } from "../peer.ts";
import { toldToVisitor } from "../toldTo.ts";

/** What a page asks for beside messages, and waits for an answer to. */
export type Ask = Extract<VisitorFrame, { type: "rate" | "transcript" | "contact" | "merged" }>;

const asks: ReadonlySet<string> = new Set<Ask["type"]>(["rate", "transcript", "contact", "merged"]);

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
    case "merged":
      return { type: "merged", clientId, messages: await mergedWith(gateway, visitor) };
    case "contact":
      return { type: "contact", clientId, email: await leaveMail(gateway, visitor, ask.email) };
  }
}

const mostMerged = 1000;

/** As text: what else stood there belongs to a page of its own. */
async function mergedWith(gateway: Gateway, { tenant, conversation, locale }: VisitorPrincipal): Promise<Message[]> {
  const story = await readStory(gateway.database.forTenant(tenant), conversation, mostMerged);
  return (story?.messages ?? [])
    .filter((message) => message.conversation !== conversation && changeOf(message) === undefined)
    .map((message) => ({ seq: message.seq, author: message.author, text: toldToVisitor(message, locale).text, at: message.at }));
}

/** The visitor ends the conversation, behind what they sent before. */
export function endedByThem(gateway: Gateway, peer: Peer, { tenant, contact, conversation: id }: VisitorPrincipal): Work {
  return async (before) => {
    try {
      if (before !== undefined) throw before;
      await gateway.limits.message(contact);
      await changeControl(gateway, { tenant, id }, endedByVisitor());
      return undefined;
    } catch (error) {
      gateway.failed(error, "conversation not ended");
      peer.sendError(error);
      return asUnavailable(error);
    }
  };
}
