import pg from "pg";
import { z } from "zod";
import { startChat } from "../chat.ts";
import { ackDelays } from "../history/delays.ts";
import { quantile } from "../history/prompt.ts";
import { type Answer, answerOf, type Office } from "../operations/office.ts";
import { operationsEnd, outcomesOf } from "../operations/outcomes.ts";
import { people } from "../operations/shop.ts";
import { openBoth, withShop } from "../operations/shops.ts";
import { pause, soon } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 16, 17, 24, 25 and 44 for operations: other people's databases are slow, say too much, are in the way, or break off. */
export const slowOperations: Row[] = [
  withShop({ number: 16, fault: "a shop that never answers an operation", shape: "one", inject: silent }),
  withShop({ number: 17, fault: "a shop that answers too much", shape: "one", inject: tooMuch }),
  withShop({ number: 24, fault: "slow operations take every connection to their shop", shape: "one", inject: slow }),
  withShop({ number: 25, fault: "deadlocks in the shop that operations write to", shape: "one", inject: deadlocks }),
  withShop({ number: 44, fault: "a shop that breaks off, speaks no TLS, or is gone", shape: "one", inject: broken }),
];

/** Its deadline is 15 s; then it is given 1.5 s to end on its server. */
const givenUpWithinMs = 18_000;

async function silent(world: World): Promise<Findings> {
  const { shop, office } = await openBoth(world);
  const chat = await startChat(world, { visitors: 8, tabs: 0, held: 0, perSecond: 10 });
  const [asked, longestMs, cancelledMs] = await world.fault("silence", async () => {
    // Connections that are there hang; new ones would not even come to be.
    await Promise.all([1, 2, 3, 4].map(() => office.run("everybody", {})));
    shop.proxy.hold("down");
    const at = performance.now();
    const cancelled = cancelOne(office);
    const answers = await Promise.all(Array.from({ length: 3 }, () => office.run("everybody", {})));
    const ended = await Promise.all(answers.map((answer) => endOf(office, answer)));
    return [ended, performance.now() - at, await cancelled] as const;
  });
  shop.proxy.pass();
  const at = performance.now();
  const back = await soon(5000, async () => stateOf(await office.run("everybody", {})) === "succeeded");
  const backMs = performance.now() - at;
  chat.stop();
  return {
    injected: "operations of which no answer comes, one of them cancelled",
    figures: { longestMs, cancelledMs, backMs },
    violations: [
      ...require(asked.every(
        (run) => run.state === "failed" && run.error !== "",
      ), `they ended as ${asked.map(({ state }) => state).join(", ")}`),
      ...require(longestMs <= givenUpWithinMs, `they ended after ${Math.round(longestMs)} ms`),
      ...require(cancelledMs <= 5000, `a cancelled one ended after ${Math.round(cancelledMs)} ms`),
      ...require(back, "no operation was answered within 5 s of the shop's return"),
    ],
  };
}

async function cancelOne(office: Office): Promise<number> {
  const { id, state } = answerOf(await office.begin("everybody", {}));
  if (state !== "running") return Number.POSITIVE_INFINITY;
  const at = performance.now();
  await office.ask("ann", 0, "POST", `/runs/${id}/cancel`, {});
  await soon(10_000, async () => stateOf(await office.ask("ann", 0, "GET", `/runs/${id}`)) !== "running", 50);
  return performance.now() - at;
}

