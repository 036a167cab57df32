import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accept, changeControl, take } from "../../src/conversations/control/changeControl.ts";
import type { AgentRef, ConversationRef } from "../../src/conversations/conversation.ts";
import { assignWaiting } from "../../src/routing/assignWaiting.ts";
import { explainRouting } from "../../src/routing/explain.ts";
import { decline, lapseOffers, type Offering } from "../../src/routing/offers.ts";
import { declarePresence, sayConnected, sayDisconnected } from "../../src/routing/presence.ts";
import { startRouting } from "../../src/routing/startRouting.ts";
import { saveProfile } from "../../src/routing/teamStore.ts";
import { createMovableClock, type MovableClock } from "../fixtures/movableClock.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { openRoutingHouse, type RoutingHouse } from "./routingHouse.ts";

let under: RoutingHouse;
let house: RoutingHouse["house"];
let bus: RoutingHouse["bus"];
let gateway: string;
let mia: AgentRef;
let otto: AgentRef;
let offering: Offering;
let agent: RoutingHouse["agent"];
let lapse: RoutingHouse["lapse"];

beforeAll(async () => {
  under = await openRoutingHouse();
  ({ house, bus, gateway, offering, agent, lapse } = under);
});
afterAll(() => house.close());
beforeEach(async () => {
  await under.clear();
  mia = await agent("Mia");
  otto = await agent("Otto");
});

const sql = () => house.database.forTenant(house.tenant);
const recording = () => under.recording;
const draw = (team = "support") => assignWaiting(offering, house.tenant, team);

async function waits(team = "support"): Promise<ConversationRef> {
  const conversation = await house.newConversation();
  await recording().ledger.commit({ conversation, messages: [], control: { to: "queue", team, by: { kind: "visitor" }, reason: "asked" } });
  return conversation;
}

/** In the queues of both teams. */
async function thousandWait(): Promise<ConversationRef[]> {
  const rows = await house.database.acrossTenants.query<{ id: string }>(
    `with contact as (insert into contact (tenant_id, id, name) select $1, gen_random_uuid(), 'Visitor' from generate_series(1, 1000) returning id)
     insert into conversation (tenant_id, id, inbox_id, contact_id, team, controller, queued_at)
     select $1, gen_random_uuid(), $2, id, case row_number() over () % 2 when 0 then 'support' else 'sales' end, 'queue', now() from contact
     returning id`,
    [house.tenant, house.inbox],
  );
  return rows.map(({ id }) => ({ tenant: house.tenant, id }));
}

async function offers(): Promise<Record<string, string>> {
  const rows = await house.database.acrossTenants.query<{ id: string; name: string }>(
    "select id, offered_name as name from conversation where offered_to is not null",
  );
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}

