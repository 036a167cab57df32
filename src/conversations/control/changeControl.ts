import type { AccountPrincipal } from "../../access/principal.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import {
  type AgentRef,
  type Control,
  type ControlChange,
  type ConversationRef,
  keys,
  type NewMessage,
  type Standing,
} from "../conversation.ts";
import { findControl, findLocale } from "../conversationStore.ts";
import { type Recording, record } from "../ledger/record.ts";
import { type Happening, tell } from "../sentences/happening.ts";
import { sentencesIn } from "../sentences/sentences.ts";

export type Controlling = Recording & Pick<Platform, "database" | "bus">;

/**
 * What a rule makes of how a conversation stands now: the change and what everyone reads of it, or nothing to do.
 * `offeredTo`: only while it is still offered to this account.
 */
export type ControlRule = (current: Standing) => { change: ControlChange; says?: Told; offeredTo?: string } | "unchanged";

/** What everyone reads of a change; `text` where the tenant has its own words for it. */
export type Told = Happening & { text?: string };

/**
 * Changes who controls a conversation by a rule over what stands now, fenced by its generation: of two at the same moment one wins,
 * and the other's rule is asked again about what the first left. Refusals: `not_found`, and the rule's own.
 */
export async function changeControl(deps: Controlling, conversation: ConversationRef, rule: ControlRule, key?: string): Promise<Control> {
  const sql = deps.database.forTenant(conversation.tenant);
  for (let tries = 0; tries < 8; tries++) {
    const current = await findControl(sql, conversation.id);
    if (current === undefined) throw new Refusal("not_found", "There is no such conversation.");
    const decision = rule(current);
    if (decision === "unchanged") return current;
    refuseMerged(current);
    const messages: NewMessage[] =
      decision.says === undefined ? [] : [await line(sql, conversation.id, key ?? keys.control(current.generation + 1), decision.says)];
    const fence = { generation: current.generation, ...(decision.offeredTo === undefined ? {} : { offeredTo: decision.offeredTo }) };
    const outcome = await record(deps, { conversation, messages, fence, control: decision.change });
    if (outcome.kind === "committed") return outcome.control;
    // The same run once more finds what it did. A key of the generation was a rival's: the rule is asked about what they made.
    if (outcome.kind === "known" && key !== undefined) return (await findControl(sql, conversation.id)) ?? current;
  }
  throw new Refusal("conflict", "Others changed this conversation at the same moment. Please look again.");
}

/** The line as the visitor reads it, and as data for everyone else. */
async function line(sql: TenantSql, conversation: string, key: string, { what, values = [], text }: Told): Promise<NewMessage> {
  const told = tell({ what, values }, sentencesIn(await findLocale(sql, conversation)));
  return {
    key,
    author: { kind: "system", name: "Switchboard" },
    text: text ?? told ?? "",
    blocks: [{ type: "happening", what, values }],
  };
}

/** An agent takes it from the bot, the queue, or the colleague who offered it to them. Whoever comes second is told who has it. */
export function take(agent: AgentRef): ControlRule {
  return (current) => {
    if (current.agent?.id === agent.id) return "unchanged";
    const offered = current.offer?.to.id === agent.id;
    if (current.agent !== null && !offered) throw new Refusal("already_taken", `${current.agent.name} took this conversation.`);
    const by = { kind: "account", id: agent.id } as const;
    if (current.agent === null) {
      return {
        change: { to: "agent", agent, open: true, by, reason: offered ? "offer accepted" : "taken" },
        says: { what: "joined", values: [agent.name] },
      };
    }
    const sender = current.agent.name;
    return {
      change: { to: "agent", agent, open: true, by, reason: `transferred by ${sender}` },
      says: { what: "handedTo", values: [sender, agent.name] },
      offeredTo: agent.id,
    };
  };
}

/** Accepts an offer. Refusal `conflict` where it isn't offered to this agent any more. */
export function accept(agent: AgentRef): ControlRule {
  const taking = take(agent);
  return (current) => {
    if (current.agent?.id === agent.id) return "unchanged";
    if (current.offer?.to.id === agent.id) {
      const decision = taking(current);
      return decision === "unchanged" ? decision : { ...decision, offeredTo: agent.id };
    }
    if (current.agent !== null) throw new Refusal("already_taken", `${current.agent.name} took this conversation.`);
    throw new Refusal("conflict", "This conversation is not offered to you any more; you can still take it.");
  };
}

