import { randomUUID } from "node:crypto";
import type { Controlling } from "../../src/conversations/control/changeControl.ts";
import type { AgentRef } from "../../src/conversations/conversation.ts";
import { Ledger } from "../../src/conversations/ledger/ledger.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import type { Platform } from "../../src/platform/platform.ts";
import { lapseOffers, type Offering } from "../../src/routing/offers.ts";
import { declarePresence, sayConnected } from "../../src/routing/presence.ts";
import { insertMember, insertTeam, saveProfile } from "../../src/routing/teamStore.ts";
import { type LedgerHouse, openLedgerHouse } from "../fixtures/ledgerHouse.ts";

/** Two teams, with what routing needs around them. */
export interface RoutingHouse {
  house: LedgerHouse;
  /** By which agents are connected. */
  gateway: string;
  bus: Platform["bus"];
  recording: Controlling;
  offering: Offering;
  /** What agents were told in notes since the last `clear`. */
  notes: string[];
  /** A member who is online and connected. */
  agent(name: string, capacity?: number, teams?: string[]): Promise<AgentRef>;
  /** Lets every offer end that waits. */
  lapse(): Promise<void>;
  clear(): Promise<void>;
}

export async function openRoutingHouse(): Promise<RoutingHouse> {
  const house = await openLedgerHouse();
  const { database, tenant } = house;
  const [bus, gateway, notes] = [createInProcessBus(), randomUUID(), [] as string[]];
  const sql = database.forTenant(tenant);
  for (const key of ["support", "sales"]) await insertTeam(sql, { key, name: key, offerSeconds: 30 });
  const offering: Offering = { database, bus, routed: () => {}, note: async (_tenant, _conversation, _key, text) => void notes.push(text) };
  return {
    house,
    gateway,
    bus,
    recording: { ledger: new Ledger(database.ledger, null), bus, database },
    offering,
    notes,
    agent: async (name, capacity = 3, teams = ["support"]) => {
      const id = randomUUID();
      const all = database.acrossTenants;
      await all.query("insert into account (id, email, name) values ($1, $2, $3)", [id, `${id}@example.com`, name]);
      await all.query("insert into membership (tenant_id, account_id, roles) values ($1, $2, '{agent}')", [tenant, id]);
      for (const team of teams) await insertMember(sql, team, id);
      await saveProfile(sql, id, { capacity });
      await declarePresence({ database, bus }, tenant, id, "online");
      await sayConnected(house, gateway, [{ tenant, account: id }]);
      return { id, name };
    },
    lapse: async () => {
      await database.acrossTenants.query(
        "update conversation set offered_until = now() - interval '1 second' where offered_to is not null",
      );
      await lapseOffers(offering);
    },
    clear: async () => {
      notes.length = 0;
      for (const table of ["assignment", "control_change", "conversation", "agent_presence", "agent_connection", "membership"])
        await database.acrossTenants.query(`delete from ${table}`);
    },
  };
}
