import { startChat } from "../chat.ts";
import { query } from "../processes/postgres.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";
import { serveSlowly } from "./slowAutomation.ts";

/** Row 12: whoever answers turns dies, or sleeps for longer than its lease and wakes. */
export const router: Row[] = [
  { number: 12, fault: "router killed, and stopped for longer than its lease", shape: "split", seconds: 60, inject: loseRouter },
];

const takenWithinMs = 10_000;
/** The lease is 5 s, and a sweep each second retakes what has ended. */
const leastSleepMs = 9000;

async function loseRouter(world: World, { seconds }: Scale): Promise<Findings> {
  const sleepMs = Math.max(leastSleepMs, seconds * 1000);
  if (world.nats === undefined) throw new Error("this row needs nats-server");
  const slow = await serveSlowly(world.nats.port, 2000);
  const [a, b] = [world.product("router-a"), world.product("router-b")];
  await until("both routers know the slow automation", 10_000, () => [a, b].every((one) => one.said(slow.name)));
  const chat = await startChat(world, { visitors: 20, tabs: 4, held: 0, perSecond: 10 });
  await pause(1000);
  let round = 0;
  const askAll = async () => {
    round++;
    for (const visitor of chat.visitors) visitor.say(`${slow.name} job ${round} of ${visitor.name}`);
    await soon(5000, () => slow.underWay() >= chat.visitors.length / 2);
  };
  const answeredAll = async (since: number) => {
    await soon(25_000, async () => (await waitingTurns(world)) === 0);
    return performance.now() - since;
  };

  const killedMs = await world.fault("kill", async () => {
    await askAll();
    const at = performance.now();
    await a.kill();
    return await answeredAll(at);
  });
  await a.start();
  await until("the router knows the slow automation again", 10_000, () => a.said(slow.name));
  const sleptMs = await world.fault("sleep", async () => {
    await askAll();
    const at = performance.now();
    b.signal("SIGSTOP");
    const answered = await answeredAll(at);
    await pause(Math.max(0, sleepMs - (performance.now() - at)));
    b.signal("SIGCONT");
    // What the sleeper believed to be its own comes to its end now.
    await pause(4000);
    return answered;
  });
  chat.stop();
  await soon(10_000, async () => (await waitingTurns(world)) === 0);
  await slow.stop();
  const repeated = [...slow.runs.values()].filter((times) => times > 1).length;
  return {
    injected: `kill -9 of a router and SIGSTOP of the other for ${sleepMs / 1000} s, with ${slow.runs.size} jobs under way in all`,
    figures: {
      retakenAfterKillMs: killedMs,
      retakenAfterSleepMs: sleptMs,
      jobs: slow.runs.size,
      uncertain: await uncertainAnswers(world),
      repeated,
    },
    violations: [
      ...require(killedMs <= takenWithinMs, `all turns of the killed router were answered after ${Math.round(killedMs)} ms`),
      ...require(sleptMs <= takenWithinMs, `all turns of the stopped router were answered after ${Math.round(sleptMs)} ms`),
      ...require(repeated === 0, `${repeated} jobs that change something were started twice`),
    ],
  };
}

async function waitingTurns(world: World): Promise<number> {
  const [row] = await query(world.databaseUrl, "select count(*)::int as turns from turn where dead_reason is null");
  return Number(row?.["turns"]);
}

async function uncertainAnswers(world: World): Promise<number> {
  const [row] = await query(
    world.databaseUrl,
    "select count(*)::int as n from message where key ~ '^t:' and text like 'I was interrupted%'",
  );
  return Number(row?.["n"]);
}
