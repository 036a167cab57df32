import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { defineAutomation } from "../../automations/contract.ts";
import { hostAutomations } from "../../src/commands/automations/hostAutomations.ts";
import type { Bus } from "../../src/platform/bus/bus.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import type { RunStory } from "../../src/protocol/commands.ts";
import { createMovableClock, type MovableClock } from "../fixtures/movableClock.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { createSourceDatabase, type SourceDatabase } from "../fixtures/sourceDatabase.ts";

/** The first house hangs in the middle of a loop; the second, for which half a minute goes by at once, takes the run for lost. */
let first: TestProduct;
let admin: Agent;
let shop: SourceDatabase;
let did: string[];
let hangsAt: string;
let letGo: () => void;

beforeAll(async () => {
  const url = inject("databaseUrl");
  first = await openProduct({ bus: await busWith("first"), allowHosts: new URL(url).host });
  shop = await createSourceDatabase(url, "postgresql");
  admin = await first.agent("admin@demo.example");
  const { dialect: kind, host, port, database, user, password } = shop.settings;
  await ask("POST", "/data-sources", { name: "shop", kind, host, port, database, user, password, tls: false });
  await ask("POST", "/operations", {
    name: "ways",
    kind: "query",
    summary: "x",
    query: { dataSource: "shop", sql: "select 'air' as way" },
  });
  await ask("POST", "/operations/ways/publish");
  const ids = [{ name: "ids", type: "text", list: true, required: true }];
  await publish("ship-all", ids, [{ command: "ship", each: "{{ids}}", args: { id: "{{row}}" } }]);
  const one = [{ name: "id", type: "text", required: true }];
  await publish("look-and-ship", one, [
    { command: "look", args: { id: "{{id}}" } },
    { command: "ship", args: { id: "{{id}}" } },
  ]);
  await publish(
    "ship-chosen",
    [...ids, { name: "by", type: "choice", choicesFrom: { operation: "ways", value: "way" } }],
    [{ command: "look-and-ship", each: "{{ids}}", args: { id: "{{row}}" } }],
  );
  await publish("ship-careful", ids, [{ command: "look-and-ship", each: "{{ids}}", args: { id: "{{row}}" } }]);
});
afterAll(async () => {
  await first.stop();
  await shop.drop();
});
beforeEach(() => {
  did = [];
  letGo = () => {};
});

const takesId = { type: "object" as const, properties: { id: { type: "string" as const } }, required: ["id"] };

/** With the automations of a house. */
async function busWith(name: string): Promise<Bus> {
  const bus = createInProcessBus();
  const answer = async (verb: string, id: unknown) => {
    const what = `${name} ${verb} ${id}`;
    did.push(what);
    if (what === hangsAt)
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
    return { messages: [{ text: what }], data: { id } };
  };
  const common = { version: "1.0.0", audience: "staff", args: takesId } as const;
  await hostAutomations(bus, [
    defineAutomation({ ...common, name: "ship", summary: "Ships.", risk: "write", answer: ({ args }) => answer("ships", args["id"]) }),
    defineAutomation({ ...common, name: "look", summary: "Looks.", risk: "read", answer: ({ args }) => answer("looks", args["id"]) }),
  ]);
  return bus;
}

