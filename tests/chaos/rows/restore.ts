import { startChat } from "../chat.ts";
import { query } from "../processes/postgres.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Row 27: the database is back as it was some time ago. What was said since is gone, and nobody may go on as if it weren't. */
export const restore: Row[] = [{ number: 27, fault: "PostgreSQL restored from an older backup", shape: "two", inject: restoreOlder }];

const recoveredWithinMs = 5000;
/** More than statements of one conversation may overtake each other. */
const outageMs = 8000;

async function restoreOlder(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 16, tabs: 6, held: 0, perSecond: 20 });
  const asleep = chat.visitors[15];
  if (asleep === undefined) throw new Error("nobody is there");
  await pause(2000);
  await writeDueMail(world);
  await world.fault("backup", () => world.postgres.backUp());
  await pause(Math.min(seconds, 5) * 1000);
  for (const visitor of chat.visitors) visitor.say(`reverse said after the backup by ${visitor.name}`);
  chat.stop();
  await until("all is acked", 10_000, () => world.visitors.every(({ waiting }) => waiting === 0));
  const beforeMs = performance.now();
  const acked = world.history.events.filter(({ kind }) => kind === "acked").length;
  // One page hears nothing of it, and comes back when more has been said than it knows.
  const second = world.visitor(world.doors(1), { known: { token: asleep.token ?? "" }, name: "its-second-tab" });
  await until("the second tab is there", 5000, () => second.open);
  asleep.hangUp();
  const [recoveredMs, ackedThen] = await world.fault("restore", async () => {
    await world.postgres.restore();
    world.history.record({ kind: "restored" });
    const at = performance.now();
    await pause(outageMs);
    for (const visitor of chat.visitors.slice(0, 15)) visitor.say(`reverse said after the restore by ${visitor.name}`);
    for (let n = 0; n < 40; n++) second.say(`reverse ${n} said after the restore in the other tab`);
    const back = await soon(15_000, () => world.visitors.every((page) => page === asleep || page.waiting === 0));
    const recovered = back ? performance.now() - at - outageMs : 15_000;
    const [kept] = await query(
      world.databaseUrl,
      "select count(*)::int as n from message where key ~ '^v:' and at < now() - interval '9 seconds'",
    );
    await pause(3500);
    asleep.dial();
    await soon(10_000, () => world.visitors.every(({ open }) => open));
    return [recovered, Number(kept?.["n"])] as const;
  });
  await pause(1000);
  const resyncs = world.visitors.filter(({ resyncs: times }) => times > 0).length;
  const [mail] = await query(world.databaseUrl, "select state, attempts from mail_out where key = 'before the backup'");
  return {
    injected: `its files of ${Math.round((performance.now() - beforeMs) / 1000 + seconds)} s ago, under two processes that go on; ${acked - ackedThen} acked messages were of later`,
    figures: { goneWithTheBackup: acked - ackedThen, pagesThatBeganAnew: resyncs, recoveredMs },
    violations: [
      ...require(acked > ackedThen, "nothing was lost: the backup was not older"),
      ...require(recoveredMs <= recoveredWithinMs, `acks came ${Math.round(recoveredMs)} ms after the restore`),
      ...require(resyncs === world.visitors.length, `${resyncs} of ${world.visitors.length} pages were told to begin anew`),
      ...require(asleep.resyncs > 0, "a page that came back late was not told to begin anew"),
      ...require(mail?.["state"] === "dead", `a mail that was due before the backup is ${String(mail?.["state"])}`),
    ],
  };
}

/** As a backup of an hour ago has one that was sent since. */
async function writeDueMail(world: World): Promise<void> {
  await query(
    world.databaseUrl,
    `insert into mail_out (tenant_id, id, kind, key, recipient, mail, state, due_at, created_at, attempts)
     select id, gen_random_uuid(), 'answer', 'before the backup', 'somebody@example.org',
       '{"subject":"s","text":"t","html":"h"}', 'waiting', now() - interval '1 hour', now() - interval '1 hour', 0 from tenant limit 1`,
  );
}
