import { randomUUID } from "node:crypto";
import { parse } from "csv-parse/sync";
import { readSheet } from "read-excel-file/node";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createMovableClock } from "../fixtures/movableClock.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { describeWithServer } from "../fixtures/services.ts";
import { createSourceDatabase, type SourceDatabase } from "../fixtures/sourceDatabase.ts";

let product: TestProduct;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct({ allowHosts: "127.0.0.1:5432,127.0.0.1:3306,localhost:5432,localhost:3306" });
  [admin, agent] = await Promise.all([product.agent("admin@demo.example"), product.agent()]);
});
afterAll(async () => {
  await product.stop();
  for (const shop of shops) await shop.drop();
});
const shops: SourceDatabase[] = [];

/** Somebody's shop, and the data source that leads to it. */
async function openShop(url: string, kind: "postgresql" | "mariadb"): Promise<SourceDatabase> {
  const shop = await createSourceDatabase(url, kind);
  shops.push(shop);
  const { host, port, database, user, password } = shop.settings;
  const settings = { name: kind, kind: kind === "mariadb" ? "mysql" : kind, host, port, database, user, password, tls: false };
  expect(await ask(admin, "POST", "/data-sources", settings)).toMatchObject({ status: 201 });
  return shop;
}

function request(who: Agent, method: string, path: string, body?: object, more: RequestInit = {}, at = product): Promise<Response> {
  return fetch(`${at.url}/api/v1${path}`, {
    method,
    ...more,
    headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": randomUUID(), ...more.headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function ask(who: Agent, method: string, path: string, body?: object) {
  const response = await request(who, method, path, body);
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** Saves it as a query that is run by its name, and answers the name. */
async function saved(dataSource: string, sql: string, parameters: object[] = []): Promise<string> {
  const name = `q${randomUUID().slice(0, 8)}`;
  const made = await ask(admin, "POST", "/operations", { name, kind: "query", summary: "x", parameters, query: { dataSource, sql } });
  expect(made).toMatchObject({ status: 201, body: { name } });
  await ask(admin, "POST", `/operations/${name}/publish`);
  return name;
}

const file = (who: Agent, run: string, as = "csv") => request(who, "GET", `/runs/${run}/file?as=${as}`);
const runOf = async (response: Response) =>
  (await ask(admin, "GET", (response.headers.get("location") ?? "").slice("/api/v1".length))).body;

const nasty = ["=cmd|' /C calc'!A0", "+1", "-2+3", "@sum(1)", "\tx", "\rx", '"a", b', "line\nline", "ünï 字 🚀", "", "plain", "-12.5"];

for (const [kind, setting, many, hundredThousand] of [
  [
    "postgresql",
    "DATABASE_URL",
    (n: number) => `select n, 'name ' || n as name from generate_series(1, ${n}) n`,
    "generate_series(1, 100000) s(n)",
  ],
  ["mariadb", "MARIADB_URL", (n: number) => `select seq as n, concat('name ', seq) as name from seq_1_to_${n}`, "seq_1_to_100000"],
] as const) {
  await describeWithServer(`the file of an answer from ${kind}`, setting, (url) => {
    const isPostgresql = kind === "postgresql";
    let shop: SourceDatabase;
    beforeAll(async () => {
      shop = await openShop(url, kind);
    });

    it("Exports are cut silently: it has all rows where the answer says that it is cut, and is a run and an entry of the audit", async () => {
      const name = await saved(kind, many(2500));
      const { id, messages, data } = await admin.run(name);
      expect(messages[0]?.text).toBe("Showing the first 200 of more.");
      expect(data).toMatchObject({ truncated: true });
      const response = await file(admin, id);
      expect(response.headers.get("content-disposition")).toMatch(
        new RegExp(`^attachment; filename="${name}-\\d{4}-\\d\\d-\\d\\d\\.csv"$`),
      );
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.subarray(0, 3).toString("hex")).toBe("efbbbf");
      const rows: string[][] = parse(bytes, { bom: true });
      expect([rows.length, rows[0], rows[2500]]).toEqual([2501, ["n", "name"], ["2500", "name 2500"]]);
      await expect.poll(() => runOf(response)).toMatchObject({ command: name, state: "succeeded", data: { as: "csv", rows: 2500 } });
      const audited = await ask(admin, "GET", `/audit?action=${name}`);
      expect(audited.body.items[0]).toMatchObject({ detail: { exports: "csv", outcome: "succeeded" } });

      const sheet = await readSheet(Buffer.from(await (await file(admin, id, "xlsx")).arrayBuffer()), { trim: false });
      expect([sheet.length, sheet[0], sheet[2500]]).toEqual([2501, ["n", "name"], [2500, "name 2500"]]);
    });

    it("keeps every value, and nothing in it is calculated", async () => {
      const [text, huge] = isPostgresql ? ["text", "bytea"] : ["varchar(100)", "varbinary(100)"];
      await shop.ask(
        `create table exact (at int, t ${text}, d decimal(30, 10), b bigint, day date, moment timestamp(6) ${isPostgresql ? "with time zone" : "null"}, raw ${huge})`,
      );
      const quoted = nasty.map((value) => `'${value.replaceAll("'", "''")}'`);
      const [zone, bytes] = isPostgresql ? ["+00", `'\\x${"ab".repeat(40)}'`] : ["", `x'${"ab".repeat(40)}'`];
      if (!isPostgresql) await shop.ask("set time_zone = '+00:00'");
      for (const [at, value] of quoted.entries())
        await shop.ask(
          `insert into exact values (${at}, ${value}, -12345678901234567890.0123456789, 9223372036854775807, '2024-02-29', '2026-11-21 10:00:00.123456${zone}', ${bytes})`,
        );
      await shop.ask("insert into exact values (99, null, 0.1, -5, '0999-12-31', null, null)");
      const { id } = await admin.run(await saved(kind, "select t, d, b, day, moment, raw from exact order by at"));
      const rows: string[][] = parse(Buffer.from(await (await file(admin, id)).arrayBuffer()), { bom: true });
      const inert = nasty.map((value) => (/^[=+@\t\r]|^-2/.test(value) ? `'${value}` : value));
      expect(rows.slice(1, -1).map(([t]) => t)).toEqual(inert);
      const exact = ["-12345678901234567890.0123456789", "9223372036854775807", "2024-02-29", "2026-11-21T10:00:00.123456Z"];
      expect(rows[1]?.slice(1)).toEqual([...exact, `0x${"ab".repeat(40)}`]);
      expect(rows.at(-1)).toEqual(["", "0.1000000000", "-5", "0999-12-31", "", ""]);

      const sheet = await readSheet(Buffer.from(await (await file(admin, id, "xlsx")).arrayBuffer()), { trim: false });
      expect(sheet.slice(1, -1).map(([t]) => t)).toEqual(nasty.map((value) => (value === "" ? null : value)));
      expect(sheet[1]?.slice(1, 4)).toEqual([exact[0], exact[1], new Date("2024-02-29")]);
      const moment = sheet[1]?.[4];
      expect(moment instanceof Date && Math.abs(moment.getTime() - Date.parse("2026-11-21T10:00:00.123Z"))).toBeLessThan(2);
      expect(sheet.at(-1)?.slice(0, 4)).toEqual([null, 0.1, -5, "0999-12-31"]);
    });

    it("Exports are cut silently: it breaks where it can't be whole, and its run tells why", async () => {
      const fails = isPostgresql
        ? `select n, 1 / (60000 - n) as x from ${hundredThousand}`
        : `select seq, if(seq = 60000, (select 1 union select 2), 0) as x from ${hundredThousand}`;
      const { id } = await admin.run(await saved(kind, fails));
      for (const as of ["csv", "xlsx"]) {
        const response = await file(admin, id, as);
        expect(response.status).toBe(200);
        await expect(response.arrayBuffer()).rejects.toThrow();
        await expect
          .poll(() => runOf(response))
          .toMatchObject({
            state: "refused",
            error: { message: expect.stringMatching(isPostgresql ? /division by zero/ : /more than 1 row/) },
          });
      }
    });

    it("ends on its server when whoever takes it goes away, or the run is cancelled", async () => {
      const endless =
        "select a.id from orders a cross join orders b cross join orders c cross join orders d cross join orders e cross join orders f";
      const running = async () =>
        isPostgresql
          ? await shop.ask(
              `select pid from pg_stat_activity where datname = '${shop.settings.database}' and query like '%orders f%' and state <> 'idle' and pid <> pg_backend_pid()`,
            )
          : await shop.ask(
              `select id from information_schema.processlist where db = '${shop.settings.database}' and info like '%orders f%' and id <> connection_id()`,
            );
      const name = await saved(kind, endless);
      const { id } = await admin.run(name);
      const leave = new AbortController();
      const left = await request(admin, "GET", `/runs/${id}/file?as=csv`, undefined, { signal: leave.signal });
      await left.body?.getReader().read();
      expect(await running()).toHaveLength(1);
      leave.abort();
      await vi.waitUntil(async () => (await running()).length === 0, { timeout: 5000 });
      await expect.poll(() => runOf(left)).toMatchObject({ state: "failed", error: { message: expect.stringContaining("went away") } });

      const stopped = await file(admin, id);
      const read = stopped.arrayBuffer();
      const run = (stopped.headers.get("location") ?? "").split("/").at(-1);
      const broken = expect(read).rejects.toThrow();
      expect(await ask(admin, "POST", `/runs/${run}/cancel`)).toMatchObject({ status: 202 });
      await broken;
      await vi.waitUntil(async () => (await running()).length === 0, { timeout: 5000 });
      await expect.poll(() => runOf(stopped)).toMatchObject({ state: "cancelled" });
    }, 60_000);
  });
}

await describeWithServer("the file of a run", "DATABASE_URL", () => {
  it("is for whoever asked for it, by the rights and the version of now", async () => {
    const name = await saved("postgresql", "select 1 as one");
    const { id } = await admin.run(name);
    expect((await file(agent, id)).status).toBe(404);
    await admin.run("operation.share", { name, roles: "agent" });
    const theirs = await agent.run(name);
    expect((await (await file(agent, theirs.id)).text()).trim().endsWith("1")).toBe(true);
    expect((await ask(admin, "GET", `/runs/${theirs.id}/file?as=csv`)).body).toMatchObject({ error: { code: "forbidden" } });
    await admin.run("operation.share", { name, roles: "" });
    expect((await ask(agent, "GET", `/runs/${theirs.id}/file?as=csv`)).body).toMatchObject({ error: { code: "unknown_command" } });
    await ask(admin, "PATCH", `/operations/${name}`, { query: { dataSource: "postgresql", sql: "select 2 as one" } });
    expect((await file(admin, id)).status).toBe(200);
    const exported = (await runOf(await file(admin, id))).id;
    expect((await file(admin, exported)).status).toBe(200);
    await ask(admin, "POST", `/operations/${name}/publish`);
    for (const run of [id, exported])
      expect((await ask(admin, "GET", `/runs/${run}/file?as=csv`)).body).toMatchObject({ error: { code: "stale" } });
    await admin.run("operation.unpublish", { name });
    expect((await ask(admin, "GET", `/runs/${id}/file?as=csv`)).body).toMatchObject({ error: { code: "unknown_command" } });
  });

  it.each([
    ["no such format", "pdf", { status: 422, body: { error: { path: "as" } } }],
    ["no table", "csv", { status: 422, body: { error: { path: "as", message: '"reverse" answers no table that could be a file.' } } }],
  ])("is refused where there is %s", async (_what, as, expected) => {
    const { id } = await admin.run("reverse", { text: "a b" });
    expect(await ask(admin, "GET", `/runs/${id}/file?as=${as}`)).toMatchObject(expected);
  });

  it("is two of one data source at once, and no third", async () => {
    const name = await saved("postgresql", "select a.id from orders a cross join orders b cross join orders c cross join orders d");
    const { id } = await admin.run(name);
    const leave = new AbortController();
    const open = () => request(admin, "GET", `/runs/${id}/file?as=csv`, undefined, { signal: leave.signal });
    expect((await Promise.all([open(), open()])).map(({ status }) => status)).toEqual([200, 200]);
    const third = await open();
    expect([third.status, await third.json()]).toMatchObject([503, { error: { message: expect.stringContaining("Two files") } }]);
    leave.abort();
    await vi.waitUntil(async () => {
      const next = new AbortController();
      const { status } = await request(admin, "GET", `/runs/${id}/file?as=csv`, undefined, { signal: next.signal });
      next.abort();
      return status === 200;
    }, 20_000);
  }, 40_000);

  it("gives its place back where whoever takes it stops reading, and the run says so", async () => {
    const name = await saved("postgresql", "select repeat('long', 5000) as x from generate_series(1, 100000)");
    const { id } = await admin.run(name);
    const clock = createMovableClock(Date.now());
    const other = await product.beside({ roles: "gateway", clock });
    const open = () => request(admin, "GET", `/runs/${id}/file?as=csv`, undefined, {}, other);
    const stalled = await Promise.all([open(), open()]);
    expect((await open()).status).toBe(503);
    const ended = async (response: Response) => {
      clock.advance(20_000);
      return await runOf(response);
    };
    for (const response of stalled) {
      await expect
        .poll(() => ended(response), { timeout: 30_000 })
        .toMatchObject({ state: "failed", error: { code: "unavailable", message: expect.stringContaining("took none of it for 60 s") } });
      await expect(response.arrayBuffer()).rejects.toThrow();
    }
    const next = await open();
    expect(next.status).toBe(200);
    await next.body?.cancel();
    await other.stop();
  }, 90_000);

  it("tells nobody of a command that they may not run", async () => {
    const steps = [{ command: "help" }];
    const name = `s${randomUUID().slice(0, 8)}`;
    await ask(admin, "POST", "/operations", { name, kind: "sequence", summary: "x", sequence: { steps } });
    await ask(admin, "POST", `/operations/${name}/publish`);
    const post = async (command: string) => {
      const answer = await request(agent, "POST", `/commands/${command}/runs`, { args: {} }, { headers: { accept: "text/csv" } });
      const { error } = JSON.parse(await answer.text());
      return { status: answer.status, ...error, requestId: "", message: error.message.replace(command, "it") };
    };
    expect(await post(name)).toEqual(await post("nothing-of-the-kind"));
  });

  it("is the answer itself for a program that accepts nothing else, once for its key, without a mark at the beginning", async () => {
    const name = await saved("postgresql", "select n from generate_series(1, :to) n", [{ name: "to", type: "integer", required: true }]);
    const post = (args: object, key: string = randomUUID()) =>
      request(admin, "POST", `/commands/${name}/runs`, { args }, { headers: { accept: "text/csv", "idempotency-key": key } });
    const key = randomUUID();
    expect(await (await post({ to: 3 }, key)).text()).toBe("n\r\n1\r\n2\r\n3\r\n");
    await expect.poll(async () => await (await post({ to: 3 }, key)).json()).toMatchObject({ state: "succeeded", data: { rows: 3 } });
    const missing = await post({});
    expect([missing.status, await missing.json()]).toMatchObject([422, { error: { path: "args.to" } }]);
  });
});
