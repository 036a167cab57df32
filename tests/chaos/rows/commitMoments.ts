import { startChat } from "../chat.ts";
import { query } from "../processes/postgres.ts";
import { pause, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 2 and 3: the two sides of a commit. The proxy before the database holds the moment still until the process is dead. */
export const commitMoments: Row[] = [
  {
    number: 2,
    fault: "gateway killed between COMMIT and ack",
    shape: "one",
    inject: (world, scale) => killAround(world, scale, "after"),
  },
  {
    number: 3,
    fault: "gateway killed before COMMIT",
    shape: "one",
    inject: (world, scale) => killAround(world, scale, "before"),
  },
];

async function killAround(world: World, { rounds }: Scale, side: "before" | "after"): Promise<Findings> {
  const chat = await startChat(world, { visitors: 12, tabs: 4, held: 4, perSecond: 20 });
  const gateway = world.product("a");
  let committed = 0;
  let pending = 0;
  for (let round = 0; round < rounds; round++) {
    await pause(400 + 400 * world.random());
    // Whoever is under way is let through: at the moment itself there is one message, and a free statement for it.
    chat.stop();
    await until("nobody waits for an ack", 10_000, () => world.visitors.every(({ waiting, open }) => waiting === 0 && open));
    await world.fault(`kill ${round}`, async () => {
      // What the product writes from here on reaches the database (after) or stays on the way (before); no answer comes back.
      world.databaseProxy.hold(...(side === "after" ? (["down"] as const) : (["up", "down"] as const)));
      const [visitor] = chat.visitors.slice(-1 - (round % 4));
      const text = `reverse a message of round ${round} at the ${side} side`;
      visitor?.say(text);
      const stored = async () => (await query(world.databaseUrl, "select from message where text = $1", [text])).length === 1;
      if (side === "after") await until("the message is committed", 4000, stored);
      else await pause(300);
      if (await stored()) committed++;
      else pending++;
      await gateway.kill();
      world.databaseProxy.reset();
      world.databaseProxy.pass();
      await gateway.start();
    });
    chat.start();
  }
  await pause(1000);
  chat.stop();
  const right = side === "after" ? committed : pending;
  return {
    injected: `${rounds} kills, each with a message ${side === "after" ? "committed and not acked" : "on its way to the database"}`,
    figures: { moments: right },
    violations: require(right === rounds, `only ${right} of ${rounds} kills hit the moment`),
  };
}
