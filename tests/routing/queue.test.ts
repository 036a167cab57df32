import { randomUUID } from "node:crypto";
import { v7 as newId } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Ledger } from "../../src/conversations/ledger/ledger.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { inQueueOrder } from "../../src/protocol/queueOrder.ts";
import { type Head, queueHeads } from "../../src/routing/assignStore.ts";
import { findWaiting } from "../../src/routing/explainStore.ts";
import { declarePresence, sayConnected } from "../../src/routing/presence.ts";
import { viewQueue } from "../../src/routing/queue.ts";
import { createDice } from "../conversations/simulation/dice.ts";
import { agentTakes, type LedgerHouse, openLedgerHouse } from "../fixtures/ledgerHouse.ts";

const mia = { id: randomUUID(), name: "Mia" };

let house: LedgerHouse;
let ledger: Ledger;
beforeAll(async () => {
  house = await openLedgerHouse();
  ledger = new Ledger(house.database.ledger, null);
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.database.acrossTenants.query("delete from control_change");
  await house.database.acrossTenants.query("delete from conversation");
});

async function queue(): Promise<string> {
  const conversation = await house.newConversation();
  await ledger.commit({ conversation, messages: [], control: { to: "queue", by: { kind: "visitor" }, reason: "asked" } });
  return conversation.id;
}

async function miaComes(): Promise<void> {
  const sql = house.database.acrossTenants;
  await sql.query("insert into account (id, email, name) values ($1, 'mia@example.com', 'Mia')", [mia.id]);
  await sql.query("insert into membership (tenant_id, account_id, roles) values ($1, $2, '{agent}')", [house.tenant, mia.id]);
  await declarePresence({ database: house.database, bus: createInProcessBus() }, house.tenant, mia.id, "online");
  await sayConnected(house, randomUUID(), [{ tenant: house.tenant, account: mia.id }]);
}

async function view(team = "support", tenant = house.tenant) {
  return await viewQueue(house, tenant, team);
}