async function tooMuch(world: World): Promise<Findings> {
  const { office } = await openBoth(world);
  const chat = await startChat(world, { visitors: 8, tabs: 0, held: 0, perSecond: 10 });
  const answers = await world.fault("too much", async () => {
    const many = await Promise.all(Array.from({ length: 4 }, () => office.run("everything", {})));
    return [...many, await office.run("wide", {})];
  });
  chat.stop();
  const told = answers.map(({ body }) => tableOf.safeParse(body)).flatMap(({ data }) => (data === undefined ? [] : [data]));
  const rows = told.map(({ data }) => data.rows.length);
  const bytes = told.map(({ data }) => Buffer.byteLength(JSON.stringify(data)));
  return {
    injected: "queries for 1,600 million rows, and for rows of 100 kB",
    figures: { rows: Math.max(...rows), bytes: Math.max(...bytes) },
    violations: [
      ...require(told.length === answers.length, `only ${told.length} of ${answers.length} were answered with a table`),
      ...require(told.every(
        ({ data, messages }) => data.truncated && /first \d+ of more/.test(messages[0]?.text ?? ""),
      ), "an answer doesn't say that it is cut"),
      ...require(Math.max(...rows) <= 1000 && Math.max(...bytes) <= 1_500_000, "an answer is longer than 1,000 rows or 1 MB"),
    ],
  };
}

const slowAtOnce = 60;

/** They wait for a table, so that nothing but their connections is used up. */
async function slow(world: World, { seconds }: Scale): Promise<Findings> {
  const { shop, office } = await openBoth(world);
  const chat = await startChat(world, { visitors: 20, tabs: 0, held: 4, perSecond: 30 });
  const calmFrom = performance.now();
  await pause(3000);
  const begunAt = performance.now();
  const states = await world.fault("slow operations", async () => {
    const locker = new pg.Client({ ...shop.settings, port: world.postgres.port, ssl: false });
    await locker.connect();
    await locker.query("begin; lock table person in access exclusive mode");
    const over = performance.now() + seconds * 1000;
    const ask = async () => {
      const found: string[] = [];
      while (performance.now() < over) found.push(stateOf(await office.run("everybody", {})));
      return found;
    };
    const all = await Promise.all(Array.from({ length: slowAtOnce }, ask));
    await locker.end();
    return all.flat();
  });
  const endedAt = performance.now();
  await pause(1000);
  chat.stop();
  await operationsEnd(world);
  const calmP99Ms = quantile(ackDelays(world.history.events, calmFrom, begunAt), 0.99);
  const p99Ms = quantile(ackDelays(world.history.events, begunAt, endedAt), 0.99);
  const after = stateOf(await office.run("everybody", {}));
  const { count, violations } = await outcomesOf(world, shop);
  return {
    injected: `${slowAtOnce} operations at once that wait for a table, ${states.length} in all`,
    figures: { calmP99Ms, p99Ms, refused: count("refused"), failed: count("failed") },
    violations: [
      ...violations,
      ...require(after === "succeeded", `afterwards one ended as ${after}`),
      ...require(p99Ms <=
        Math.max(200, 5 * calmP99Ms), `acks took ${Math.round(p99Ms)} ms (p99) meanwhile, ${Math.round(calmP99Ms)} before`),
    ],
  };
}

async function deadlocks(world: World, { seconds }: Scale): Promise<Findings> {
  const { shop, office } = await openBoth(world);
  const url = { ...shop.settings, port: world.postgres.port, ssl: false };
  await shop.ask("alter system set deadlock_timeout = '50ms'");
  await shop.ask("select pg_reload_conf()");
  const over = performance.now() + seconds * 1000;
  let going = true;
  const rival = async () => {
    const client = new pg.Client(url);
    await client.connect();
    while (going) {
      // Two rows in any order, as the operation goes over all of them in its own.
      const first = 1 + Math.floor(world.random() * people);
      const words = "update person set name = name where id = $1";
      await client
        .query("begin")
        .then(() => client.query(words, [first]))
        .then(() => pause(20))
        .then(() => client.query(words, [1 + (first % people)]))
        .then(() => client.query("commit"))
        .catch(() => client.query("rollback"));
    }
    await client.end();
  };
  const rivals = [rival(), rival(), rival()];
  const { asked, hit } = await world.fault("rival", async () => {
    let [asked, hit] = [0, 0];
    while (performance.now() < over || (hit === 0 && performance.now() < over + 20_000)) {
      const plan = await office.ask("ann", 0, "POST", "/commands/rename/runs", { args: { marker: `+${asked++}` } });
      const { id, state } = answerOf(plan);
      const last = state === "waiting" ? await office.approve(id, 0) : plan;
      if (wasHit.safeParse(last.body).success) hit++;
    }
    return { asked, hit };
  });
  going = false;
  await Promise.all(rivals);
  await shop.ask("alter system reset deadlock_timeout");
  await shop.ask("select pg_reload_conf()");
  await operationsEnd(world);
  const names = (await shop.ask("select name from person order by id")).map(({ name }) => String(name).split("+").length - 1);
  const { count, violations } = await outcomesOf(world, shop);
  return {
    injected: `deadlocks with ${asked} operations that write, of which ${hit} lost`,
    figures: { operations: asked, lost: hit, succeeded: count("succeeded"), refused: count("refused"), failed: count("failed") },
    violations: [
      ...violations,
      ...require(names.every(
        (times) => times === count("succeeded"),
      ), `${count("succeeded")} succeeded, and the rows were changed ${names.join(" and ")} times`),
      ...require(hit > 0, "no operation ever lost a deadlock"),
      ...require(count("uncertain") === 0, `${count("uncertain")} are uncertain, though a deadlock says that nothing was done`),
    ],
  };
}