describe("who waits", () => {
  it("is offered to those who are free, first come first, and no more than they take", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => waits()));
    await house.database.acrossTenants.query("update conversation set priority = 1 where id = $1", [all[7]?.id]);
    expect(await draw()).toBe(6);
    expect(Object.values(await offers()).toSorted()).toEqual(["Mia", "Mia", "Mia", "Otto", "Otto", "Otto"]);
    expect(await offers()).toHaveProperty(all[7]?.id ?? "");
    expect(await draw()).toBe(0);
  });

  it("for 45 minutes is offered before urgent ones who came later, and why says so", async () => {
    const [low, urgent] = [await waits(), await waits()];
    await house.database.acrossTenants.query(
      `update conversation set priority = case id when $1 then 4 else 1 end, queued_at = now() - case id when $1 then interval '46 minutes' else interval '10 minutes' end`,
      [low.id],
    );
    const { waiting, lines } = await explainRouting(house, house.tenant, low.id);
    expect(waiting).toMatchObject({ position: 1, raisedTo: "urgent" });
    expect(lines.at(-1)).toMatch(/at position 1, counted as urgent since it waits so long/);
    expect((await explainRouting(house, house.tenant, urgent.id)).waiting).toMatchObject({ position: 2, raisedTo: null });
    for (const { id } of [mia, otto]) await saveProfile(sql(), id, { capacity: id === mia.id ? 1 : 0 });
    expect(await draw()).toBe(1);
    expect(Object.keys(await offers())).toEqual([low.id]);
  });

  it("is nobody's twice, and nobody has more than they take, of 1,000 that ten processes offer while agents take by themselves", async () => {
    // Enough in whichever order the teams are drawn: those in both may be given 240. The two of one team come to their limit.
    for (const name of ["Ada", "Bob", "Cem"]) await agent(name, 300, ["support", "sales"]);
    for (const { id } of [mia, otto]) await saveProfile(sql(), id, { capacity: 100 });
    const all = await thousandWait();
    await Promise.all([
      ...Array.from({ length: 10 }, (_, index) => draw(index % 2 === 0 ? "support" : "sales")),
      ...all.slice(0, 100).map((conversation) => changeControl(recording(), conversation, take({ id: randomUUID(), name: "Somebody" }))),
    ]);
    await Promise.all([draw("support"), draw("sales")]);
    const given = Object.entries(await offers());
    const counts: Record<string, number> = {};
    for (const [, name] of given) counts[name] = (counts[name] ?? 0) + 1;
    expect(given.length).toBe(900);
    for (const [name, count] of Object.entries(counts))
      expect([name, count <= (name === "Mia" || name === "Otto" ? 100 : 300)]).toEqual([name, true]);
    const kept = await house.database.acrossTenants.query("select conversation_id from assignment where ended_at is null");
    expect(kept.length).toBe(900);
  });

  it("goes to the next when it isn't taken in time, keeps its place, and isn't offered to the same again at once", async () => {
    const [first, second] = [await waits(), await waits()];
    await saveProfile(sql(), mia.id, { capacity: 1 });
    await saveProfile(sql(), otto.id, { capacity: 1 });
    await draw();
    const before = await offers();
    await lapse();
    await draw();
    const after = await offers();
    expect([after[first.id], after[second.id]]).toEqual([before[second.id], before[first.id]]);
    await lapse();
    expect(await draw()).toBe(0);
  });

  it("goes on when the agent declines, leaves or goes away; and who comes back soon gets it again", async () => {
    await declarePresence({ database: house.database, bus }, house.tenant, otto.id, "away");
    const conversation = await waits();
    await draw();
    expect(await offers()).toEqual({ [conversation.id]: "Mia" });
    await expect(decline(offering, house.tenant, otto.id, { conversation: conversation.id, reason: undefined })).rejects.toThrow(
      "not offered to you",
    );
    await decline(offering, house.tenant, mia.id, { conversation: conversation.id, reason: undefined });
    await draw();
    expect(await offers()).toEqual({});
    await declarePresence({ database: house.database, bus }, house.tenant, otto.id, "online");
    await draw();
    expect(await offers()).toEqual({ [conversation.id]: "Otto" });
    await sayDisconnected({ database: house.database, bus }, gateway, house.tenant, otto.id);
    await lapseOffers(offering);
    expect(await offers()).toEqual({});
    const { assignments, waiting } = await explainRouting(house, house.tenant, conversation.id);
    expect(assignments.map(({ agent: to, outcome }) => [to, outcome])).toEqual([
      ["Mia", "declined"],
      ["Otto", "dropped"],
    ]);
    expect(waiting?.excluded.map(({ rule, agents }) => [rule, agents])).toEqual([
      ["disconnected", ["Otto"]],
      ["passed", ["Mia"]],
    ]);
  });

  it("comes back before the others, to whoever answered before, if they are free", async () => {
    const back = await waits();
    await changeControl(recording(), back, take(otto));
    const other = await waits();
    await recording().ledger.commit({
      conversation: back,
      messages: [],
      control: { to: "bot", by: { kind: "account", id: otto.id }, reason: "handed back" },
    });
    await recording().ledger.commit({
      conversation: back,
      messages: [],
      control: { to: "queue", by: { kind: "visitor" }, reason: "asked" },
    });
    await saveProfile(sql(), mia.id, { capacity: 1 });
    await saveProfile(sql(), otto.id, { capacity: 1 });
    await draw();
    expect(await offers()).toEqual({ [back.id]: "Otto", [other.id]: "Mia" });
  });

  it("is accepted once: the offer ends, and whoever else wanted it hears who has it", async () => {
    await sayDisconnected({ database: house.database, bus }, gateway, house.tenant, otto.id);
    const conversation = await waits();
    await draw();
    await changeControl(recording(), conversation, accept(mia));
    await expect(changeControl(recording(), conversation, accept(otto))).rejects.toThrow("Mia took this conversation.");
    const { assignments, waiting } = await explainRouting(house, house.tenant, conversation.id);
    expect(assignments).toMatchObject([
      { agent: "Mia", outcome: "accepted", because: "the only one who could", excluded: [{ rule: "disconnected", agents: ["Otto"] }] },
    ]);
    expect(waiting).toBeNull();
  });
});

