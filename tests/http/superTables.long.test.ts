import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putAnyRow, tablesIn } from "../fixtures/anyRow.ts";
import { openSuper, type SuperHttp } from "./openSuper.ts";

/** Whose own rules a hand would break. */
const lookedAtOnly = ["audit_chain", "audit_entry", "schema_migration", "super_admin", "super_session"];
/** Its own page deletes it, with all that is its. */
const elsewhere = ["tenant"];
const answers = [200, 409, 422];

describe("of every table that there is, a super admin", () => {
  let door: SuperHttp;
  let client: pg.Client;
  let browser: Awaited<ReturnType<SuperHttp["setUp"]>>["browser"];
  let tenant: string;
  let tables: string[];
  beforeAll(async () => {
    door = await openSuper();
    client = new pg.Client(door.http.house.databaseUrl);
    await client.connect();
    await client.query("set app.tenant = '*'");
    ({ browser } = await door.setUp());
    tenant = await door.http.house.addTenant("full");
    tables = await tablesIn(client);
    for (const table of tables) if (![...lookedAtOnly, ...elsewhere].includes(table)) await putAnyRow(client, table, tenant);
  });
  afterAll(async () => {
    await client.end();
    await door.http.close();
  });

  const firstRowOf = async (table: string) => firstRow((await browser.get(`/super/tables/${table}`)).text)?.replaceAll("&amp;", "&");
  /** The address of the first row that a list shows. */
  const firstRow = (page: string) => /href="(\/super\/tables\/\w+\/row\?key=[^"]+)" aria-label="Open row 1"/.exec(page)?.[1];

  it("sees the rows on the tenant's page, and in a list of their own", async () => {
    const page = (await browser.get(`/super/tenants/${tenant}`)).text;
    for (const table of tables) {
      const { rows } = await client.query("select 1 from pg_attribute where attrelid = $1::regclass and attname = 'tenant_id'", [
        `"${table}"`,
      ]);
      const its = rows.length > 0 && !lookedAtOnly.includes(table);
      if (its) expect(page, table).toContain(`/super/tables/${table}?tenant=${tenant}`);
      const list = await browser.get(`/super/tables/${table}${its ? `?tenant=${tenant}` : ""}`);
      expect([table, list.status, firstRow(list.text) !== undefined || table === "audit_chain" || table === "audit_entry"]).toEqual([
        table,
        200,
        true,
      ]);
    }
  });

  it("changes a row, or is told on the page why not", async () => {
    for (const table of tables) {
      const at = await firstRowOf(table);
      if (at === undefined) continue;
      const columns = [...(await browser.get(at)).text.matchAll(/<label for="([^"]+)">[^<]+<span class="muted">([^<]+)</g)];
      if (lookedAtOnly.includes(table)) {
        expect([table, columns]).toEqual([table, []]);
        expect((await browser.post(at, { "set:name": "x" })).status).toBe(403);
        expect((await browser.post(at.replace("/row?", "/row/delete?"), {})).status).toBe(403);
        continue;
      }
      const statuses: number[] = [];
      for (const [, name = "", type = ""] of columns) {
        for (const value of ["words", fitting(type)]) {
          const { status, text } = await browser.post(at, { [`set:${name}`]: value });
          expect([table, name, value, status, text.includes("</html>")]).toEqual([table, name, value, expect.toBeOneOf(answers), true]);
          statuses.push(status);
        }
      }
      // Where all that may change points to other rows, there is nothing to change it to.
      const pointing = statuses.every((status) => status === 409);
      expect([table, pointing || statuses.includes(200)]).toEqual([table, true]);
    }
  }, 180_000);

  it("deletes a row, first what others of it point to", async () => {
    const left = new Map<string, string>();
    for (const table of tables) {
      const at = [...lookedAtOnly, ...elsewhere].includes(table) ? undefined : await firstRowOf(table);
      if (at !== undefined) left.set(table, at);
    }
    expect(left.size).toBeGreaterThan(60);
    for (let before = -1; before !== left.size; ) {
      before = left.size;
      for (const [table, at] of left) {
        const { status, to, text } = await browser.post(at.replace("/row?", "/row/delete?"), {});
        if (status === 409) expect([table, text.includes("Other rows point to this one")]).toEqual([table, true]);
        else {
          // 404: it went with another, as the schema says.
          expect([table, status]).toEqual([table, expect.toBeOneOf([303, 404])]);
          if (status === 303) expect(to).toBe(`/super/tables/${table}`);
          expect([table, (await browser.get(at)).status]).toEqual([table, 404]);
          left.delete(table);
        }
      }
    }
    expect([...left.keys()]).toEqual([]);
  }, 60_000);
});

/** Another value than a row was filled with. */
function fitting(type: string): string {
  if (/^(timestamp|date)/.test(type)) return "2026-03-04";
  if (type.startsWith("time")) return "13:00";
  if (type === "boolean") return "true";
  if (type === "uuid") return "0198f7a0-0000-7000-8000-0000000000aa";
  if (type.endsWith("[]")) return "{}";
  if (type.startsWith("json")) return '{"a": 1}';
  return type === "inet" ? "192.0.2.2" : "2";
}
