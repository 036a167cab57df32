import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { describeWithServer } from "../fixtures/services.ts";
import { createSourceDatabase, type SourceDatabase } from "../fixtures/sourceDatabase.ts";

/** What users of others complain about, in their words, and what happens here instead: over PostgreSQL and MariaDB. */
const endless = "select count(*) as n from orders a cross join orders b cross join orders c cross join orders d cross join orders e";
const kinds = [
  ["PostgreSQL", "DATABASE_URL", "postgresql"],
  ["MariaDB", "MARIADB_URL", "mariadb"],
] as const;

for (const [name, setting, kind] of kinds) {
  await describeWithServer(`saved queries over ${name}`, setting, (url) => {
    let product: TestProduct;
    let shop: SourceDatabase;
    let admin: Agent;
    let agent: Agent;
    beforeAll(async () => {
      product = await openProduct({ allowHosts: new URL(url).host });
      [admin, agent, shop] = await Promise.all([product.agent("admin@demo.example"), product.agent(), createSourceDatabase(url, kind)]);
      const { dialect: _, tls: __, authority: ___, ...at } = shop.settings;
      await ask(admin, "POST", "/data-sources", { name: "shop", kind: kind === "mariadb" ? "mysql" : kind, tls: false, ...at });
      const text = { name: "name", type: "text" };
      await publish("by-name", "select id from customers where name = :name", [{ ...text, required: true }]);
      await publish("by-names", "select id from customers where name in (:names) order by id", [
        { name: "names", type: "text", list: true, required: true },
      ]);
      await publish("by-region", "select count(*) as n from customers where id > 0 [[and region = :region]] [[and name = :name]]", [
        { name: "region", type: "choice", choices: ["north", "south", "east", "west"] },
        text,
      ]);
      await publish("mine", "select :me as me, count(*) as n from customers where email = :me or region in (:team)");
      await publish("endless", endless);
    });
    afterAll(async () => {
      await product.stop();
      await shop.drop();
    });

    const ask = async (who: Agent, method: string, path: string, body?: object, prefer = "wait=25") => {
      const response = await fetch(`${product.url}/api/v1${path}`, {
        method,
        headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": randomUUID(), prefer },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const written = await response.text();
      return { status: response.status, body: written === "" ? undefined : JSON.parse(written) };
    };
    const publish = async (operation: string, sql: string, parameters: object[] = [], more: object = {}) => {
      const made = { name: operation, kind: "query", summary: "Asks.", parameters, query: { dataSource: "shop", sql, ...more } };
      const { status, body } = await ask(admin, "POST", "/operations", made);
      expect([status, body.error?.message]).toEqual([201, undefined]);
      await ask(admin, "POST", `/operations/${operation}/publish`);
    };
    const rows = async (command: string, args: object) => (await admin.run(command, args)).data;
    const running = async () =>
      kind === "postgresql"
        ? await shop.ask(
            `select 1 from pg_stat_activity where datname = '${shop.settings.database}' and state = 'active' and query like '%orders e%' and pid <> pg_backend_pid()`,
          )
        : (await shop.ask("show full processlist")).filter(
            ([, , , database, , , , info]) => database === shop.settings.database && String(info).includes("orders e"),
          );

    it("Parameters can't be optional or depend on each other: an optional slot drops its condition", async () => {
      const count = async (args: object) => Number(JSON.parse(JSON.stringify(await rows("by-region", args))).rows[0][0]);
      expect(await count({})).toBe(60);
      expect(await count({ region: "north" })).toBe(15);
      expect(await count({ region: "north", name: "Customer 4" })).toBe(1);
      expect(await count({ name: "Customer 4" })).toBe(1);
    });

    it("Text is spliced in, so viewers may not run or share: values are only bound, and the operation's permission suffices", async () => {
      expect(await rows("by-name", { name: "Customer 7" })).toMatchObject({ rows: [[expect.anything()]] });
      for (const name of ["%", "_ustomer 7", "' or '1'='1", "x' union select 1 -- ", "\\' or 1=1 #", "Customer 7'; drop table orders; --"])
        expect(await rows("by-name", { name })).toMatchObject({ rows: [] });
      expect(Number((await shop.ask("select count(*) from orders"))[0]?.[0])).toBe(200);
      expect(await agent.refused("by-name", { name: "Customer 7" })).toMatchObject({ code: "unknown_command" });
      await admin.run("operation.share", { name: "by-name", roles: "agent" });
      expect((await ask(agent, "GET", "/data-sources")).status).toBe(403);
      expect((await agent.run("by-name", { name: "Customer 7" })).state).toBe("succeeded");
    });

    it("or lists don't bind, so safety is switched off: a list binds each of its values, an empty one finds nothing", async () => {
      expect(await rows("by-names", { names: ["Customer 1", "Customer 2", "x') or ('1'='1"] })).toMatchObject({ rows: { length: 2 } });
      expect(await rows("by-names", { names: [] })).toMatchObject({ rows: [] });
    });

    it("Row rules don't reach SQL: who asks comes from the session, never from the caller", async () => {
      expect(await rows("mine", {})).toMatchObject({ rows: [[admin.email, expect.anything()]] });
      await admin.run("operation.share", { name: "mine", roles: "everyone" });
      expect((await agent.run("mine")).data).toMatchObject({ rows: [[agent.email, expect.anything()]] });
      expect(await agent.refused("mine", { me: admin.email })).toMatchObject({ code: "invalid_value", path: "args.me" });
      expect(await agent.refused("mine", { team: ["north"] })).toMatchObject({ code: "invalid_value", path: "args.team" });
      const reserved = { name: "spy", kind: "query", summary: "x", parameters: [{ name: "me", type: "text" }] };
      const made = await ask(admin, "POST", "/operations", { ...reserved, query: { dataSource: "shop", sql: "select :me" } });
      expect(made.status).toBe(422);
    });

    it("Cancel and time-out leave the query running: within 2 s of cancelling it is gone from the process list", async () => {
      const { body } = await ask(admin, "POST", "/commands/endless/runs", { args: {} }, "wait=0");
      expect(body.state).toBe("running");
      await expect.poll(running, { timeout: 10_000 }).toHaveLength(1);
      await ask(admin, "POST", `/runs/${body.id}/cancel`, {});
      await expect.poll(running, { timeout: 2000 }).toEqual([]);
      await expect.poll(async () => (await ask(admin, "GET", `/runs/${body.id}`)).body.state).toBe("cancelled");
    });

    it("4.5 a query that is edited while it runs goes on as it was, and the next run is the new one", async () => {
      await publish("edited", endless);
      const { body } = await ask(admin, "POST", "/commands/edited/runs", { args: {} }, "wait=0");
      await expect.poll(running, { timeout: 10_000 }).toHaveLength(1);
      await ask(admin, "PATCH", "/operations/edited", { query: { dataSource: "shop", sql: "select id from customers where id < 4" } });
      await ask(admin, "POST", "/operations/edited/publish");
      expect((await admin.run("edited")).messages[0]?.text).toBe("3 rows.");
      expect(await running()).toHaveLength(1);
      expect((await ask(admin, "GET", `/runs/${body.id}`)).body.state).toBe("running");
      await ask(admin, "POST", `/runs/${body.id}/cancel`, {});
      await expect.poll(running, { timeout: 2000 }).toEqual([]);
    });

    it("K6: an answer that is kept is given again to whoever asks the same, says of when it is, and is asked anew without it", async () => {
      const sql = "select count(*) as n, :me as me from parcels";
      await shop.ask("create table parcels (n int)");
      await publish("parcels-now", sql, [], { keepSeconds: 3600 });
      await admin.run("operation.share", { name: "parcels-now", roles: "everyone" });
      const counted = async (who: Agent) => {
        const { messages, data } = await who.run("parcels-now");
        return [JSON.parse(JSON.stringify(data)).rows.map(([n]: unknown[]) => Number(n)), messages[0]?.text];
      };
      expect(await counted(admin)).toEqual([[0], "1 row."]);
      await shop.ask("insert into parcels values (1)");
      expect(await counted(admin)).toEqual([[0], expect.stringMatching(/^1 row\. As it was at \d\d:\d\d UTC\.$/)]);
      expect(await counted(agent)).toEqual([[1], "1 row."]);
      // What is done with the rows sees those that there are.
      const steps = [{ command: "parcels-now" }];
      await ask(admin, "POST", "/operations", { name: "parcels-in-turn", kind: "sequence", summary: "x", sequence: { steps } });
      await ask(admin, "POST", "/operations/parcels-in-turn/publish");
      expect((await admin.run("parcels-in-turn")).messages[0]?.text).toBe("1 row.");
      await ask(admin, "PATCH", "/operations/parcels-now", { query: { dataSource: "shop", sql } });
      await ask(admin, "POST", "/operations/parcels-now/publish");
      expect(await counted(admin)).toEqual([[1], "1 row."]);
      for (const wrong of [{ keepSeconds: 0 }, { keepSeconds: 3601 }, { keepSeconds: 60, writes: true }]) {
        const query = { dataSource: "shop", sql, ...wrong };
        const { status, body } = await ask(admin, "PATCH", "/operations/parcels-now", { query });
        expect([status, body.error.path]).toEqual([422, "query.keepSeconds"]);
      }
    });

    it("The result never comes back, or as a raw dictionary: a run ends where it was asked, as a table", async () => {
      const { messages, state } = await admin.run("by-names", { names: ["Customer 1"] });
      expect([state, messages]).toMatchObject(["succeeded", [{ text: "1 row.", blocks: [{ type: "table", columns: [{ name: "id" }] }] }]]);
    });

    describe("Everyone in the channel may run everything; help lists it all", () => {
      it("help of two roles differs as their permissions do, and what isn't listed is refused as what isn't there", async () => {
        await publish("for-nobody", "select 1 as one");
        const listed = async (who: Agent) => {
          const { body } = await ask(who, "GET", '/commands?filter={"source":{"eq":"operation"}}');
          return body.items.map(({ name: called }: { name: string }) => called);
        };
        await admin.run("operation.share", { name: "by-region", roles: "agent" });
        expect(await listed(admin)).toEqual(expect.arrayContaining(["by-region", "for-nobody"]));
        await expect.poll(() => listed(agent)).toEqual(expect.arrayContaining(["by-region"]));
        expect(await listed(agent)).not.toContain("for-nobody");
        const refused = await agent.refused("for-nobody");
        const absent = await agent.refused("for-nobodx");
        expect([refused.code, refused.message.replace("nobody", "nobodx")]).toEqual([absent.code, absent.message]);
      });
    });
  });
}
