import { startChat } from "../chat.ts";
import type { Office } from "../operations/office.ts";
import { operationsEnd, outcomesOf } from "../operations/outcomes.ts";
import type { Shop } from "../operations/shop.ts";
import { openBoth, withShop } from "../operations/shops.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 14 and 15 for operations: the process that runs them dies, or stands still until others took it for dead. */
export const stoppedOperations: Row[] = [
  withShop({ number: 14, fault: "operations whose process is killed", shape: "two", inject: killed }),
  withShop({ number: 15, fault: "operations whose process stands still until it is taken for dead", shape: "two", inject: asleep }),
];

async function killed(world: World, { rounds }: Scale): Promise<Findings> {
  const { shop, office } = await openBoth(world);
  const victim = world.product("a");
  const chat = await startChat(world, { visitors: 6, tabs: 0, held: 0, perSecond: 5 });
  const kept = await office.askToPay("pay-kept");
  const reshaped = await office.askToPay("pay-reshaped");
  await world.fault("kill", async () => {
    for (let round = 1; round <= rounds; round++) {
      await killAtCommit(world, office, shop, round);
      await victim.start();
      await killSomewhere(world, office, round);
      await victim.start();
    }
    // Others take it for dead after a minute of silence.
    await operationsEnd(world);
  });
  // What waited lives through it, and is done as it was agreed to, or not at all.
  await office.approve(kept, rounds);
  await office.ask("ann", 0, "PATCH", "/operations/pay", {
    query: { dataSource: "shop", sql: "insert into payment (marker) values (:marker), (:marker)", writes: true },
  });
  await office.ask("ann", 0, "POST", "/operations/pay/publish");
  await office.approve(reshaped, 0);
  chat.stop();
  await operationsEnd(world);
  const { runs, count, violations } = await outcomesOf(world, shop);
  const stateOf = (id: string) => runs.find((run) => run.id === id)?.state;
  const paidUnknown = runs.filter(({ marker, state }) => marker.startsWith("pay-done") && state === "uncertain");
  return {
    injected: `${2 * rounds} times kill -9 of a process that ran operations`,
    figures: { runs: runs.length, succeeded: count("succeeded"), uncertain: count("uncertain"), failed: count("failed") },
    violations: [
      ...violations,
      ...require(stateOf(kept) === "succeeded", `what waited through the kills is ${stateOf(kept)} after its approval`),
      ...require(stateOf(reshaped) === "refused", `what was agreed to in another shape is ${stateOf(reshaped)}`),
      ...require(paidUnknown.length === rounds &&
        paidUnknown.every(({ effects }) =>
          effects.some(({ check }) => check.includes("shop")),
        ), "what was done unseen isn't uncertain, with the place to look"),
    ],
  };
}

/** The shop has done it, and its process dies before it hears that. */
async function killAtCommit(world: World, office: Office, shop: Shop, round: number): Promise<void> {
  const marker = `pay-done-${round}`;
  const commits = await shop.holdCommits();
  const id = await office.askToPay(marker);
  const approved = office.approve(id, 0).catch(() => undefined);
  await until("the payment waits at its commit", 10_000, () => commits.isWaiting());
  shop.proxy.hold("down");
  await commits.letGo();
  await until("the payment is made", 10_000, async () => (await shop.payments()).has(marker));
  await world.product("a").kill();
  shop.proxy.pass();
  await approved;
}

/** Some of each kind under way, at any point. */
async function killSomewhere(world: World, office: Office, round: number): Promise<void> {
  const payments = await Promise.all([1, 2, 3].map((n) => office.askToPay(`pay-${round}-${n}`)));
  const asked = [
    ...payments.map((id) => office.approve(id, 0).catch(() => undefined)),
    ...[1, 2, 3].map((n) => office.run("letter", { marker: `letter-${round}-${n}` }, 0)),
    office.run("letters", { marker: `all-${round}` }, 0),
    office.run("slowly", {}, 0),
  ];
  await pause(200 + world.random() * 800);
  await world.product("a").kill();
  await Promise.all(asked);
  // Whose approval was not heard any more, is approved again.
  for (const id of payments) await office.approve(id, 1);
}

/** Longer than the minute after which others take it for dead, and their next look. */
const sleepMs = 80_000;

async function asleep(world: World): Promise<Findings> {
  const { shop, office } = await openBoth(world);
  const sleeper = world.product("a");
  const chat = await startChat(world, { visitors: 4, tabs: 0, held: 0, perSecond: 3 });
  const payments = await Promise.all(Array.from({ length: 6 }, (_, n) => office.askToPay(`pay-${n}`)));
  const settled = await world.fault("sleep", async () => {
    // Two are done without its knowledge, the others have just begun.
    const commits = await shop.holdCommits();
    const approve = (id: string) => office.approve(id, 0).catch(() => undefined);
    const asked = payments.slice(0, 2).map(approve);
    await until("a payment waits at its commit", 10_000, () => commits.isWaiting());
    shop.proxy.hold("down");
    await commits.letGo();
    asked.push(...payments.slice(2).map(approve));
    const letters = [1, 2, 3].map((n) => office.run("letters", { marker: `all-${n}` }, 0).catch(() => undefined));
    await pause(200 + world.random() * 300);
    sleeper.signal("SIGSTOP");
    shop.proxy.pass();
    await soon(sleepMs, async () => (await outcomesOf(world, shop)).count("running") === 0, 1000);
    const done = await settleAll(world, office, shop);
    sleeper.signal("SIGCONT");
    await Promise.all([...asked, ...letters]);
    return done;
  });
  // What the sleeper believed to be its own comes to its end now; what it never approved is withdrawn.
  await pause(3000);
  for (const id of payments) await office.ask("ann", 1, "POST", `/runs/${id}/cancel`, {});
  chat.stop();
  await operationsEnd(world);
  const { runs, count, violations } = await outcomesOf(world, shop);
  return {
    injected: `SIGSTOP of a process with ${runs.length} runs under way or done, until they were settled by somebody who looked`,
    figures: { runs: runs.length, settled, succeeded: count("succeeded"), failed: count("failed"), uncertain: count("uncertain") },
    violations: [...violations, ...require(settled > 0, "nothing was under way when the process was stopped")],
  };
}

/** Somebody looks at the shop, and says of each uncertain payment what they found. */
async function settleAll(world: World, office: Office, shop: Shop): Promise<number> {
  const payments = await shop.payments();
  const { runs } = await outcomesOf(world, shop);
  const uncertain = runs.filter(({ command, state }) => command === "pay" && state === "uncertain");
  for (const { id, marker } of uncertain) {
    const found = payments.has(marker) ? "happened" : "failed";
    await office.ask("ann", 1, "POST", `/runs/${id}/settle`, { found });
  }
  return uncertain.length;
}
