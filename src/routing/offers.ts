import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import {
  declineOffer,
  type EndedOffer,
  endLapsedOffers,
  findAvailability,
  type LapsedOffers,
  saveTransfer,
  type Transfer,
} from "./offerStore.ts";

export interface Offering extends Pick<Platform, "database" | "bus"> {
  routed: (tenant: string, conversations: readonly string[]) => void;
  /** A note in the conversation, once for a key. */
  note: (tenant: string, conversation: string, key: string, text: string) => Promise<void>;
}

/** Something that one person should hear wherever they are at the desk. */
export interface NoticeEvent {
  kind: "notice";
  conversation: string;
  text: string;
}

/** What comes over the bus may be of a newer process. */
export function isNotice(data: object | string | number | boolean | null): data is NoticeEvent {
  return typeof data === "object" && data !== null && "kind" in data && data.kind === "notice" && "conversation" in data && "text" in data;
}

export function agentSubject(tenant: string, account: string): string {
  return `agent.${tenant}.${account}`;
}

/** Somebody came into a queue of this tenant, or can be offered again: whoever routes looks. */
function wake({ bus }: Pick<Platform, "bus">, tenant: string): void {
  bus.publish(`tenant.${tenant}.queue`, {});
}

/** Refusal `invalid_value` (`args.to`) for an offer to oneself, and to somebody who isn't there. */
export async function mayOffer(
  { database }: Pick<Platform, "database">,
  tenant: string,
  { sender, to }: Pick<Transfer, "sender" | "to">,
): Promise<void> {
  if (to.id === sender)
    throw new Refusal("invalid_value", "You can't transfer a conversation to yourself; take it, or choose somebody else.", {
      path: "args.to",
    });
  const { declared, connected } = await findAvailability(database.forTenant(tenant), to.id);
  if (declared === "online" && connected) return;
  const how = declared === "online" ? "not connected" : declared;
  throw new Refusal("invalid_value", `${to.name} is ${how}; choose somebody who is online, or a team.`, { path: "args.to" });
}

/**
 * Offers a conversation to one person, who may take it until the team's time for offers is over; until then the sender answers it. Answers
 * when that is. Refusal `conflict` where it changed meanwhile.
 */
export async function offerTransfer(deps: Offering, tenant: string, transfer: Transfer): Promise<string> {
  const until = await saveTransfer(deps.database.forTenant(tenant), transfer);
  if (until === undefined) throw new Refusal("conflict", "Others changed this conversation at the same moment. Please look again.");
  deps.routed(tenant, [transfer.conversation]);
  return until;
}

/** The agent doesn't take what they are offered. Refusal `conflict` where they aren't offered it any more. */
export async function decline(
  deps: Offering,
  tenant: string,
  agent: string,
  { conversation, reason }: { conversation: string; reason: string | undefined },
): Promise<EndedOffer> {
  const ended = await declineOffer(deps.database.forTenant(tenant), conversation, agent);
  if (ended === undefined) throw new Refusal("conflict", "This conversation is not offered to you any more.");
  await follow(deps, ended, reason);
  return ended;
}

/** Ends what nobody took in time, and whose agent left; the next are asked, and senders hear that it came back. */
export async function lapseOffers(deps: Offering, which: LapsedOffers = "late or left"): Promise<void> {
  for (const ended of await endLapsedOffers(deps.database.acrossTenants, which)) await follow(deps, ended, undefined);
}

async function follow(deps: Offering, ended: EndedOffer, reason: string | undefined): Promise<void> {
  const { tenant, conversation } = ended;
  deps.routed(tenant, [conversation]);
  if (ended.kind === "assignment") wake(deps, tenant);
  if (ended.sender === null) return;
  const text = `${returned(ended)}${reason === undefined ? "" : ` ${ended.agent.name}: ${reason}`}`;
  await deps.note(tenant, conversation, `o:${ended.assignment}`, text);
  const notice: NoticeEvent = { kind: "notice", conversation, text };
  deps.bus.publish(agentSubject(tenant, ended.sender), notice);
}

/** What the sender reads. */
function returned({ agent, kind, outcome }: EndedOffer): string {
  const what = {
    declined: `${agent.name} declined the transfer`,
    expired: `${agent.name} did not take the transfer in time`,
    dropped: `${agent.name} was no longer online to take the transfer`,
  }[outcome];
  return kind === "transfer" ? `${what}; the conversation stays with you.` : `${what}; the conversation waits in the queue.`;
}
