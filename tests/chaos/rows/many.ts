import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";
import { startChat } from "../chat.ts";
import { quantile } from "../history/prompt.ts";
import { instant } from "../people/crowdOrders.ts";
import { query } from "../processes/postgres.ts";
import { pause, soon } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 11 and 51: more sockets than are good. */
export const many: Row[] = [
  { number: 11, fault: "reconnect storm", shape: "one", jitterMs: 3000, inject: storm },
  { number: 51, fault: "files run out", shape: "one", openFiles: 256, inject: exhaustFiles },
];

const acceptedWithinMs = 30_000;

async function storm(world: World, { sockets, seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 16, tabs: 4, held: 4, perSecond: 20 });
  const count = sockets * 2;
  const tokens = await makeVisits(world, count);
  const begunAt = instant();
  const [crowd, all] = await world.fault("storm", async () => {
    const crowd = world.crowd({ count, tokens, home: 0, atOnce: count });
    return [crowd, await crowd.isThere(count, 0, 60_000)] as const;
  });
  const { welcomedAt, refusals, forgotten } = await crowd.look();
  const welcomed = welcomedAt.map((at) => (at > begunAt ? at - begunAt : 60_000)).sort((one, other) => one - other);
  await pause(Math.min(seconds, 5) * 1000);
  chat.stop();
  const unavailable = [...refusals, ...world.visitors.flatMap((visitor) => visitor.refusals)].filter(
    (code) => code === "unavailable",
  ).length;
  const worst = welcomed.at(-1) ?? 0;
  return {
    injected: `${count} sockets with tokens at once`,
    figures: { welcomedP50Ms: quantile(welcomed, 0.5), welcomedP99Ms: quantile(welcomed, 0.99), welcomedWorstMs: worst, unavailable },
    violations: [
      ...require(all && worst <= acceptedWithinMs, `the last one was welcomed after ${Math.round(worst)} ms`),
      ...require(unavailable === 0, `${unavailable} were told that the database can't be reached`),
      ...require(forgotten === 0, `${forgotten} pages were refused their conversation`),
    ],
  };
}

/** Visits of people who were here before, written past the product: opening as many sockets one after the other takes a minute. */
async function makeVisits(world: World, count: number): Promise<string[]> {
  await query(
    world.databaseUrl,
    `with who as (select n, gen_random_uuid() as contact, gen_random_uuid() as conversation from generate_series(0, $1::int - 1) n),
       place as (select tenant_id, id, team from inbox limit 1),
       contacts as (insert into contact (tenant_id, id, name) select tenant_id, contact, 'Visitor ' || n from who, place),
       conversations as (insert into conversation (tenant_id, id, inbox_id, contact_id, team)
         select tenant_id, conversation, place.id, contact, team from who, place)
     insert into visitor_token (tenant_id, token_hash, inbox_id, contact_id, conversation_id)
     select tenant_id, sha256(convert_to('storm-' || n, 'UTF8')), place.id, contact, conversation from who, place`,
    [count],
  );
  return Array.from({ length: count }, (_, n) => `storm-${n}`);
}

async function exhaustFiles(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 20, tabs: 4, held: 4, perSecond: 20 });
  const { port } = world.product("a");
  const refused = { 503: 0, other: 0 };
  const opened: (WebSocket | Socket)[] = [];
  const before = [...world.visitors].map(({ closes }) => closes.length);
  await world.fault("exhaustion", async () => {
    // In waves: of more connections at once than there are files, the system itself ends some before anybody can answer them.
    for (let wave = 0; wave < 25; wave++) {
      for (const status of await Promise.all(Array.from({ length: 10 }, () => upgrade(port, opened)))) {
        if (status === 503) refused[503]++;
        else if (status !== 101) refused.other++;
      }
    }
    // Connections that ask for nothing are not counted among the sockets: they take the files that were kept free.
    for (let index = 0; index < 200; index++) {
      const idle = connect(port, "127.0.0.1");
      idle.on("error", () => {});
      opened.push(idle);
    }
    await pause(Math.min(seconds, 5) * 1000);
    for (const one of opened) one instanceof WebSocket ? one.terminate() : one.destroy();
  });
  const closedMeanwhile = world.visitors.filter(({ closes }, index) => closes.length > (before[index] ?? 0)).length;
  await pause(1000);
  const takes = await soon(5000, async () => (await upgrade(port, opened)) === 101);
  for (const one of opened) one instanceof WebSocket ? one.terminate() : one.destroy();
  chat.stop();
  return {
    injected: "250 sockets and 200 silent connections to a process with 256 files",
    figures: { refused503: refused[503], refusedOtherwise: refused.other, closedMeanwhile },
    violations: [
      ...require(refused[503] > 50, `${refused[503]} sockets were refused with 503`),
      ...require(refused.other === 0, `${refused.other} sockets were refused otherwise`),
      ...require(closedMeanwhile === 0, `${closedMeanwhile} sockets of people who talk were closed`),
      ...require(takes, "it takes no socket after the others are gone"),
      ...require(world.product("a").running, "it ended"),
    ],
  };
}

/** The status that a new visitor's socket is answered with. */
function upgrade(port: number, opened: (WebSocket | Socket)[]): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/visitor`, { origin: "http://switchboard.test", handshakeTimeout: 5000 });
    socket.on("open", () => {
      opened.push(socket);
      resolve(101);
    });
    socket.on("unexpected-response", (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on("error", () => resolve(0));
  });
}
