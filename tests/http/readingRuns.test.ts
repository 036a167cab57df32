import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { StaffCommand } from "../../src/commands/command.ts";
import { type Http, openHttp } from "./openHttp.ts";

let http: Http;
let token: string;
let letGo = () => {};

const base = { audience: "staff", source: "built-in", permission: "conversations.answer", risk: "read" } as const;
const none = { type: "object", properties: {}, additionalProperties: false } as const;
const commands: StaffCommand[] = [
  { ...base, name: "look", summary: "Looks.", args: none, run: async () => ({ messages: [{ text: "seen" }], data: { seen: 7 } }) },
  {
    ...base,
    name: "look-long",
    summary: "Looks for long.",
    args: none,
    run: async () => {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      return { messages: [{ text: "seen at last" }] };
    },
  },
];

beforeAll(async () => {
  http = await openHttp({ commands });
  await http.house.addAccount("agent@example.com");
  token = await http.tokenOf("agent@example.com");
});
afterAll(() => http.close());

const run = (name: string, headers: Record<string, string> = {}) =>
  http.api.post(`/api/v1/commands/${name}/runs`).auth(token, { type: "bearer" }).set(headers).send({ args: {} });
const rows = async (command: string) =>
  await http.house.database.acrossTenants.query<{ state: string; data: unknown; whole: boolean }>(
    "select state, data, ended_at is not null as whole from run where command = $1 order by created_at",
    [command],
  );

it("what only reads is written down once, whole, and read like any other run", async () => {
  const { body } = await run("look").expect(200);
  expect(await rows("look")).toEqual([{ state: "succeeded", data: { seen: 7 }, whole: true }]);
  const read = await http.api.get(`/api/v1/runs/${body.id}`).auth(token, { type: "bearer" }).expect(200);
  expect(read.body).toMatchObject({ state: "succeeded", messages: [{ text: "seen" }], by: body.by, args: {} });
});

it("forty at once are each written down, and each reads its own", async () => {
  const before = (await rows("look")).length;
  const answers = await Promise.all(Array.from({ length: 40 }, () => run("look").expect(200)));
  expect(await rows("look")).toHaveLength(before + 40);
  for (const { body } of answers) await http.api.get(`/api/v1/runs/${body.id}`).auth(token, { type: "bearer" }).expect(200);
});

it("one that goes on is written down while it runs, and ended in the same row", async () => {
  const answer = run("look-long").then((answered) => answered);
  await expect
    .poll(async () => {
      http.house.clock.advance(100);
      return await rows("look-long");
    })
    .toEqual([{ state: "running", data: null, whole: false }]);
  letGo();
  await answer;
  expect(await rows("look-long")).toEqual([{ state: "succeeded", data: null, whole: true }]);
});

it("with a key it is there before anything is read, so that a repeat finds it", async () => {
  const before = (await rows("look")).length;
  const key = { "Idempotency-Key": "look-once" };
  const [first, second] = await Promise.all([run("look", key), run("look", key)]);
  expect(second.body.id).toBe(first.body.id);
  expect(await rows("look")).toHaveLength(before + 1);
});

it("what can't be written down isn't shown", async () => {
  const owner = new pg.Client(http.house.databaseUrl);
  await owner.connect();
  const before = (await rows("look")).length;
  await owner.query("alter table run add constraint no_look check (command <> 'look') not valid");
  const { status, body } = await run("look");
  await owner.query("alter table run drop constraint no_look");
  await owner.end();
  expect([status, body.error.code]).toEqual([503, "unavailable"]);
  expect(JSON.stringify(body)).not.toContain("seen");
  expect(await rows("look")).toHaveLength(before);
});
