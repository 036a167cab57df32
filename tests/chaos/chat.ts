import type { Agent } from "./people/agent.ts";
import type { Visitor } from "./people/visitor.ts";
import { until } from "./processes/until.ts";
import type { World } from "./world.ts";

export interface ChatSettings {
  visitors: number;
  /** How many visitors have a second tab, with another gateway where there is one. */
  tabs: number;
  /** How many conversations the two agents hold between them. */
  held: number;
  perSecond: number;
}

export interface Chat {
  visitors: Visitor[];
  agents: Agent[];
  /** Says one thing more, whoever's turn it is. */
  say(): void;
  start(): void;
  stop(): void;
}

/** Nobody writes on while so many of theirs aren't acknowledged: what is asked for beyond what the product can take would only grow without end. */
const mostWaiting = 20;
const words = "the quick brown fox jumps over a lazy dog while nine grey herons look on".split(" ");

/** People who talk: visitors with the bot, some with an agent who answers, in the rhythm that the seed gives. */
export async function startChat(world: World, { visitors: count, tabs, held, perSecond }: ChatSettings): Promise<Chat> {
  const gateways = world.gateways.length;
  const visitors = Array.from({ length: count }, (_, index) => world.visitor(world.doors(index % gateways)));
  await until("all visitors are welcomed", 30_000, () => visitors.every((visitor) => visitor.open));
  const others = visitors
    .slice(0, tabs)
    .map(({ token = "", name }, index) => world.visitor(world.doors((index + 1) % gateways), { known: { token }, name: `${name}-tab2` }));
  const agents = held === 0 ? [] : [await world.agent(0), await world.agent(1)];
  await Promise.all(visitors.slice(0, held).map((visitor, index) => attend(agents[index % 2], visitor)));
  await until("all tabs and watches are there", 10_000, () => [...others, ...agents].every(({ open }) => open));

  let said = 0;
  const text = () =>
    `${++said} ${Array.from({ length: 2 + Math.floor(world.random() * 5) }, () => words[Math.floor(world.random() * words.length)]).join(" ")}`;
  const say = () => {
    const index = Math.floor(world.random() * visitors.length);
    const visitor = visitors[index];
    if (visitor === undefined || visitor.waiting >= mostWaiting) return;
    const agent = index < held ? agents[index % 2] : undefined;
    if (agent === undefined || world.random() >= 0.4) visitor.say(`reverse ${text()}`);
    else if (visitor.agent === agent.name) agent.say(visitor.conversation, `reply ${text()}`);
    else takeBack(agent, visitor);
  };
  // Whoever is away for too long loses what they have; a colleague who has it meanwhile keeps it.
  const beingTaken = new Set<Visitor>();
  const takeBack = (agent: Agent, visitor: Visitor) => {
    if (visitor.agent !== null || beingTaken.has(visitor)) return;
    beingTaken.add(visitor);
    const over = () => beingTaken.delete(visitor);
    agent.take(visitor.conversation).then(over, over);
  };
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    if (perSecond === 0) return;
    timer = setTimeout(
      () => {
        say();
        next();
      },
      (-Math.log(1 - world.random()) * 1000) / perSecond,
    );
  };
  next();
  return { visitors, agents, say, start: next, stop: () => clearTimeout(timer) };
}

async function attend(agent: Agent | undefined, visitor: Visitor): Promise<void> {
  if (agent === undefined) return;
  const run = await agent.take(visitor.conversation);
  if (run.state !== "succeeded") throw new Error(`${agent.name} could not take a conversation: ${run.error?.message ?? run.state}`);
  agent.watch(`conversation:${visitor.conversation}`);
}
