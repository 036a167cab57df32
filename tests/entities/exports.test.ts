import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImportHouse, openImportHouse, stockFields } from "./imports/importHouse.ts";

let house: ImportHouse;
let key: string;
beforeAll(async () => {
  house = await openImportHouse();
  key = await house.blueprintOf([{ key: "id", name: "Id", type: "sequence", prefix: "ART-" }, ...stockFields], "Article");
  const rows = Array.from(
    { length: 2500 },
    (_, n) => `c${n},${n === 7 ? "=1+1" : `Ä ${n}`},${n},${n}.50,2026-11-21,2026-11-21T09:30:00Z,box,yes`,
  );
  const csv = `Code,Name,Quantity,Price,Bought on,Seen,Kind,Fragile\n${rows.join("\n")}\n`;
  expect(await house.bring(key, csv)).toMatchObject({ state: "done", counts: { created: 2500 } });
});
afterAll(() => house.product.stop());

const take = async (accept: string, args: object = {}, of = key) => {
  const response = await fetch(`${house.product.url}/api/v1/commands/${of}.export/runs`, {
    method: "POST",
    headers: { "content-type": "application/json", accept, authorization: `Bearer ${house.agent.token}` },
    body: JSON.stringify({ args }),
  });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
};
const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

describe("an export", () => {
  it("has all rows as CSV, in the list's filter, order and columns, and nothing that a spreadsheet would calculate", async () => {
    const all = await take("text/csv");
    const lines = all.bytes.toString().split("\r\n");
    expect(lines).toHaveLength(2502);
    expect(lines[0]).toBe("Id,Code,Name,Quantity,Price,Bought on,Seen,Kind,Fragile");
    expect(lines).toContain("ART-8,c7,'=1+1,7,7.50,2026-11-21,2026-11-21T09:30:00.000Z,Box,true");
    const some = await take("text/csv", { columns: "code, qty", filterBy: { qty: { gte: 2498 } }, sortBy: "-qty" });
    expect(some.bytes.toString()).toBe("Code,Quantity\r\nc2499,2499\r\nc2498,2498\r\n");
    const strange = await take("text/csv", { columns: "salary" });
    expect([strange.status, JSON.parse(strange.bytes.toString()).error]).toMatchObject([422, { path: "args.columns" }]);
  });

  it("comes back as it went: what was changed in the file is changed, and nothing else, from CSV and from XLSX", async () => {
    const { bytes } = await take("text/csv", { filterBy: { qty: { lt: 10 } } });
    const view = await house.bring(key, bytes.toString().replace("Ä 3", "Ö 3"));
    expect(view).toMatchObject({ settings: { key: "id" }, state: "done", counts: { changed: 1, same: 9, failed: 0 } });
    const book = await take(xlsx, { filterBy: { qty: { lt: 10 } } });
    const again = await house.bring(key, book.bytes, {}, "stock.xlsx");
    expect(again).toMatchObject({ reading: { kind: "xlsx", header: true }, rows: 10, state: "done", counts: { same: 10, changed: 0 } });
  });

  it("of a workbook: numbers, times and texts are read as they were written, and its sheets are named", async () => {
    const other = await house.blueprintOf(stockFields, "Article");
    const book = await take(xlsx, {
      columns: "code,name,qty,price,bought,seen_at,kind,fragile",
      filterBy: { qty: { lte: 7 } },
      sortBy: "qty",
    });
    const draft = await house.upload(other, book.bytes, { name: "stock.xlsx" });
    expect(draft.body).toMatchObject({ sheets: ["Answer"], rows: 8, questions: [], problems: [] });
    await house.bring(other, book.bytes, {}, "stock.xlsx");
    expect((await house.values(other)).at(-1)).toEqual({
      code: "c7",
      name: "=1+1",
      qty: 7,
      price: "7.50",
      bought: "2026-11-21",
      seen_at: "2026-11-21T09:30:00.000Z",
      kind: "Box",
      fragile: true,
    });
    const half = book.bytes.subarray(0, book.bytes.length / 2);
    expect((await house.upload(other, half, { name: "stock.xlsx" })).body.error).toMatchObject({ code: "invalid_value", path: "file" });
    expect((await house.upload(other, book.bytes, { name: "stock.csv" })).status).toBe(415);
  });

  it("is a PDF with the names of columns on each page, up to 10,000 rows; more columns or other letters are told", async () => {
    const { status, bytes } = await take("application/pdf", { columns: "code,name,qty" });
    expect([status, bytes.subarray(0, 5).toString(), bytes.subarray(-6).toString().trim()]).toEqual([200, "%PDF-", "%%EOF"]);
    // 2,500 rows, some 37 on a page.
    expect(bytes.toString("latin1").match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(50);
    const foreign = await house.blueprintOf([{ key: "name", name: "Name", type: "text" }], "Name");
    await house.bring(foreign, "Name\nДом\nŁódź\nΑθήνα\nplain\n");
    const printed = (await take("application/pdf", {}, foreign)).bytes.toString("latin1");
    expect(["Helvetica", "DejaVuSans"].filter((font) => new RegExp(`/BaseFont /(\\w+\\+)?${font}\\b`).test(printed))).toHaveLength(2);
    await house.bring(foreign, "Name\n東京\n");
    await expect(take("application/pdf", {}, foreign)).rejects.toThrow();
  });

  it("leaves out what a role doesn't see", async () => {
    const limits = { [key]: { read: ["id", "code", "qty"], write: ["qty"] } };
    const role = {
      key: "packer",
      name: "Packer",
      permissions: "entities.read, entities.change, commands.run, presence.declare",
      blueprints: key,
      limits,
    };
    await house.admin.run("role.create", role);
    const clerk = await house.product.agent("agent2@demo.example");
    await house.product.database.acrossTenants.query("update membership set roles = $2 where account_id = $1", [clerk.id, ["packer"]]);
    house.product.bus.publish(`tenant.${house.product.tenant}.access`, {});
    const response = await fetch(`${house.product.url}/api/v1/commands/${key}.export/runs`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/csv", authorization: `Bearer ${clerk.token}` },
      body: JSON.stringify({ args: { filterBy: { qty: { eq: 7 } } } }),
    });
    expect(await response.text()).toBe("Id,Code,Quantity\r\nART-8,c7,7\r\n");
    const refused = await fetch(`${house.product.url}/api/v1/blueprints/${key}/imports`, {
      headers: { authorization: `Bearer ${clerk.token}` },
    });
    expect(refused.status).toBe(403);
  });
});
