import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { maxImportBytes } from "../../../src/protocol/imports.ts";
import { type Answered, type ImportHouse, openImportHouse, stockFields } from "./importHouse.ts";

/** What people call CSV, case by case. */
let house: ImportHouse;
let key: string;
beforeAll(async () => {
  house = await openImportHouse();
  key = await house.blueprintOf(stockFields, "Article");
});
afterAll(() => house.product.stop());

const upload = (content: string | Uint8Array, name?: string) => house.upload(key, content, name === undefined ? {} : { name });
const refused = ({ status, body }: Answered) => [status, body.error?.code, body.error?.path];
/** A blueprint of its own, and what stands in it after the file. */
const brought = async (content: string | Uint8Array, settings: object = {}) => {
  const own = await house.blueprintOf(stockFields, "Article");
  const view = await house.bring(own, content, settings);
  return { view, values: await house.values(own) };
};

describe("a file for an import", () => {
  it("empty: there is nothing to import", async () => {
    expect(refused(await upload(""))).toEqual([422, "nothing_to_send", "file"]);
    expect(refused(await upload("\n \r\n,,\n"))).toEqual([422, "nothing_to_send", "file"]);
  });

  it("header only: there is no row", async () => {
    const { status, body } = await upload("Code,Name\n");
    expect([status, body.error?.message]).toEqual([422, "The file has the names of columns, and no row below them."]);
  });

  it("BOM: it is no part of the first name", async () => {
    expect((await brought("\uFEFFCode,Name\na,A\n")).values).toEqual([{ code: "a", name: "A" }]);
  });

  it("UTF-16, with its mark and without, either way around", async () => {
    const wide = Buffer.from("Code;Name\nä;Änne\n", "utf16le");
    const swapped = Buffer.from(wide).swap16();
    for (const [content, encoding] of [
      [Buffer.concat([Buffer.from([0xff, 0xfe]), wide]), "utf-16le"],
      [Buffer.concat([Buffer.from([0xfe, 0xff]), swapped]), "utf-16be"],
      [wide, "utf-16le"],
      [swapped, "utf-16be"],
    ] as const) {
      const { view, values } = await brought(content);
      expect([view.reading.encoding, values]).toEqual([encoding, [{ code: "ä", name: "Änne" }]]);
    }
  });

  it("Latin-1, though its first wrong byte is its last", async () => {
    const { view, values } = await brought(Buffer.from(`Code,Name\n${"x,X\n".repeat(1)}y,Ümit £`, "latin1"));
    expect([view.reading.encoding, values[1]]).toEqual(["windows-1252", { code: "y", name: "Ümit £" }]);
  });

  it("CR only, and ends of all kinds in one file", async () => {
    expect((await brought("Code,Name\ra,A\rb,B\r")).values).toHaveLength(2);
    expect((await brought("Code,Name\r\na,A\rb,B\nc,C")).values).toHaveLength(3);
  });

  it("semicolons, tabs and bars between the cells", async () => {
    for (const [mark, name] of [
      [";", "a, or b"],
      ["\t", "a, or; b"],
      ["|", "a, b"],
    ] as const) {
      const { view, values } = await brought(`Code${mark}Name\nx${mark}${name}\ny${mark}Y\n`);
      expect([view.reading.delimiter, values[0]]).toEqual([mark, { code: "x", name }]);
    }
    const draft = (await upload("Code:Name\na:A\n")).body;
    expect(draft.columns).toHaveLength(1);
  });

  it("quoted newlines and quotes stay in their cell", async () => {
    const own = await house.blueprintOf([{ key: "note", name: "Note", type: "longText" }], "Note");
    await house.bring(own, 'Note,More\n"one\r\ntwo, ""three""",x\n12" pipe,y\n');
    expect(await house.values(own)).toEqual([{ note: 'one\r\ntwo, "three"' }, { note: '12" pipe' }]);
  });

  it("an unbalanced quote is told with its row, before anything is written", async () => {
    const { status, body } = await upload('Code,Name\na,A\nb,"B\nc,C\n');
    expect([status, body.error]).toMatchObject([
      422,
      { code: "invalid_value", path: "file", message: "In row 3 a quotation mark opens a text that never ends." },
    ]);
  });

  it("NUL: the row is told, and others are taken", async () => {
    const { view } = await brought("Code,Name\na,A\0B\nb,B\n", { errors: "fitting" });
    expect(view).toMatchObject({ state: "done", counts: { created: 1, failed: 1 } });
    expect(await house.errors(view)).toContain("2,Name,A\uFFFDB");
  });

  it("1 GB: more than 256 MB is refused by its length, before it is read", async () => {
    const response = await new Promise<string>((resolve, reject) => {
      const socket = connect(house.product.port, "127.0.0.1", () =>
        socket.write(
          `POST /api/v1/blueprints/${key}/imports HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${house.agent.token}\r\nContent-Type: application/octet-stream\r\nContent-Length: ${2 ** 30}\r\n\r\nCode`,
        ),
      );
      socket.once("data", (bytes) => {
        resolve(bytes.toString());
        socket.destroy();
      });
      socket.once("error", reject);
    });
    expect(response).toMatch(/^HTTP\/1\.1 413 /);
    expect(response).toContain(`larger than ${maxImportBytes / 1024 / 1024} MB`);
  });

  it("one line of many megabytes is told as what it is", async () => {
    const { status, body } = await upload(`Code,Name\na,${"x".repeat(10 * 1024 * 1024)}\n`);
    expect([status, body.error]).toMatchObject([
      413,
      { code: "payload_too_large", message: "Row 2 is longer than 4 MB, the limit of a row." },
    ]);
  });

  it("10,000 columns", async () => {
    const { status, body } = await upload(`${Array.from({ length: 10_000 }, (_, n) => `c${n}`).join(",")}\n1\n`);
    expect([status, body.error?.message]).toEqual([413, "The file has 10,000 columns; 1,000 are the most."]);
  });

  it("duplicate, unknown, missing and reserved headers", async () => {
    const { body } = await upload("Code,Name,Name,,__proto__,constructor\na,A,B,C,D,E\n");
    expect(body.columns.map(({ name }: { name: string }) => name)).toEqual([
      "Code",
      "Name",
      "Name",
      "Column 4",
      "__proto__",
      "constructor",
    ]);
    expect(body.settings.columns.map(({ field }) => field)).toEqual(["code", "name", null, null, null, null]);
    const columns = body.settings.columns.map((column: object, index: number) => (index === 2 ? { field: "name" } : column));
    const twice = await house.ask(house.agent, "PATCH", house.at(body), { settings: { columns } });
    expect(twice.body.problems).toMatchObject([
      { path: "settings.columns.2.field", message: '"Name" is filled by two columns, "Name" and "Name".' },
    ]);
    const missing = (await upload("Code\na\n")).body;
    expect(missing.problems).toEqual([{ path: "settings.columns", message: '"Name" is required, and no column fills it.' }]);
    expect(refused(await house.ask(house.agent, "POST", house.at(missing, "/start")))).toEqual([422, "invalid_value", "settings.columns"]);
    for (const [said, path] of [
      [{ columns: [{ field: "__proto__" }] }, "settings.columns.0.field"],
      [{ columns: [{ field: "nothing" }] }, "settings.columns.0.field"],
      [{ columns: [] }, "settings.columns"],
      [{ key: "name" }, "settings.key"],
      [{ columns: [{ field: "code", zone: "Moon/Sea" }] }, "settings.columns.0.zone"],
    ] as const) {
      const { body: set } = await house.ask(house.agent, "PATCH", house.at(missing), {
        settings: { columns: missing.settings.columns, key: "code", ...said },
      });
      expect(set.problems.map((problem: { path: string }) => problem.path)).toContain(path);
    }
  });

  it("no header: the columns are numbered, and chosen by hand", async () => {
    const { body } = await upload("17,3.50\n18,4\n");
    expect(body).toMatchObject({ rows: 2, reading: { header: false }, columns: [{ name: "Column 1" }, { name: "Column 2" }] });
    const { body: headed } = await house.ask(house.agent, "PATCH", house.at(body), { reading: { header: true } });
    expect(headed).toMatchObject({ rows: 1, columns: [{ name: "17" }, { name: "3.50" }] });
  });

  it("ragged rows are told, blank ones passed over, and what is read wrongly can be read otherwise", async () => {
    const { view } = await brought("Code,Name\na\n\nb,B,C\nc,C,\nd,D\n", { errors: "fitting" });
    expect(view).toMatchObject({ rows: 4, counts: { created: 2, failed: 2 } });
    expect(await house.errors(view)).toMatch(/2,,"",[^\n]*has 1 cells, and there are 2 columns[^\n]*\n4,,"",[^\n]*has 3 cells/);
    const { body } = await upload("Code;Name\na;A\n");
    const { body: other } = await house.ask(house.agent, "PATCH", house.at(body), { reading: { delimiter: "," } });
    expect(other).toMatchObject({ columns: [{ name: "Code;Name" }], settings: { columns: [{ field: null }] } });
  });

  it("formula cells are texts, and come back from an export as they were", async () => {
    const { values } = await brought("Code,Name\na,=1+1\nb,'=cmd|x\nc,@SUM(A1)\n");
    expect(values.map(({ name }) => name)).toEqual(["=1+1", "=cmd|x", "@SUM(A1)"]);
  });

  it("a decimal comma, 1.234,56: told by the values, asked where they don't tell", async () => {
    expect((await brought('Code,Name,Price\na,A,"1.234,56"\nb,B,"1.234"\n')).values.map(({ price }) => price)).toEqual([
      "1234.56",
      "1234.00",
    ]);
    const own = await house.blueprintOf(stockFields, "Article");
    const { body } = await house.upload(own, 'Code,Name,Price\na,A,"1,234"\n');
    expect(body.questions).toEqual([
      {
        column: 2,
        ask: "decimals",
        sample: "1,234",
        options: [
          { value: ".", reads: "1234" },
          { value: ",", reads: "1.234" },
        ],
      },
    ]);
    expect(refused(await house.ask(house.agent, "POST", house.at(body, "/start")))).toEqual([
      422,
      "invalid_value",
      "settings.columns.2.decimals",
    ]);
    const columns = [{ field: "code" }, { field: "name" }, { field: "price", decimals: "." }];
    await house.ask(house.agent, "PATCH", house.at(body), { settings: { columns } });
    await house.ask(house.agent, "POST", house.at(body, "/start"));
    await house.ended(body);
    expect(await house.values(own)).toMatchObject([{ price: "1234.00" }]);
  });

  it("dd/mm and mm/dd: told by a day above the twelfth, asked where there is none or both are there", async () => {
    expect((await brought("Code,Name,Bought on\na,A,03/04/2026\nb,B,21/11/2026\n")).values[0]).toMatchObject({ bought: "2026-04-03" });
    expect((await brought("Code,Name,Bought on\na,A,03/04/2026\nb,B,11/21/2026\n")).values[0]).toMatchObject({ bought: "2026-03-04" });
    for (const dates of ["03/04/2026\nb,B,05/06/2026", "21/11/2026\nb,B,11/21/2026"]) {
      const { body } = await upload(`Code,Name,Bought on\na,A,${dates}\n`);
      expect(body.questions).toMatchObject([{ column: 2, ask: "dates", options: [{ value: "dmy" }, { value: "mdy" }] }]);
    }
    const { body } = await upload("Code,Name,Bought on\na,A,2026-11-21\nb,B,05.05.2026\n");
    expect(body.questions).toEqual([]);
  });

  it("times without a zone: asked, where the tenant isn't at UTC; what a clock never shows is told", async () => {
    await house.product.database.acrossTenants.query("update tenant set time_zone = 'Europe/Berlin' where id = $1", [house.product.tenant]);
    const csv = "Code,Name,Seen\na,A,2026-07-01 09:30\nb,B,2026-03-29T02:30\nc,C,2026-07-01T09:30:00Z\n";
    const { body } = await upload(csv);
    expect(body.questions).toMatchObject([{ column: 2, ask: "zone", options: [{ value: "Europe/Berlin" }, { value: "UTC" }] }]);
    const columns = [{ field: "code" }, { field: "name" }, { field: "seen_at", zone: "Europe/Berlin" }];
    const { view, values } = await brought(csv, { columns, errors: "fitting" });
    expect(values.map(({ seen_at: at }) => at)).toEqual(["2026-07-01T07:30:00.000Z", "2026-07-01T09:30:00.000Z"]);
    expect(await house.errors(view)).toContain("show never or twice");
  });

  it("yes and no, choices in another case, and what is neither", async () => {
    const { view, values } = await brought("Code,Name,Kind,Fragile\na,A,BOX,yes\nb,B,bag,0\nc,C,Crate,maybe\n", { errors: "fitting" });
    expect(values).toMatchObject([
      { kind: "Box", fragile: true },
      { kind: "Bag", fragile: false },
    ]);
    expect(await house.errors(view)).toMatch(/4,Kind,Crate,[^\n]*must be one of Box, Bag[^\n]*\n4,Fragile,maybe,[^\n]*must be yes or no/);
  });

  it("an XLSX or a ZIP called .csv, and other files: 415", async () => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from("hello"), "hello.txt");
    zip.end();
    const parts: Buffer[] = [];
    for await (const part of zip.outputStream) parts.push(Buffer.from(part));
    const archive = Buffer.concat(parts);
    expect(refused(await upload(archive, "some.csv"))).toEqual([415, "unsupported_media_type", "file"]);
    expect(refused(await upload(archive, "some.zip"))).toEqual([415, "unsupported_media_type", "file"]);
    expect(refused(await upload("%PDF-1.7\nsome,text\n", "some.csv"))).toEqual([415, "unsupported_media_type", "file"]);
    expect(refused(await upload(Buffer.from("d0cf11e0a1b11ae1".padEnd(2000, "00"), "hex"), "old.csv"))).toEqual([
      415,
      "unsupported_media_type",
      "file",
    ]);
    expect(refused(await upload("Code,Name\na,A\n", "some.xlsx"))).toEqual([415, "unsupported_media_type", "file"]);
    expect(refused(await upload(Buffer.alloc(3000, 7), "some.csv"))).toEqual([415, "unsupported_media_type", "file"]);
    // A car maker's initials are no picture.
    expect((await upload("BMW,Name\n1,A\n")).status).toBe(201);
  });

  it("an upload that is cancelled leaves nothing", async () => {
    const left = () => house.product.database.acrossTenants.query("select id from entity_import where state = 'arriving'");
    const socket = connect(house.product.port, "127.0.0.1");
    const head = `Host: localhost\r\nAuthorization: Bearer ${house.agent.token}\r\nContent-Length: 100000000`;
    socket.write(`POST /api/v1/blueprints/${key}/imports?name=a.csv HTTP/1.1\r\n${head}\r\n\r\nCode,Name\n${"a,A\n".repeat(20_000)}`);
    await expect.poll(async () => (await left()).length).toBe(1);
    socket.destroy();
    await expect.poll(async () => (await left()).length).toBe(0);
  });

  it("a form with the file, without one, and settings that are none", async () => {
    const form = new FormData();
    form.set("file", new Blob(["Code,Name\na,A\n"]), "formed.csv");
    const post = (body: FormData, query = "") =>
      fetch(`${house.product.url}/api/v1/blueprints/${key}/imports${query}`, {
        method: "POST",
        headers: { authorization: `Bearer ${house.agent.token}` },
        body,
      });
    const response = await post(form);
    expect([response.status, await response.json()]).toMatchObject([201, { name: "formed.csv", rows: 1 }]);
    const empty = new FormData();
    empty.set("other", "x");
    expect((await post(empty)).status).toBe(422);
    const again = new FormData();
    again.set("file", new Blob(["Code,Name\na,A\n"]), "formed.csv");
    expect((await post(again, "?settings={")).status).toBe(422);
  });
});
