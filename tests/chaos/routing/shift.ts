import type { Agent } from "../people/agent.ts";
import { Duty } from "../people/duty.ts";
import { Guest } from "../people/guest.ts";
import type { Visitor } from "../people/visitor.ts";
import { query } from "../processes/postgres.ts";
import { pause, soon, until } from "../processes/until.ts";
import type { World } from "../world.ts";
import { foundNeighbour, hire, setOfferSeconds } from "./hire.ts";
import { routingRests } from "./readRouting.ts";

export interface ShiftSettings {
  agents: number;
  /** How many each takes: together less than there are guests, so that somebody waits. */
  capacity: number;
  guests: number;
}

/** People whom routing brings together, for as long as a run goes on. */
export interface Shift {
  duties: readonly Duty[];
  /** Nobody asks any more; who waits is still served, as far as somebody may be asked. */
  end(): Promise<void>;
}

const offerSeconds = 5;
/** Between two things that one guest does. */
const pauseMs = 2500;
const names = ["Duda", "Egon", "Fay", "Gil", "Hedy", "Ivo", "Juno", "Kai"];

export async function startShift(world: World, { agents, capacity, guests }: ShiftSettings): Promise<Shift> {
  await world.keepTrail();
  await setOfferSeconds(world, offerSeconds);
  let said = 0;
  const outside = { random: world.random, history: world.history, text: () => `${++said} of the shift` };
  const duties: Duty[] = [];
  for (const [index, account] of (await hire(world, names.slice(0, agents), capacity)).entries())
    duties.push(new Duty(await world.colleague(account, { home: index % world.gateways.length }), outside));
  await Promise.all(duties.map((duty) => duty.begin()));
  world.afterwards(async () => {
    for (const duty of duties) duty.end();
  });
  const neighbours = await greetNeighbours(world, outside.text);

  let asking = true;
  const here: Guest[] = [];
  const comeIn = (index: number) => {
    here[index] = new Guest(world.visitor(world.doors(index % world.gateways.length), { name: `guest-${++said}` }), outside);
  };
  const keepAsking = async (index: number) => {
    comeIn(index);
    while (asking) {
      await pause(-Math.log(1 - world.random()) * pauseMs);
      if (!asking) return;
      const guest = here[index];
      guest?.next();
      if (guest?.done !== true) continue;
      world.goodbye(guest.visitor);
      comeIn(index);
    }
  };
  const asked = Array.from({ length: guests }, (_, index) => keepAsking(index));
  await until("all guests are welcomed", 30_000, () => here.every(({ visitor }) => visitor.open));

  return {
    duties,
    end: async () => {
      asking = false;
      neighbours.stop();
      await Promise.all(asked);
      for (const duty of duties) duty.manner = "hurried";
      await soon(serveMs, () => duties.every(({ agent }) => agent.open));
      const everybodyIsServed = () => soon(serveMs, async () => (await query(world.databaseUrl, routingRests))[0]?.["rests"] === true, 200);
      await everybodyIsServed();
      await Promise.all(duties.map((duty) => duty.rest()));
      // What was let go last has made room for others.
      await everybodyIsServed();
    },
  };
}

const serveMs = 30_000;

/** Another tenant's people, who talk all the while: whoever is told a word of them is told too much. */
async function greetNeighbours(world: World, text: () => string): Promise<{ stop(): void }> {
  const { tenant, inbox, account } = await foundNeighbour(world);
  const nora: Agent = await world.colleague(account, { home: 0, tenant });
  nora.watch("inbox");
  const visitors: Visitor[] = [0, 1].map((home) => world.visitor(world.doors(home), { inbox, tenant, name: `neighbour-${home}` }));
  await until("the neighbours are welcomed", 10_000, () => visitors.every(({ open }) => open));
  for (const { conversation } of visitors) nora.watch(`conversation:${conversation}`);
  const timer = setInterval(() => {
    for (const visitor of visitors) if (visitor.waiting === 0) visitor.say(`reverse ${text()} next door`);
  }, 1000);
  return { stop: () => clearInterval(timer) };
}