describe("a team's queue", () => {
  it("has its conversations in the order in which they came, and nobody else's", async () => {
    const ids = [await queue(), await queue(), await queue()];
    await house.newConversation();
    expect((await view()).conversations).toEqual(ids);
    expect((await view("sales")).conversations).toEqual([]);
    expect((await view("support", randomUUID())).conversations).toEqual([]);
  });

  it("lets go of what is taken, and puts what an agent's end brings back before the others", async () => {
    const ids = [await queue(), await queue()];
    const first = { tenant: house.tenant, id: ids[0] ?? "" };
    await ledger.commit(agentTakes(first, mia, 2));
    expect((await view()).conversations).toEqual([ids[1]]);
    await ledger.commit({
      conversation: first,
      messages: [],
      control: { to: "queue", by: { kind: "system" }, reason: "back" },
    });
    expect((await view()).conversations).toEqual([ids[0], ids[1]]);
  });

  it("goes by priority before age", async () => {
    const ids = [await queue(), await queue(), await queue(), await queue()];
    await house.database.acrossTenants.query(
      "update conversation set priority = case id when $1 then 4 when $2 then 1 when $3 then 2 else 3 end",
      ids.slice(0, 3),
    );
    expect((await view()).conversations).toEqual([ids[1], ids[2], ids[3], ids[0]]);
  });

  it("is in the order of the pure rule, read whole or piece by piece, and each knows its position", async () => {
    const dice = createDice(7);
    const rows = Array.from({ length: 60 }, () => ({
      id: newId(),
      priority: 1 + Math.floor(dice.chance() * 4),
      rank: dice.chance() < 0.2 ? 0 : 1,
      // Not on the edge of a level: the database's moment is a little later than the test's.
      minutes: Math.floor(dice.chance() * 70) + 0.5,
    }));
    const kept = await house.database.acrossTenants.query<{ id: string; priority: number; rank: number; queued_at: Date }>(
      `with row as (select * from json_to_recordset($3::json) as row (id uuid, priority int, rank int, minutes float8)),
         contact as (insert into contact (tenant_id, id, name) select $1, id, 'Visitor' from row)
       insert into conversation (tenant_id, id, inbox_id, contact_id, team, controller, priority, queue_rank, queued_at)
       select $1, id, $2, id, 'support', 'queue', priority, rank, date_trunc('second', now() - minutes * interval '1 minute') from row
       returning id, priority, queue_rank as rank, queued_at`,
      [house.tenant, house.inbox, JSON.stringify(rows)],
    );
    const expected = kept
      .map(({ rank, queued_at, ...row }) => ({ ...row, queueRank: rank, queuedAt: queued_at.toISOString() }))
      .toSorted(inQueueOrder(Date.now()))
      .map(({ id }) => id);
    expect((await view()).conversations).toEqual(expected);
    const read: Head[] = [];
    for (let more = true; more; ) {
      const heads = await queueHeads(house.database.forTenant(house.tenant), "support", read, 7);
      read.push(...heads);
      more = heads.length === 7;
    }
    expect(read.map(({ id }) => id)).toEqual(expected);
    for (const place of [0, 17, 59])
      expect((await findWaiting(house.database.forTenant(house.tenant), expected[place] ?? ""))?.before).toBe(place);
  });

  it("tells the wait from those who were taken within the hour, while somebody is there to take the next", async () => {
    const waits = [30, 50];
    for (const seconds of waits) {
      const id = await queue();
      await house.database.acrossTenants.query("update control_change set at = at - make_interval(secs => $2) where conversation_id = $1", [
        id,
        seconds,
      ]);
      await ledger.commit(agentTakes({ tenant: house.tenant, id }, mia, 2));
    }
    expect((await view()).waitSeconds(1)).toBeUndefined();
    await miaComes();
    expect((await view()).waitSeconds(1)).toBe(10);
    expect((await view("sales")).waitSeconds(1)).toBeUndefined();
    // Nobody was taken for ten minutes, and two wait since then: the first learns that it takes longer than it did.
    await house.database.acrossTenants.query("update control_change set at = at - interval '10 minutes'");
    const slow = [await queue(), await queue()];
    expect((await view()).waitSeconds(1)).toBe(10);
    await house.database.acrossTenants.query("update conversation set queued_at = now() - interval '5 minutes' where id = any($1)", [slow]);
    expect([(await view()).waitSeconds(1), (await view()).waitSeconds(2)]).toEqual([310, 310]);
    await house.database.acrossTenants.query("update control_change set at = at - interval '2 hours'");
    expect((await view()).waitSeconds(1)).toBeUndefined();
  });

  it("tells less to who stands far behind where people leave by themselves, and the same to who is next", async () => {
    const sql = house.database.acrossTenants;
    // Three were taken, five minutes after each other.
    for (const minutes of [10, 5, 0]) {
      const id = await queue();
      await sql.query("update control_change set at = at - interval '30 minutes' where conversation_id = $1", [id]);
      await ledger.commit(agentTakes({ tenant: house.tenant, id }, mia, 2));
      await sql.query(
        "update control_change set at = at - make_interval(mins => $2) where conversation_id = $1 and to_controller = 'agent'",
        [id, minutes],
      );
    }
    const before = await view();
    const gone = await queue();
    await sql.query("update control_change set at = at - interval '5 minutes' where conversation_id = $1", [gone]);
    await ledger.commit({
      conversation: { tenant: house.tenant, id: gone },
      messages: [],
      control: { to: "bot", by: { kind: "visitor" }, reason: "left the queue" },
    });
    const after = await view();
    expect(after.waitSeconds(1)).toBe(before.waitSeconds(1));
    const [told = 0, now = 0] = [before.waitSeconds(10), after.waitSeconds(10)];
    expect(now).toBeGreaterThan(0);
    expect(now).toBeLessThan(told * 0.8);
  });
});