/** Takes it from whoever answers, for those who supervise. */
export function takeOver(agent: AgentRef): ControlRule {
  const taking = take(agent);
  return (current) => {
    if (current.agent === null || current.agent.id === agent.id) return taking(current);
    return {
      change: { to: "agent", agent, open: true, by: { kind: "account", id: agent.id }, reason: `taken over from ${current.agent.name}` },
      says: { what: "joined", values: [agent.name] },
    };
  };
}

/** Back to the front of the queue, where the agent who answered isn't there any more; `why` is told after their name. */
export function giveBack(agent: string, why: string): ControlRule {
  return (current) =>
    current.agent?.id === agent
      ? {
          change: { to: "queue", toFront: true, by: { kind: "system" }, reason: `${current.agent.name} ${why}` },
          says: { what: "frontOfLine" },
        }
      : "unchanged";
}

/** Back to the bot, by whoever holds it. */
export function handBack(agent: AgentRef): ControlRule {
  return held(agent, (current) =>
    current.controller === "bot"
      ? "unchanged"
      : {
          change: { to: "bot", by: { kind: "account", id: agent.id }, reason: "handed back" },
          says: { what: "handedBack", values: [agent.name] },
        },
  );
}

/** To the front of a team's queue, by whoever holds it; without a team of its own team's. */
export function toQueue(agent: AgentRef, team?: { key: string; name: string }): ControlRule {
  const by = { kind: "account", id: agent.id } as const;
  return held(agent, (current) => {
    if (current.controller === "queue" && (team === undefined || team.key === current.team)) return "unchanged";
    if (team === undefined) {
      return {
        change: { to: "queue", open: true, toFront: current.agent !== null, by, reason: "transferred to the queue" },
        says: { what: "backInQueue", values: [agent.name] },
      };
    }
    return {
      change: { to: "queue", open: true, team: team.key, toFront: true, by, reason: `transferred to ${team.name}` },
      says: { what: "handedTo", values: [agent.name, team.name] },
    };
  });
}

/** Ends it; a visitor who writes again begins with the bot. */
export function close(agent: AgentRef): ControlRule {
  return held(agent, (current) =>
    current.open
      ? {
          change: { to: "bot", open: false, by: { kind: "account", id: agent.id }, reason: "closed" },
          says: { what: "closedBy", values: [agent.name] },
        }
      : "unchanged",
  );
}

/** Opens a closed one again, held by whoever does it. */
export function reopen(agent: AgentRef): ControlRule {
  return (current) => {
    if (current.open) return "unchanged";
    return {
      change: { to: "agent", agent, open: true, by: { kind: "account", id: agent.id }, reason: "reopened" },
      says: { what: "reopened", values: [agent.name] },
    };
  };
}

/** Into the queue for a person; one who waits keeps the place, and with a person there is nothing to do. */
export function askForPerson(reason: string, says: Told, team?: string): ControlRule {
  return (current) =>
    current.controller === "bot"
      ? { change: { to: "queue", open: true, ...(team === undefined ? {} : { team }), by: { kind: "visitor" }, reason }, says }
      : "unchanged";
}

/** A visitor leaves the queue. */
export function leaveQueue(): ControlRule {
  return (current) =>
    current.controller === "queue"
      ? {
          change: { to: "bot", by: { kind: "visitor" }, reason: "left the queue" },
          says: { what: "leftQueue" },
        }
      : "unchanged";
}

/** A visitor ends their own conversation, whoever has it; writing again opens it. */
export function endedByVisitor(): ControlRule {
  return (current) =>
    current.open
      ? { change: { to: "bot", open: false, by: { kind: "visitor" }, reason: "ended by the visitor" }, says: { what: "ended" } }
      : "unchanged";
}

/** What only the agent who answers may do; while nobody answers, any agent. */
function held(agent: AgentRef, rule: ControlRule): ControlRule {
  return (current) => {
    mayGiveAway(agent, current);
    return rule(current);
  };
}

/** What was merged is controlled where it went. Refusal `conflict`. */
export function refuseMerged({ muted }: Standing): void {
  if (muted === "merged")
    throw new Refusal("conflict", "This conversation is merged into another one; do it there, or unmerge them first.", {
      path: "args.conversation",
    });
}

/** Refusal `not_your_conversation` where somebody else answers. */
export function mayGiveAway(agent: AgentRef, current: Control): void {
  if (current.agent !== null && current.agent.id !== agent.id)
    throw new Refusal("not_your_conversation", `${current.agent.name} answers this conversation; ask them for a transfer.`);
}

export function agentRef(principal: AccountPrincipal): AgentRef {
  return { id: principal.account, name: principal.name };
}
