import type { Agent } from "../people/agent.ts";
import { Duty } from "../people/duty.ts";
import { query } from "../processes/postgres.ts";
import { soon, until } from "../processes/until.ts";
import { hire } from "../routing/hire.ts";
import { type Findings, require } from "../row.ts";
import type { Account, World } from "../world.ts";

/** Somebody at the first gateway holds two conversations, while two others have waited for longer than those will have. */
export interface Holding {
  agent: Agent;
  held: string[];
  waiting: string[];
}

/** Before anybody else can be asked, so nobody else is online. The visitors talk to the other gateway. */
export async function startHolding(world: World): Promise<Holding> {
  await world.keepTrail();
  const guests = ["held-1", "held-2", "waiting-1", "waiting-2"].map((name) => world.visitor(world.doors(1), { name }));
  await until("the guests are welcomed", 30_000, () => guests.every(({ open }) => open));
  const agent = await world.colleague(await hireOne(world, "Gus", 2), { home: 0 });
  const [held, waiting] = [guests.slice(0, 2), guests.slice(2)];
  for (const { conversation } of held) {
    const { state, error } = await agent.take(conversation);
    if (state !== "succeeded") throw new Error(`a conversation could not be taken: ${error?.message ?? state}`);
  }
  // Online with all that they take: the others wait behind them.
  await agent.run("me.online", {});
  for (const guest of waiting) {
    guest.say("person");
    await until("the guest waits", 10_000, () => guest.controller === "queue");
  }
  return { agent, held: held.map(({ conversation }) => conversation), waiting: waiting.map(({ conversation }) => conversation) };
}

/** Shown offline within 15 s; unheard for as long, and looked for each second, they lose what they hold. */
const offlineWithinMs = 15_000;
const returnedWithinMs = 20_000;

/** Waits from the moment in which the holder is gone until that is seen, and what they held waits again. */
export async function seeReturned(world: World, { agent, held }: Holding, goneAt: number): Promise<Findings> {
  const since = () => performance.now() - goneAt;
  const offline = soon(offlineWithinMs + 5000, () => isShown(world, agent.name, false)).then(since);
  const returned = soon(returnedWithinMs + 5000, async () => (await queued(world, held)) === held.length, 200).then(since);
  const [holderOfflineMs, returnedMs] = [await offline, await returned];
  return {
    injected: `whoever held ${held.length} conversations there stayed away`,
    figures: { holderOfflineMs, returnedMs },
    violations: [
      ...require(holderOfflineMs <= offlineWithinMs, `who held conversations was shown offline after ${Math.round(holderOfflineMs)} ms`),
      ...require(returnedMs <= returnedWithinMs, `what they held waited again after ${Math.round(returnedMs)} ms`),
    ],
  };
}

const servedWithinMs = 40_000;

/** The next agent, who takes one at a time, is asked for what came back before those who had waited for longer. */
export async function askNext(world: World, { held, waiting }: Holding): Promise<Findings["violations"]> {
  let said = 0;
  const { random, history } = world;
  const next = await world.colleague(await hireOne(world, "Hal", 1), { home: 1 });
  const duty = new Duty(next, { random, history, text: () => `${++said} of the next` });
  duty.manner = "hurried";
  await duty.begin();
  world.afterwards(async () => duty.end());
  const names = new Map([...held.map((id) => [id, "held"] as const), ...waiting.map((id) => [id, "waiting"] as const)]);
  const order = () => offeredTo(world, next.name).flatMap((id) => names.get(id) ?? []);
  await soon(servedWithinMs, () => order().length >= names.size, 200);
  const wanted = [...names.values()].join(", ");
  return require(order().join(", ") === wanted, `the next agent was asked for: ${order().join(", ")}; and not: ${wanted}`);
}

/** Whether whoever looks at the agents was told last that this one is connected, or is not. */
export function isShown(world: World, name: string, connected: boolean): boolean {
  const last = world.history.events.findLast((event) => event.kind === "colleague" && event.agent === name);
  return last?.kind === "colleague" && last.connected === connected;
}

async function hireOne(world: World, name: string, capacity: number): Promise<Account> {
  const [account] = await hire(world, [name], capacity);
  if (account === undefined) throw new Error(`${name} was not hired`);
  return account;
}

async function queued(world: World, conversations: readonly string[]): Promise<number> {
  const [row] = await query(
    world.databaseUrl,
    "select count(*)::int as n from conversation where id = any($1::uuid[]) and controller = 'queue' and queue_rank = 0",
    [conversations],
  );
  return Number(row?.["n"]);
}

/** Each once, in the order in which their desk was told. */
function offeredTo({ history }: World, agent: string): string[] {
  const offers = history.events.flatMap((event) =>
    event.kind === "yours" && event.agent === agent && event.as === "offered" ? [event.conversation] : [],
  );
  return [...new Set(offers)];
}