async function ask(method: string, path: string, body?: object) {
  const response = await fetch(`${first.url}/api/v1${path}`, {
    method,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${admin.token}`,
      "idempotency-key": randomUUID(),
      prefer: "wait=0",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function publish(name: string, parameters: object[], steps: object[]): Promise<void> {
  const made = await ask("POST", "/operations", { name, kind: "sequence", summary: "x", parameters, sequence: { steps } });
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  await ask("POST", `/operations/${name}/publish`);
}

const story = async (id: string): Promise<RunStory> => (await ask("GET", `/runs/${id}`)).body;

/** Begins the run in the first house, waits until it hangs, and lets the second take it over. */
async function takeOver(
  command: string,
  at: string,
  before = async () => {},
  more: object = {},
): Promise<{ id: string; clock: MovableClock }> {
  hangsAt = at;
  const begun = await ask("POST", `/commands/${command}/runs`, { args: { ids: ["a", "b", "c", "d"], ...more } });
  expect(begun.status).toBe(202);
  await expect.poll(() => did).toContain(at);
  await before();
  const clock = createMovableClock(Date.now() + 30_000);
  await first.beside({ clock, roles: "jobs", bus: await busWith("second") });
  clock.advance(5_000);
  return { id: begun.body.id, clock };
}

describe("a loop whose process falls silent", () => {
  it("in a row that may have happened ends as uncertain there: no row is done twice, none after it", async () => {
    const { id } = await takeOver("ship-all", "first ships c");
    await expect.poll(async () => (await story(id)).state).toBe("uncertain");
    const { effects, error, may } = await story(id);
    expect(effects.filter(({ step }) => !step.includes(":")).map(({ step, state }) => [step, state])).toEqual([
      ["1, row 1 ship", "done"],
      ["1, row 2 ship", "done"],
      ["1, row 3 ship", "uncertain"],
    ]);
    expect(error?.message).toContain('Look whether "ship" did what step 1, row 3 asks for');
    expect(may).toContain("settle");
    letGo();
    // What is known in the end is said: the silent one was alive.
    await expect.poll(async () => (await story(id)).effects.find(({ step }) => step === "1, row 3 ship")?.state).toBe("done");
    expect(did).toEqual(["first ships a", "first ships b", "first ships c"]);
  });

  it("between two rows goes on with the next: each row is done once, by one of them", async () => {
    const { id } = await takeOver("ship-careful", "first looks c");
    await expect.poll(async () => (await story(id)).state).toBe("succeeded");
    letGo();
    expect(did).toEqual([
      ...["first looks a", "first ships a", "first looks b", "first ships b", "first looks c"],
      ...["second looks c", "second ships c", "second looks d", "second ships d"],
    ]);
    const { messages, effects } = await story(id);
    expect(messages).toHaveLength(8);
    const [left] = await first.database.acrossTenants.query("select count(*)::int as kept from run_effect where result is not null");
    expect([left, effects.every(({ state }) => state === "done")]).toEqual([{ kept: 0 }, true]);
    // The first is heard of no more: it has neither ended the run nor gone on with it.
    await expect.poll(() => first.logged.some(({ fields }) => JSON.stringify(fields).includes(id))).toBe(true);
    expect((await story(id)).state).toBe("succeeded");
    expect(did.filter((what) => what.includes("ships"))).toHaveLength(4);
  });

  it("goes on though what was chosen at its beginning is offered no more", async () => {
    const takeBack = async () => {
      await admin.run("operation.unpublish", { name: "ways" });
    };
    const { id } = await takeOver("ship-chosen", "first looks c", takeBack, { by: "air" });
    await expect.poll(async () => (await story(id)).state).toBe("succeeded");
    letGo();
    expect(did.filter((what) => what.includes("ships"))).toEqual(["first ships a", "first ships b", "second ships c", "second ships d"]);
    expect((await story(id)).effects.some(({ step }) => step === "choices")).toBe(false);
  });

  it("goes on with the rights of now: where whoever asked may no more, nothing more is done", async () => {
    const sql = first.database.acrossTenants;
    const suspend = async () => {
      await sql.query("update membership set roles = '{}' where account_id = $1", [admin.id]);
    };
    const { id } = await takeOver("ship-careful", "first looks b", suspend);
    const state = async () => (await sql.query<{ state: string }>("select state from run where id = $1", [id]))[0]?.state;
    await expect.poll(state).toBe("uncertain");
    letGo();
    await sql.query("update membership set roles = '{admin}' where account_id = $1", [admin.id]);
    expect(did.filter((what) => what.includes("ships"))).toEqual(["first ships a"]);
  });
});