describe("an agent who is gone", () => {
  /** Lets looks of the router pass until `done`; answers after how many seconds of its time. */
  async function look(clock: MovableClock, done: () => boolean, most = 40): Promise<number> {
    const beganAt = clock.monotonic();
    await expect
      .poll(
        () => {
          clock.advance(500);
          return done() || clock.monotonic() - beganAt >= most * 1000;
        },
        { interval: 5, timeout: 10_000 },
      )
      .toBe(true);
    return (clock.monotonic() - beganAt) / 1000;
  }

  it("for 15 s gives back what they held; who is heard again meanwhile, or never had a desk, keeps it", async () => {
    const clock = createMovableClock();
    const ada = { id: randomUUID(), name: "Ada" };
    const held = await Promise.all(
      [mia, otto, ada].map(async (agent) => {
        const conversation = await house.newConversation();
        await changeControl(recording(), conversation, take(agent));
        return conversation.id;
      }),
    );
    await house.database.acrossTenants.query("insert into account (id, email, name) values ($1, 'ada@example.com', 'Ada')", [ada.id]);
    await house.database.acrossTenants.query("insert into membership (tenant_id, account_id, roles) values ($1, $2, '{agent}')", [
      house.tenant,
      ada.id,
    ]);
    for (const agent of [mia, otto]) await sayDisconnected({ database: house.database, bus }, gateway, house.tenant, agent.id);
    await house.database.acrossTenants.query("update agent_connection set left_at = now() - interval '20 seconds'");
    const given: string[] = [];
    const routing = startRouting({
      ...offering,
      clock,
      log: silentLog,
      giveBack: async (_tenant, conversation) => void given.push(conversation),
    });
    await look(clock, () => false, 3);
    await sayConnected(house, gateway, [{ tenant: house.tenant, account: mia.id }]);
    expect(await look(clock, () => given.length > 0)).toBeGreaterThan(1);
    await look(clock, () => false, 10);
    routing.stop();
    expect(new Set(given)).toEqual(new Set([held[1]]));
  });

  it("as it only seems to a process that stood still for 7 s, or slept: neither what they hold nor what they are offered goes", async () => {
    const clock = createMovableClock();
    let stoodStillMs = 0;
    const [hers, his] = [await house.newConversation(), await house.newConversation()];
    await changeControl(recording(), hers, take(mia));
    await changeControl(recording(), his, take(otto));
    await waits();
    await draw();
    const [[offered = "", to] = []] = Object.entries(await offers());
    // The gateway stood still with the router: its word is late for whoever holds and whoever is offered something.
    await house.database.acrossTenants.query("update agent_connection set seen_at = now() - interval '16 seconds'");
    const given: string[] = [];
    const routing = startRouting({
      ...offering,
      clock: { ...clock, monotonic: () => clock.monotonic() + stoodStillMs },
      log: silentLog,
      giveBack: async (_tenant, conversation) => void given.push(conversation),
    });
    for (const pause of [4000, 7000, 7000]) {
      stoodStillMs += pause;
      clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(given).toEqual([]);
    expect(await offers()).toEqual({ [offered]: to });
    const [here, gone] = to === "Mia" ? [mia, otto] : [otto, mia];
    await sayConnected(house, gateway, [{ tenant: house.tenant, account: here.id }]);
    await look(clock, () => given.length > 0);
    await look(clock, () => false, 10);
    routing.stop();
    expect(new Set(given)).toEqual(new Set([(gone === mia ? hers : his).id]));
    expect(await offers()).toEqual({ [offered]: to });
  });

  it("for a moment too long is asked about once more before each conversation: who came back keeps the rest", async () => {
    const clock = createMovableClock();
    const held = [await house.newConversation(), await house.newConversation()];
    for (const conversation of held) await changeControl(recording(), conversation, take(mia));
    await house.database.acrossTenants.query("update agent_connection set seen_at = now() - interval '20 seconds'");
    const given: string[] = [];
    const routing = startRouting({
      ...offering,
      clock,
      log: silentLog,
      giveBack: async (tenant, conversation) => {
        given.push(conversation);
        await sayConnected(house, gateway, [{ tenant, account: mia.id }]);
      },
    });
    await look(clock, () => given.length > 0);
    await look(clock, () => false, 10);
    routing.stop();
    expect(given).toHaveLength(1);
  });
});
