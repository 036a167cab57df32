import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Presence } from "../../src/protocol/desk.ts";
import { declaredPresence, declarePresence, peopleOnline, sayConnected, sayDisconnected, viewAgents } from "../../src/routing/presence.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

const [here, there] = [randomUUID(), randomUUID()];

let house: House;
let tenant: string;
let mia: string;
beforeEach(async () => {
  house = await openHouse();
  ({ account: mia, tenant } = await house.addAccount("mia@example.com"));
});
afterEach(() => house.close());

/** Lets a gateway's last word become so old. */
async function age(seconds: number): Promise<void> {
  await house.database.acrossTenants.query("update agent_connection set seen_at = seen_at - make_interval(secs => $1)", [seconds]);
}

async function seen(): Promise<{ declared: Presence; connected: boolean } | undefined> {
  const agents = await viewAgents(house, tenant);
  const agent = agents.find(({ id }) => id === mia);
  return agent === undefined ? undefined : { declared: agent.declared, connected: agent.connected };
}

describe("an agent", () => {
  it("who never said anything is offline and not connected", async () => {
    expect(await seen()).toEqual({ declared: "offline", connected: false });
    expect(await declaredPresence(house, tenant, mia)).toBe("offline");
  });

  it.each<[Presence, boolean, number]>([
    ["online", true, 1],
    ["online", false, 0],
    ["away", true, 0],
    ["offline", true, 0],
  ])("who declared %s, and is connected: %s, counts for those who wait: %i", async (declared, connected, people) => {
    await declarePresence(house, tenant, mia, declared);
    if (connected) await sayConnected(house, here, [{ tenant, account: mia }]);
    expect(await seen()).toEqual({ declared, connected });
    expect(await peopleOnline(house, tenant, "support")).toBe(people);
  });

  it("keeps what was declared while the connection comes and goes", async () => {
    await declarePresence(house, tenant, mia, "online");
    await sayConnected(house, here, [{ tenant, account: mia }]);
    await sayDisconnected(house, here, tenant, mia);
    expect(await seen()).toEqual({ declared: "online", connected: false });
  });

  it("is connected while any gateway says so", async () => {
    await sayConnected(house, here, [{ tenant, account: mia }]);
    await sayConnected(house, there, [{ tenant, account: mia }]);
    await sayDisconnected(house, here, tenant, mia);
    expect(await seen()).toMatchObject({ connected: true });
    await sayDisconnected(house, there, tenant, mia);
    expect(await seen()).toMatchObject({ connected: false });
  });

  it("whose gateway died is seen as gone within 15 s, not earlier than a word of it may be late", async () => {
    await sayConnected(house, here, [{ tenant, account: mia }]);
    await age(10);
    expect(await seen()).toMatchObject({ connected: true });
    await age(3);
    expect(await seen()).toMatchObject({ connected: false });
    await sayConnected(house, here, [{ tenant, account: mia }]);
    expect(await seen()).toMatchObject({ connected: true });
  });

  it("is none of another tenant's", async () => {
    const other = await house.addTenant("other");
    await declarePresence(house, tenant, mia, "online");
    await sayConnected(house, here, [{ tenant, account: mia }]);
    expect(await viewAgents(house, other)).toEqual([]);
    expect(await peopleOnline(house, other, "support")).toBe(0);
  });
});
