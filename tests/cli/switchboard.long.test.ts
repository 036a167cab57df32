import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { runSwitchboard } from "../../src/cli/remote/runSwitchboard.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { createSourceDatabase, type SourceDatabase } from "../fixtures/sourceDatabase.ts";
import { openTypist } from "../fixtures/typist.ts";

let product: TestProduct;
let admin: Agent;
let key: string;
let shop: SourceDatabase;
beforeAll(async () => {
  const url = inject("databaseUrl");
  product = await openProduct({ allowHosts: new URL(url).host });
  shop = await createSourceDatabase(url, "postgresql");
  admin = await product.agent("admin@demo.example");
  key = await keyWith("commands.run,conversations.answer");
  const { dialect: kind, host, port, database, user, password } = shop.settings;
  await ask("POST", "/data-sources", { name: "shop", kind, host, port, database, user, password, tls: false });
  await saved("late-orders", "select n as number, 10.5 * n as total from generate_series(1, :days) n where n > :least", [
    { name: "least", type: "decimal", default: "0" },
    { name: "days", type: "integer", required: true },
  ]);
});
afterAll(async () => {
  await product.stop();
  await shop.drop();
});

async function ask(method: string, path: string, body?: object) {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}`, "idempotency-key": randomUUID() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return JSON.parse(await response.text());
}

async function keyWith(scopes: string): Promise<string> {
  const { data } = await admin.run("key.create", { name: randomUUID(), scopes });
  const secret = typeof data === "object" && data !== null && "key" in data ? data.key : undefined;
  return String(secret);
}

async function saved(name: string, sql: string, parameters: object[] = []): Promise<void> {
  await ask("POST", "/operations", { name, kind: "query", summary: `The ${name}.`, parameters, query: { dataSource: "shop", sql } });
  await ask("POST", `/operations/${name}/publish`);
  await admin.run("operation.share", { name, roles: "everyone" });
}

interface Line {
  /** What a person answers; without it nobody is there. */
  answers?: string[];
  env?: Record<string, string>;
  interrupted?: AbortSignal;
}

async function line(words: string[], { answers, env = {}, interrupted = new AbortController().signal }: Line = {}) {
  const typist = openTypist(answers === undefined ? {} : { answers });
  let written = "";
  const code = await runSwitchboard({
    words,
    env: { SWITCHBOARD_URL: product.url, SWITCHBOARD_KEY: key, ...env },
    terminal: typist.terminal,
    interrupted,
    write: async (content) => {
      for await (const piece of content) written += Buffer.from(piece).toString();
    },
  });
  return { code, printed: typist.printed() + written, told: typist.told() };
}

describe("switchboard run", () => {
  it("prints an answer as a table, as JSON, and as CSV with all rows", async () => {
    const table = await line(["run", "late-orders", "days:3"]);
    expect([table.code, table.told]).toEqual([0, ""]);
    expect(table.printed.split("\n")[0]).toMatch(/^number +total$/);
    expect(table.printed).toMatch(/3 rows\.\n$/);
    const json = await line(["run", "late-orders", "--json", "days:2"]);
    expect(JSON.parse(json.printed)).toMatchObject({
      command: "late-orders",
      state: "succeeded",
      data: {
        rows: [
          [1, "10.5"],
          [2, "21.0"],
        ],
      },
    });
    const csv = await line(["run", "late-orders", "days:1500", "--csv"]);
    expect(parse(csv.printed)).toHaveLength(1501);
  });

  it("asks a person for what is missing, and until it is there", async () => {
    expect(await line(["run", "late-orders"], { answers: ["2"] })).toMatchObject({
      code: 0,
      told: "days (a whole number): ",
      printed: expect.stringContaining("2 rows."),
    });
  });

  it("shows the plan of what changes something, and asks before", async () => {
    const no = await line(["run", "tag.create", "name:urgent"], { answers: ["n"] });
    expect([no.code, no.told]).toEqual([130, expect.stringContaining("[y/N]")]);
    expect((await line(["run", "tag.create", "name:urgent"])).code).toBe(2);
    expect(await line(["run", "tag.create", "name:urgent"], { answers: ["y"] })).toMatchObject({ code: 0 });
    expect(await line(["run", "tag.create", "--yes", "name:later"])).toMatchObject({ code: 0 });
  });

  it("K1 takes a file by its path, and an entity by its number", async () => {
    const fields = [
      { key: "number", name: "Number", type: "sequence", prefix: "DEL-" },
      { key: "to", name: "To", type: "text" },
    ];
    await ask("POST", "/blueprints", { key: "deliveries", name: "Delivery", fields });
    await ask("POST", "/blueprints/deliveries/entities", { values: { to: "Porto" } });
    const parameters = [
      { name: "delivery", type: "entity", blueprint: "deliveries", required: true },
      { name: "photo", type: "file", required: true },
    ];
    const message = { by: "notice", to: ["{{me.email}}"], text: "{{photo.name}} of {{photo.size}} bytes" };
    await ask("POST", "/operations", { name: "tell-photo", kind: "message", summary: "Tells of a photo.", parameters, message });
    await ask("POST", "/operations/tell-photo/publish");
    const env = { SWITCHBOARD_KEY: await keyWith("commands.run,entities.read,operations.manage") };
    const run = (...words: string[]) => line(["run", "tell-photo", "--yes", ...words], { env });
    expect(await run("DEL-1", `photo:${import.meta.dirname}/../fixtures/mails/gmail.eml`)).toMatchObject({
      code: 0,
      told: expect.stringMatching(/gmail\.eml of \d+ bytes/),
    });
    for (const [words, told] of [
      [["DEL-1", "photo:/nowhere/at/all"], /"photo" is the path of a file here, and "\/nowhere\/at\/all" can't be read/],
      [["DEL-9", `photo:${import.meta.dirname}/../fixtures/mails/gmail.eml`], /"DEL-9" is none of deliveries that you may see/],
    ] as const) {
      const ended = await run(...words);
      expect([ended.code, ended.printed]).toEqual([2, ""]);
      expect(ended.told).toMatch(told);
    }
  });

  it.each<[string, string[], number, RegExp, Line]>([
    ["what isn't there", ["run", "nothing"], 2, /no command "nothing" that you may run/, {}],
    ["what the key may not", ["run", "agent.add"], 2, /no command "agent.add"/, {}],
    ["an argument too few", ["run", "late-orders"], 2, /"days" is missing/, {}],
    ["an argument of another type", ["run", "late-orders", "days:many"], 2, /"days" must be a whole number/, {}],
    ["one argument twice", ["run", "late-orders", "days:1", "days:2"], 2, /given twice/, {}],
    ["a word too many", ["run", "late-orders", "1", "2", "3"], 2, /no place for "3"/, {}],
    ["CSV of what has no table", ["run", "reverse", "--csv", "text:a"], 2, /answers no table/, {}],
    ["an unknown option", ["run", "late-orders", "--xml"], 2, /unknown option '--xml'/, {}],
    ["a key on the command line", ["run", "late-orders", "--key", "x"], 2, /unknown option '--key'/, {}],
    ["no verb", [], 2, /Runs commands/, {}],
    ["no address", ["commands"], 2, /SWITCHBOARD_URL is where/, { env: { SWITCHBOARD_URL: "" } }],
    ["an address that is none", ["commands"], 2, /SWITCHBOARD_URL is where/, { env: { SWITCHBOARD_URL: "file:///etc" } }],
    ["no key", ["commands"], 2, /SWITCHBOARD_KEY is an API key/, { env: { SWITCHBOARD_KEY: "" } }],
    ["a wrong key", ["commands"], 3, /./, { env: { SWITCHBOARD_KEY: "swb_wrong" } }],
    ["nobody there", ["commands"], 4, /Nothing answers at http:\/\/127.0.0.1:1;/, { env: { SWITCHBOARD_URL: "http://127.0.0.1:1" } }],
  ])("refuses %s", async (_what, words, code, told, more) => {
    const ended = await line(words, more);
    expect([ended.code, ended.printed]).toEqual([code, ""]);
    expect(ended.told).toMatch(told);
    expect(ended.told).not.toContain(key);
  });

  /** Before the installation: hands on what is asked, but for how runs are begun. */
  async function standBefore(begun: (ask: () => Promise<Response>, answer: Parameters<RequestListener>[1]) => Promise<void>) {
    const server = createServer(async (request, answer) => {
      let body = "";
      for await (const piece of request) body += piece;
      const { authorization = "", "content-type": type = "" } = request.headers;
      const headers = { authorization, "content-type": type, "idempotency-key": String(request.headers["idempotency-key"] ?? "none") };
      const ask = () => fetch(`${product.url}${request.url}`, { method: request.method ?? "", headers, ...(body === "" ? {} : { body }) });
      if (request.method === "POST" && request.url?.endsWith("/runs")) return await begun(ask, answer);
      const answered = await ask();
      answer.writeHead(answered.status).end(await answered.text());
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
  }

  it("asks again under the same key where the connection breaks, so that nothing is done twice", async () => {
    let times = 0;
    const { url, close } = await standBefore(async (ask, answer) => {
      times++;
      const answered = await ask();
      if (times === 1) answer.destroy();
      else answer.writeHead(answered.status).end(await answered.text());
    });
    expect(await line(["run", "tag.create", "--yes", "name:broken-once"], { env: { SWITCHBOARD_URL: url } })).toMatchObject({ code: 0 });
    expect((await ask("GET", '/runs?filter={"command":{"eq":"tag.create"}}')).items[0]).toMatchObject({ args: { name: "broken-once" } });
    expect(times).toBe(2);
    close();
  });

  it("says that nobody knows whether it ran, and where to look, where no answer comes at all", async () => {
    const { url, close } = await standBefore(async (ask, answer) => {
      await ask();
      answer.destroy();
    });
    const { code, told } = await line(["run", "tag.create", "--yes", "name:broken-ever"], { env: { SWITCHBOARD_URL: url } });
    expect([code, told]).toEqual([4, expect.stringMatching(/Whether "tag\.create" ran is not known\. Look .* run\.list/)]);
    close();
  }, 30_000);

  it("tells how far it is, and ends it on the server too when it is interrupted", async () => {
    await saved("endless", "select count(*) from generate_series(1, 100000) a cross join generate_series(1, 100000) b");
    const interrupt = new AbortController();
    const running = line(["run", "endless"], { interrupted: interrupt.signal });
    const runs = async () => (await ask("GET", '/runs?filter={"command":{"eq":"endless"}}')).items;
    await vi.waitUntil(async () => (await runs())[0]?.state === "running");
    interrupt.abort();
    expect(await running).toMatchObject({ code: 130, told: expect.stringContaining("Cancelling") });
    expect(await runs()).toMatchObject([{ state: "cancelled" }]);
  }, 30_000);

  it("breaks off a file aloud", async () => {
    await saved("breaking", "select 1 / (30000 - n) as x from generate_series(1, 40000) n");
    const { code, told } = await line(["run", "breaking", "--csv"]);
    expect([code, told]).toEqual([2, expect.stringContaining("The file is not whole: PostgreSQL says: division by zero")]);
  });
});

describe("switchboard commands", () => {
  it("lists what the key may run, and says what one of them takes; so does the help", async () => {
    const { printed } = await line(["commands"]);
    expect(printed).toMatch(/^late-orders +read +The late-orders\.$/m);
    expect(printed).not.toContain("agent.add");
    expect((await line(["commands", "late-orders"])).printed).toBe(
      "late-orders: The late-orders.\n  least: a text (may be left out)\n  days: a whole number\n",
    );
    expect((await line(["--help"])).printed).toMatch(/Exit codes[\s\S]*You may run:[\s\S]*late-orders/);
    expect((await line(["--help"], { env: { SWITCHBOARD_KEY: "swb_wrong" } })).code).toBe(0);
  });

  it("runs from the clone as a program", async () => {
    const child = spawn(process.execPath, ["src/launch/switchboard.mjs", "run", "late-orders", "days:1"], {
      env: { PATH: process.env["PATH"] ?? "", SWITCHBOARD_URL: product.url, SWITCHBOARD_KEY: key },
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    await once(child, "close");
    expect([child.exitCode, printed]).toEqual([0, expect.stringContaining("1 row.")]);
  }, 60_000);
});
