import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImportHouse, openImportHouse, stockFields } from "./importHouse.ts";

let house: ImportHouse;
beforeAll(async () => {
  house = await openImportHouse();
});
afterAll(() => house.product.stop());

const stock = () => house.blueprintOf(stockFields, "Article");

describe("an import", () => {
  it("finds columns by their names, whatever their case and marks, and by their values", async () => {
    const key = await house.blueprintOf(
      [
        { key: "deliver_from", name: "Deliver from", type: "text" },
        { key: "reach", name: "Reach", type: "email" },
        { key: "kind", name: "Kind", type: "choice", choices: ["Box", "Bag"] },
      ],
      "Thing",
    );
    const { body } = await house.upload(key, "DELIVER-FROM,Contact,Sort,Other\nHere,a@example.org,box,1\nThere,b@example.org,BAG,2\n");
    expect(body).toMatchObject({
      rows: 2,
      reading: { kind: "csv", encoding: "utf-8", delimiter: ",", header: true },
      settings: {
        columns: [{ field: "deliver_from" }, { field: "reach" }, { field: "kind" }, { field: null }],
        key: null,
        errors: "nothing",
      },
      columns: [{ by: "name" }, { by: "values" }, { by: "values" }, { by: null, samples: ["1", "2"] }],
      questions: [],
      problems: [],
    });
    const preview = await house.ask(house.agent, "GET", house.at(body, "/preview"));
    expect(preview.body).toMatchObject({
      lookedAt: 2,
      counts: { created: 2 },
      rows: [{ row: 2, action: "create", values: { deliver_from: "Here", kind: "Box" } }, { row: 3 }],
    });
    expect(await house.values(key)).toEqual([]);
  });

  it("writes nothing where a row doesn't fit, and tells all errors with row, column, value and reason", async () => {
    const key = await stock();
    const csv = "Code,Name,Quantity,Price\na,A,1,1.50\nb,,2,2\nc,C,many,=1+1\n";
    const view = await house.bring(key, csv);
    expect(view).toMatchObject({
      state: "draft",
      counts: { created: 1, failed: 2 },
      fault: "Nothing was written: 2 of 3 rows can't be taken.",
    });
    expect(await house.values(key)).toEqual([]);
    expect((await house.errors(view)).split("\r\n")).toEqual([
      "row,column,value,reason",
      '3,Name,"","""Name"" is missing; it is required."',
      '4,Quantity,many,"""Quantity"" must be a whole number."',
      `4,Price,'=1+1,"""Price"" must be a number like 1234.50."`,
      "",
    ]);
    const fitting = await house.ask(house.agent, "PATCH", house.at(view), { settings: { errors: "fitting" } });
    expect(fitting.status).toBe(200);
    await house.ask(house.agent, "POST", house.at(view, "/start"));
    expect(await house.ended(view)).toMatchObject({ state: "done", counts: { created: 1, failed: 2 }, position: 3 });
    expect(await house.values(key)).toEqual([{ code: "a", name: "A", qty: 1, price: "1.50" }]);
  });

  it("makes no duplicates of the same file, says that it was here before, and changes what differs", async () => {
    const key = await stock();
    const csv = "Code,Name,Quantity\na,A,1\nb,B,2\n";
    expect(await house.bring(key, csv)).toMatchObject({ state: "done", counts: { created: 2 }, before: null });
    const again = await house.upload(key, csv);
    expect(again.body.before).toMatch(/^20/);
    expect(await house.bring(key, csv)).toMatchObject({ state: "done", counts: { created: 0, same: 2 } });
    expect(await house.bring(key, "Code,Quantity,Name\nA,1,A\nB,3,B\nc,4,C\n")).toMatchObject({
      counts: { same: 0, changed: 2, created: 1 },
    });
    expect(await house.values(key)).toMatchObject([{ code: "A" }, { code: "B", qty: 3 }, { code: "c" }]);
    const history = await house.ask(house.agent, "GET", `/blueprints/${key}/entities/b/history`);
    expect(history.body.items[0]).toMatchObject({ kind: "change", before: { qty: 2 }, after: { qty: 3 } });
  });

  it("skips or refuses what is there or isn't, as it is told; an empty cell leaves a field or empties it", async () => {
    const key = await stock();
    await house.bring(key, "Code,Name,Quantity\na,A,1\n");
    const csv = "Code,Name,Quantity\na,A2,\nb,B,2\n";
    expect(await house.bring(key, csv, { found: "skip", missing: "skip" })).toMatchObject({ counts: { skipped: 2 } });
    const refused = await house.bring(key, csv, { found: "refuse", missing: "refuse", errors: "fitting" });
    expect(refused).toMatchObject({ state: "done", counts: { failed: 2, created: 0 } });
    expect(await house.errors(refused)).toMatch(/there is one with this already[\s\S]*there is none with this/);
    expect(await house.bring(key, csv, { missing: "skip" })).toMatchObject({ counts: { changed: 1, skipped: 1 } });
    expect(await house.values(key)).toEqual([{ code: "a", name: "A2", qty: 1 }]);
    await house.bring(key, csv, { missing: "skip", empty: "clear" });
    expect(await house.values(key)).toEqual([{ code: "a", name: "A2" }]);
  });

  /** complaints.md, entities and blueprints: "Imports duplicate, relate by internal id only, trip over deleted rows"; the relating is tested below. */
  it("offers to restore what is in the trash, and does it, or makes a new one", async () => {
    const key = await stock();
    await house.bring(key, "Code,Name\na,A\nb,B\n");
    for (const code of ["a", "b"]) await house.ask(house.agent, "DELETE", `/blueprints/${key}/entities/${code}`);
    const csv = "Code,Name\nA,Again\n";
    const refused = await house.bring(key, csv);
    expect(refused).toMatchObject({ state: "draft", counts: { failed: 1 } });
    expect(await house.errors(refused)).toContain("is in the trash; let the import restore it, or make a new one.");
    expect(await house.bring(key, csv, { trashed: "skip" })).toMatchObject({ counts: { skipped: 1 } });
    expect(await house.bring(key, csv, { trashed: "restore" })).toMatchObject({ counts: { changed: 1 } });
    expect(await house.values(key)).toEqual([{ code: "A", name: "Again" }]);
    expect(await house.bring(key, "Code,Name\nb,New\n", { trashed: "create" })).toMatchObject({ counts: { created: 1 } });
    expect((await house.ask(house.agent, "GET", `/blueprints/${key}/entities?trashed=true`)).body.items).toHaveLength(1);
  });

  it("takes rows in their order: one that repeats a key finds what the row above made, in the same batch or later", async () => {
    const key = await stock();
    const rows = Array.from({ length: 2500 }, (_, n) => `k${n % 1200},N${n},${n}`).join("\n");
    const view = await house.bring(key, `Code,Name,Quantity\n${rows}\n`, { errors: "fitting" });
    expect(view).toMatchObject({ state: "done", counts: { created: 1200, changed: 1300, failed: 0 } });
    const { body } = await house.ask(house.agent, "GET", `/blueprints/${key}/entities/k0`);
    expect(body.values).toMatchObject({ qty: 2400 });
    // Without a key each row is a new one, and the second has a value that another has.
    const plain = await house.bring(key, "Code,Name\nx,X\nX,Y\n", { key: null, errors: "fitting" });
    expect(plain).toMatchObject({ counts: { created: 1, failed: 1 } });
    expect(await house.errors(plain)).toContain('3,Code,X,"""Code"" must be unique, and another has this already."');
  });

  it("finds by the number that the product gave, and never gives one that somebody wrote", async () => {
    const key = await house.blueprintOf(
      [
        { key: "id", name: "Id", type: "sequence", prefix: "ART-" },
        { key: "name", name: "Name", type: "text" },
      ],
      "Article",
    );
    expect(await house.bring(key, "Name\nA\nB\n")).toMatchObject({ counts: { created: 2 } });
    const view = await house.bring(key, "Id,Name\nART-2,B2\nart-1,A\nART-9,C\n,New\n", { errors: "fitting" });
    expect(view).toMatchObject({ settings: { key: "id" }, counts: { changed: 1, same: 1, failed: 1, created: 1 } });
    expect(await house.values(key)).toEqual([
      { id: "ART-1", name: "A" },
      { id: "ART-2", name: "B2" },
      { id: "ART-3", name: "New" },
    ]);
  });

  it("takes a flow's states in at the beginning, and changes none that stands", async () => {
    const key = await house.blueprintOf([
      { key: "code", name: "Code", type: "text", unique: true },
      { key: "status", name: "Status", type: "choice", choices: ["OPEN", "OVER"] },
    ]);
    const flow = { field: "status", transitions: [{ key: "end", from: ["OPEN"], to: "OVER" }] };
    await house.ask(house.admin, "PATCH", `/blueprints/${key}`, { flow });
    await house.bring(key, "Code,Status\na,over\nb,\n");
    const view = await house.bring(key, "Code,Status\na,OPEN\nb,OPEN\n", { errors: "fitting" });
    expect(view).toMatchObject({ counts: { failed: 1, same: 1 } });
    expect(await house.errors(view)).toContain("changes by what is done");
  });

  it("begins with the file and its settings in one request, by the command with a file, and once for each key", async () => {
    const key = await stock();
    const begun = await house.upload(key, "Code,Name\na,A\n", { settings: { errors: "fitting" } });
    expect([begun.status, begun.body]).toMatchObject([202, { run: expect.any(String) }]);
    expect(await house.ended(begun.body)).toMatchObject({ state: "done", counts: { created: 1 } });
    const uploaded = await fetch(`${house.product.url}/api/v1/files?name=more.csv`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream", authorization: `Bearer ${house.agent.token}` },
      body: "Code;Name;Bought on;Price\nb;B;03/04/2026;1,50\n",
    });
    const { id: file }: { id: string } = JSON.parse(await uploaded.text());
    expect(await house.agent.refused(`${key}.import`, { file })).toMatchObject({
      code: "invalid_value",
      path: "args.dates",
      message: expect.stringContaining("dmy (2026-04-03) or mdy (2026-03-04)"),
    });
    const run = await house.agent.run(`${key}.import`, { file, dates: "dmy" });
    expect(run).toMatchObject({ state: "succeeded", messages: [{ text: "1 made." }], data: { state: "done", counts: { created: 1 } } });
    expect(await house.values(key)).toMatchObject([{ code: "a" }, { code: "b", bought: "2026-04-03", price: "1.50" }]);
    expect(await house.agent.refused(`${key}.import`, {})).toMatchObject({ code: "invalid_value", path: "args.file" });
  });

  it("relates by any unique field, and names people by their mail; who isn't found is told in its row", async () => {
    const customers = await house.blueprintOf([{ key: "email", name: "E-mail", type: "email", unique: true }], "Customer");
    await house.bring(customers, "E-mail\nann@example.org\nbob@example.org\n");
    const key = await house.blueprintOf(
      [
        { key: "code", name: "Code", type: "text", unique: true },
        { key: "owner", name: "Owner", type: "relation", blueprint: customers },
        { key: "others", name: "Others", type: "relation", blueprint: customers, many: true },
        { key: "agent", name: "Agent", type: "account" },
      ],
      "Order",
    );
    const csv = `Code;Owner;Others;Agent\na;ANN@example.org;ann@example.org, bob@example.org;${house.agent.email}\nb;nobody@example.org;;\nc;;;nobody@example.org\n`;
    const view = await house.bring(key, csv, { errors: "fitting" });
    expect(view).toMatchObject({ counts: { created: 1, failed: 2 } });
    expect(await house.errors(view)).toMatch(/3,Owner,nobody@example\.org,[^\n]*\n4,Agent,nobody@example\.org,/);
    const { body } = await house.ask(house.agent, "GET", `/blueprints/${key}/entities/a`);
    expect([body.values.owner, body.values.others, body.values.agent]).toMatchObject([
      [expect.any(String)],
      [expect.any(String), expect.any(String)],
      house.agent.id,
    ]);
    expect(await house.bring(key, csv, { errors: "fitting" })).toMatchObject({ counts: { same: 1, failed: 2 } });
  });

  it("is its maker's alone, and of no other blueprint", async () => {
    const [key, other] = [await stock(), await stock()];
    const { body } = await house.upload(key, "Code,Name\na,A\n");
    for (const [method, rest] of [
      ["GET", ""],
      ["GET", "/errors"],
      ["GET", "/preview"],
      ["POST", "/start"],
      ["POST", "/pause"],
      ["DELETE", ""],
    ] as const) {
      expect((await house.ask(house.admin, method, house.at(body, rest))).status).toBe(404);
      expect((await house.ask(house.agent, method, house.at({ ...body, blueprint: other }, rest))).status).toBe(404);
    }
    expect((await house.ask(house.agent, "GET", `/blueprints/${key}/imports`)).body.items).toMatchObject([{ id: body.id, state: "draft" }]);
    expect((await house.ask(house.admin, "GET", `/blueprints/${key}/imports`)).body.items).toEqual([]);
  });

  it("ends when it is cancelled, and its file is forgotten", async () => {
    const key = await stock();
    const { body } = await house.upload(key, "Code,Name\na,A\n");
    expect((await house.ask(house.agent, "POST", house.at(body, "/pause"))).body.error).toMatchObject({ code: "conflict" });
    expect((await house.ask(house.agent, "DELETE", house.at(body))).body).toMatchObject({ state: "cancelled" });
    expect((await house.ask(house.agent, "POST", house.at(body, "/start"))).body.error).toMatchObject({ code: "conflict" });
    expect((await house.ask(house.agent, "PATCH", house.at(body), { settings: {} })).body.error).toMatchObject({ code: "conflict" });
    expect(await house.product.files.exists(`${house.product.tenant}/import-${body.id}.0`)).toBe(false);
  });
});
