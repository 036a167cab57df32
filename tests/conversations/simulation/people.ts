import type { AccountPrincipal, VisitorPrincipal } from "../../../src/access/principal.ts";
import { type ControlRule, changeControl, close, handBack, take, toQueue } from "../../../src/conversations/control/changeControl.ts";
import { receiveAgentMessage } from "../../../src/conversations/ledger/receiveMessage.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { faultsEndMs, type World } from "./world.ts";

/** What people were told: the invariants hold the store against it. */
export interface Told {
  acked: { conversation: string; clientId: string; text: string; seq: number }[];
  /** An agent was told that a conversation is theirs, by this change of it. */
  theirs: { conversation: string; agent: string; generation: number; holder: string | null }[];
  agentAcked: { conversation: string; agent: string; seq: number; text: string }[];
}

const lines = ["echo a", "echo b", "ready", "ready", "charge 5", "charge 7", "help", "nonsense", "person", "leave", "gone", "refuse"];
const agents = [
  { id: "mia", name: "Mia" },
  { id: "otto", name: "Otto" },
];

/** Writes some messages, each until it is acked, as the page does: the same clientId to whichever process answers. */
export async function visit(world: World, told: Told, conversation: string): Promise<void> {
  const { dice } = world;
  const principal: VisitorPrincipal = { kind: "visitor", tenant: "t", inbox: "i", contact: "k", conversation };
  const rare = dice.chance() < 0.1 ? ["broken"] : dice.chance() < 0.1 ? ["silent"] : [];
  const count = dice.between(2, 5);
  for (let n = 0; n < count; n++) {
    await world.sleep(dice.between(0, 2500));
    const clientId = `m${n}`;
    const text = dice.pick([...lines, ...rare]);
    const twice = dice.chance() < 0.1;
    const seqs = await Promise.all([send(world, principal, clientId, text), ...(twice ? [send(world, principal, clientId, text)] : [])]);
    for (const seq of seqs) told.acked.push({ conversation, clientId, text, seq });
  }
}

async function send(world: World, visitor: VisitorPrincipal, clientId: string, text: string): Promise<number> {
  for (;;) {
    try {
      const process = world.someProcess();
      const received = process === undefined ? "nothing" : await world.within(1500, process.receive(visitor, clientId, text));
      // An ack may be lost on its way to the page.
      if (received !== "nothing" && world.dice.chance() > 0.03) return received.seq;
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "unavailable") throw error;
    }
    await world.sleep(300);
  }
}

/** Takes conversations, writes in them and lets them go, for as long as there are faults. */
export async function work(world: World, told: Told, agent: { id: string; name: string }, conversations: readonly string[]): Promise<void> {
  while (world.time.now() < faultsEndMs) {
    // Often at the same moment and place as the other, or two would seldom want the same.
    const together = world.dice.chance() < 0.6;
    const pause = world.dice.between(100, 2000);
    await world.sleep(together ? pause - ((world.time.now() + pause) % 1000) + 1000 : pause);
    const conversation = together ? (conversations[(world.time.now() / 1000) % 2] ?? "") : world.dice.pick(conversations);
    try {
      await act(world, told, agent, conversation);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === "internal") throw error;
    }
  }
}

export async function everybodyWorks(world: World, told: Told, conversations: readonly string[]): Promise<void> {
  await Promise.all(agents.map((agent) => work(world, told, agent, conversations)));
}

async function act(world: World, told: Told, agent: { id: string; name: string }, id: string): Promise<void> {
  const process = world.someProcess();
  if (process === undefined) return;
  const conversation = { tenant: "t", id };
  const deps = process.recording;
  const colleague = agents.find(({ id: other }) => other !== agent.id) ?? agent;
  switch (world.dice.pick(["take", "take", "say", "say", "hand back", "transfer", "queue", "close"])) {
    case "take": {
      const control = await world.within(2000, changeControl(deps, conversation, take(agent)));
      if (control !== "nothing")
        told.theirs.push({ conversation: id, agent: agent.id, generation: control.generation, holder: control.agent?.id ?? null });
      return;
    }
    case "say": {
      const text = `from ${agent.id}`;
      const clientId = `${agent.id}${world.time.now()}`;
      const received = await world.within(2000, receiveAgentMessage(deps, principalOf(agent), id, { clientId, text }));
      if (received !== "nothing") told.agentAcked.push({ conversation: id, agent: agent.id, seq: received.seq, text });
      return;
    }
    case "hand back":
      await world.within(2000, changeControl(deps, conversation, handBack(agent)));
      return;
    case "transfer":
      await world.within(2000, changeControl(deps, conversation, accepted(agent, colleague)));
      return;
    case "queue":
      await world.within(2000, changeControl(deps, conversation, toQueue(agent)));
      return;
    default:
      await world.within(2000, changeControl(deps, conversation, close(agent)));
  }
}

/** The colleague takes what the agent offered them; offers themselves the model doesn't have. */
function accepted(agent: { id: string; name: string }, colleague: { id: string; name: string }): ControlRule {
  return (current) =>
    current.agent?.id === agent.id
      ? take(colleague)({ ...current, offer: { to: colleague, kind: "transfer", until: "2026-11-21T10:00:00.000Z" } })
      : "unchanged";
}

function principalOf(agent: { id: string; name: string }): AccountPrincipal {
  return {
    kind: "account",
    tenant: "t",
    account: agent.id,
    name: agent.name,
    email: `${agent.id}@example.com`,
    session: "s",
    permissions: new Set(["conversations.answer"]),
    grants: [{ permission: "conversations.answer" }],
    roles: [],
    teams: [],
  };
}