async function broken(world: World): Promise<Findings> {
  const { shop, office } = await openBoth(world);
  const chat = await startChat(world, { visitors: 8, tabs: 0, held: 0, perSecond: 10 });
  const found = await world.fault("broken", async () => {
    const cutting = setInterval(() => shop.proxy.cutMidFrame(), 5);
    const cut = await Promise.all([1, 2, 3, 4].map(() => office.run("everything", {})));
    clearInterval(cutting);
    shop.proxy.refuse(true);
    shop.proxy.reset();
    const gone = await Promise.all([1, 2, 3, 4].map(() => office.run("everybody", {})));
    shop.proxy.refuse(false);
    const secure = await office.ask("ann", 0, "POST", "/data-sources", { name: "secure", ...shop.settings, tls: true });
    const test = await office.ask("ann", 0, "POST", "/data-sources/secure/test");
    const inside = await office.ask("ann", 0, "POST", "/data-sources", { name: "inside", ...shop.settings, port: 5432 });
    return { cut, gone, secure, test, inside };
  });
  const back = stateOf(await office.run("everybody", {}));
  chat.stop();
  const words = (answer: Answer) => errorOf.safeParse(answer.body).data?.error.message ?? "";
  const telling = [...found.cut, ...found.gone, found.test].map(words);
  return {
    injected: "cut in the middle of rows, gone, without TLS, and an address inside that isn't allowed",
    figures: { told: telling.filter((text) => text !== "").length },
    violations: [
      ...require(telling.every((text) =>
        /data source/.test(text),
      ), `somebody is told: ${telling.find((text) => !/data source/.test(text))}`),
      ...require(/TLS/.test(words(found.test)), `without TLS it is said: ${words(found.test)}`),
      ...require(found.inside.status === 422, `an address inside was answered with ${found.inside.status}`),
      ...require(back === "succeeded", `afterwards one ended as ${back}`),
    ],
  };
}

const tableOf = z.object({
  messages: z.array(z.object({ text: z.string() })),
  data: z.object({ rows: z.array(z.array(z.unknown())), truncated: z.boolean() }),
});
/** What the loser of a deadlock is told. */
const wasHit = z.object({
  error: z.object({ code: z.literal("conflict"), message: z.string().regex(/changed these rows at the same time/) }),
});
const errorOf = z.object({ error: z.object({ message: z.string() }) });

function stateOf(answer: Answer): string {
  return answerOf(answer).state;
}

/** How a run ends that may go on for longer than whoever asked waits. */
async function endOf(office: Office, answer: Answer): Promise<{ state: string; error: string }> {
  let run = answerOf(answer);
  await soon(
    30_000,
    async () => {
      if (run.state === "running") run = answerOf(await office.ask("ann", 0, "GET", `/runs/${run.id}`));
      return run.state !== "running";
    },
    100,
  );
  return run;
}
