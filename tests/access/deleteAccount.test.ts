import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountOutside } from "../../src/access/accounts/accountOutside.ts";
import { deleteAccount, exportAccount } from "../../src/access/accounts/deleteAccount.ts";
import { signedInOfToken } from "../../src/access/authenticate.ts";
import { goodPassword, type House, openHouse } from "../fixtures/openHouse.ts";

const email = "ada.byron@example.com";
const name = "Ada Zephyrine Byron";

/** Every column of every table in which one of the words stands. */
async function found(house: House, words: readonly string[]): Promise<string[]> {
  const sql = house.database.acrossTenants;
  const tables = await sql.query<{ name: string }>(
    "select relname::text as name from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') order by 1",
  );
  const places: string[] = [];
  for (const table of tables) {
    const rows = await sql.query<{ column: string }>(
      `select distinct e.key as column from "${table.name}" t, jsonb_each_text(to_jsonb(t)) e
        where exists (select 1 from unnest($1::text[]) w where e.value ilike '%' || w || '%')`,
      [words],
    );
    places.push(...rows.map(({ column }) => `${table.name}.${column}`));
  }
  return places;
}

describe("deleting one's account", () => {
  let house: House;
  let outside: AccountOutside;
  let tenant: string;
  let account: string;
  beforeAll(async () => {
    house = await openHouse();
    outside = { ...house, publicUrl: "http://127.0.0.1", mailOff: undefined };
    ({ tenant, account } = await house.addAccount(email, { roles: ["owner"] }));
    await house.database.acrossTenants.query("update account set name = $2 where id = $1", [account, name]);
    await leaveTraces();
  });
  afterAll(() => house.close());
  const asked = { address: "192.0.2.1", requestId: "r" };
  const me = async () => ({ ...(await signedInOfToken(house, (await house.signInAs(email)).answer.accessToken)), asked });

  /** What others keep and what is the person's own, in tables of every kind. */
  async function leaveTraces(): Promise<void> {
    const sql = house.database.acrossTenants;
    const [inbox, contact, conversation] = ["1", "2", "3"].map((digit) => `0193f000-0000-7000-8000-00000000000${digit}`);
    await sql.query("insert into inbox (tenant_id, id, public_key, name) values ($1, $2, 'key', 'Website')", [tenant, inbox]);
    await sql.query("insert into contact (tenant_id, id, name) values ($1, $2, 'Visitor')", [tenant, contact]);
    await sql.query(
      `insert into conversation (tenant_id, id, inbox_id, contact_id, team, controller, agent_id, agent_name, participants, open)
       values ($1, $2, $3, $4, 'support', 'agent', $5::uuid, $6, jsonb_build_object($5::uuid::text, $6::text), false)`,
      [tenant, conversation, inbox, contact, account, name],
    );
    await sql.query(
      `insert into message (tenant_id, conversation_id, seq, key, author_kind, author_id, author_name, text)
       values ($1, $2, 1, 'a:' || $3::uuid || ':1', 'agent', $3::uuid, $4, 'Your parcel is on its way.')`,
      [tenant, conversation, account, name],
    );
    await sql.query(
      `insert into control_change (tenant_id, conversation_id, generation, from_controller, to_controller, agent_id, by_kind, by_id, reason)
       values ($1, $2, 2, 'queue', 'agent', $3, 'agent', $3, 'taken')`,
      [tenant, conversation, account],
    );
    await sql.query(
      "insert into run (tenant_id, id, command, args, principal_kind, principal_id, state) values ($1, gen_random_uuid(), 'help', '{}', 'account', $2, 'succeeded')",
      [tenant, account],
    );
    await sql.query(
      `insert into run (tenant_id, id, command, args, principal_kind, principal_id, state)
       values ($1, gen_random_uuid(), 'agent.activate', jsonb_build_object('email', $2::text), 'account', gen_random_uuid(), 'succeeded')`,
      [tenant, email],
    );
    await sql.query("insert into agent_profile (tenant_id, account_id) values ($1, $2)", [tenant, account]);
    await sql.query("insert into team (tenant_id, key, name) values ($1, 'support', 'Support')", [tenant]);
    await sql.query("insert into team_member (tenant_id, team, account_id) values ($1, 'support', $2)", [tenant, account]);
  }

  it("is refused to the last owner, with a wrong password, and while customers wait for the answer", async () => {
    const by = await me();
    await expect(deleteAccount(outside, by, "not my password at all")).rejects.toMatchObject({ path: "password" });
    await expect(deleteAccount(outside, by, goodPassword)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("the last owner of house"),
    });
    await house.addAccount("second@example.com", { roles: ["owner"] });
    await house.database.acrossTenants.query("update conversation set open = true");
    await expect(deleteAccount(outside, by, goodPassword)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("1 open conversation"),
    });
    await house.database.acrossTenants.query("update conversation set open = false");
  });

  it("gives everything that is one's own before, without secrets", async () => {
    const exported = JSON.stringify(await exportAccount(outside, await me()));
    for (const word of [name, email, "agent_profile", "team_member", "session", "run"]) expect(exported).toContain(word);
    expect(exported).not.toMatch(/token_hash|password_hash|argon2|\\x[0-9a-f]{20}/);
  });

  it("leaves no trace of the person in any column of any table, and what customers were told", async () => {
    const by = await me();
    expect((await found(house, [account, email, name])).length).toBeGreaterThan(15);
    await deleteAccount(outside, by, goodPassword);
    expect(await found(house, [account, email, name, "Zephyrine"])).toEqual([]);
    const [message] = await house.database.acrossTenants.query("select author_name, text from message");
    expect(message).toEqual({ author_name: "Former colleague", text: "Your parcel is on its way." });
    await expect(house.signInAs(email)).rejects.toMatchObject({ code: "invalid_credentials" });
    await expect.poll(() => house.liveSessions.find(by.session)).toBeUndefined();
  });
});
