import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StaffCommand } from "../../src/commands/command.ts";
import { onceOutside } from "../../src/commands/runs/effects.ts";
import { endForgottenRuns } from "../../src/commands/runs/lostRuns.ts";
import { stopSubject } from "../../src/commands/runs/runOutside.ts";
import type { RunStory } from "../../src/protocol/commands.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { type Http, openHttp } from "./openHttp.ts";

const sent: string[] = [];
let outcome: () => Promise<string> = async () => "sent";
let stopped = false;
let letGo = () => {};
let http: Http;
let tokens: Record<string, string>;

const base = { audience: "staff", source: "built-in", permission: "conversations.answer", risk: "write" } as const;
const none = { type: "object", properties: {}, additionalProperties: false } as const;
const commands: StaffCommand[] = [
  {
    ...base,
    name: "send-letter",
    summary: "Sends a letter.",
    args: none,
    run: async ({ work }) => {
      const text = await work.effect({ step: "post", check: "Ask at the post office." }, async (key) => {
        sent.push(key);
        return await outcome();
      });
      return { messages: [{ text }] };
    },
  },
  {
    ...base,
    name: "long-one",
    summary: "Takes long, and says how far it is.",
    args: none,
    run: async ({ work }) => {
      work.progress({ text: "3 of 10", done: 3, of: 10 });
      await new Promise<void>((resolve, reject) => {
        letGo = resolve;
        work.signal.addEventListener("abort", () => {
          stopped = true;
          reject(new Refusal("conflict", "Stopped after 3 of 10."));
        });
      });
      return { messages: [{ text: "10 of 10" }] };
    },
  },
  { ...base, name: "deaf-reader", risk: "read", summary: "Doesn't listen, and only reads.", args: none, run: () => new Promise(() => {}) },
  { ...base, name: "deaf-one", summary: "Doesn't listen.", args: none, run: () => new Promise(() => {}) },
];

beforeAll(async () => {
  http = await openHttp({ commands });
  await http.house.addAccount("agent@example.com");
  await http.house.addAccount("other@example.com");
  await http.house.addAccount("boss@example.com", { roles: ["owner"] });
});
afterAll(() => http.close());
beforeEach(async () => {
  sent.length = 0;
  stopped = false;
  outcome = async () => "sent";
  await signIn();
});

async function signIn() {
  const names = ["agent", "other", "boss"];
  tokens = Object.fromEntries(
    await Promise.all(names.map(async (name): Promise<[string, string]> => [name, await http.tokenOf(`${name}@example.com`)])),
  );
}
const post = (path: string, body: object = {}, as = "agent") =>
  http.api
    .post(`/api/v1${path}`)
    .auth(tokens[as] ?? "", { type: "bearer" })
    .set("Idempotency-Key", randomUUID())
    .send(body);
const story = async (id: string, as = "agent"): Promise<RunStory> =>
  (
    await http.api
      .get(`/api/v1/runs/${id}`)
      .auth(tokens[as] ?? "", { type: "bearer" })
      .expect(200)
  ).body;
/** A run that goes on while the test does something else. */
const begin = async (name: string): Promise<string> => {
  let answered = false;
  const asked = post(`/commands/${name}/runs`, { args: {} }).then((answer) => {
    answered = true;
    return answer;
  });
  await expect.poll(() => http.house.clock.advance(1000) ?? answered).toBe(true);
  const { status, body } = await asked;
  expect([status, body.state]).toEqual([202, "running"]);
  return body.id;
};
/** As when its process is gone for longer than others wait for it. What it was just saying may come after the first time. */
async function lose(id: string, isLost: () => Promise<boolean>): Promise<void> {
  const say = "update run set seen_at = seen_at - interval '2 hours' where id = $1";
  await expect.poll(async () => (await http.house.database.acrossTenants.query(say, [id])) && (await isLost())).toBe(true);
}

async function loseAndEnd(id: string): Promise<void> {
  await lose(id, async () => {
    await endForgottenRuns(http.house, http.deps.registry);
    return (await http.house.database.acrossTenants.query("select from run where id = $1 and state = 'running'", [id])).length === 0;
  });
}

describe("I4: a step outside happens once for a run", () => {
  it("is written down before and after, under the run's key", async () => {
    const { body } = await post("/commands/send-letter/runs", { args: {} }).expect(200);
    expect(sent).toEqual([`${body.id}:post`]);
    expect((await story(body.id)).effects).toMatchObject([{ step: "post", state: "done", check: "Ask at the post office." }]);
  });

  it("row 15: is fenced, so that of two who run it the second loses", async () => {
    const { tenant } = await http.house.principalOf(await http.house.signInAs("agent@example.com"));
    const run = await begin("deaf-one");
    const acted: string[] = [];
    const act = async (key: string) => {
      acted.push(key);
      return key;
    };
    const both = Array.from({ length: 5 }, () => onceOutside(http.house, { tenant, run }, { step: "pay", check: "See the account." }, act));
    const ended = await Promise.allSettled(both);
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(acted).toEqual([`${run}:pay`]);
  });

  it("row 15: is not begun by a process that stood still until its run was ended, whatever was settled since", async () => {
    const { tenant } = await http.house.principalOf(await http.house.signInAs("agent@example.com"));
    const run = await begin("deaf-one");
    await loseAndEnd(run);
    await post(`/runs/${run}/settle`, { found: "failed" }).expect(200);
    const late = onceOutside(http.house, { tenant, run }, { step: "pay", check: "See the account." }, async () => "paid");
    await expect(late).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("nothing more is done") });
  });

  it("is uncertain when its time ran out, shown with what to check, and settled by somebody who looked", async () => {
    outcome = async () => {
      throw new Refusal("automation_timeout", "The post didn't answer.");
    };
    const { body } = await post("/commands/send-letter/runs", { args: {} });
    expect(body.state).toBe("uncertain");
    expect(await story(body.id)).toMatchObject({ effects: [{ state: "uncertain", check: "Ask at the post office." }], may: ["settle"] });
    await post(`/runs/${body.id}/settle`, { found: "happened" }, "other").expect(404);
    const settled = (await post(`/runs/${body.id}/settle`, { found: "happened" }).expect(200)).body;
    expect(settled).toMatchObject({
      state: "succeeded",
      messages: [{ text: "Agent agent looked: it happened." }],
      effects: [{ state: "settled" }],
    });
    expect((await post(`/runs/${body.id}/settle`, { found: "failed" }).expect(409)).body.error.code).toBe("conflict");
    expect(sent).toHaveLength(1);
  });

  it("has failed, and not more, when it was refused outside", async () => {
    outcome = async () => {
      throw new Refusal("automation_failed", "No stamps.");
    };
    const { body } = await post("/commands/send-letter/runs", { args: {} });
    expect([body.state, (await story(body.id)).effects[0]?.state]).toEqual(["failed", "failed"]);
  });

  it("row 14: is uncertain when the process died in it, and is not repeated by anything but a person", async () => {
    outcome = () => new Promise(() => {});
    const id = await begin("send-letter");
    await lose(id, async () => (await story(id)).state === "uncertain");
    await endForgottenRuns(http.house, http.deps.registry);
    expect(await story(id)).toMatchObject({ state: "uncertain", effects: [{ state: "uncertain" }], may: ["settle"] });
    await endForgottenRuns(http.house, http.deps.registry);
    expect(sent).toHaveLength(1);
  });

  it("row 14: has failed when the process died in it and it only reads: nothing is to be looked for", async () => {
    const id = await begin("deaf-reader");
    await loseAndEnd(id);
    expect(await story(id)).toMatchObject({
      state: "failed",
      error: { message: expect.stringContaining("run it again") },
      may: ["repeat"],
    });
  });
});

describe("a long run", () => {
  it("answers 202 after 10 s, tells how far it is, and ends as it ends", async () => {
    const id = await begin("long-one");
    await expect.poll(async () => (await story(id)).progress).toEqual({ text: "3 of 10", done: 3, of: 10 });
    letGo();
    await expect.poll(async () => (await story(id)).state).toBe("succeeded");
  });

  it("W2: is cancelled by whoever asked for it, and stays so", async () => {
    const id = await begin("long-one");
    await post(`/runs/${id}/cancel`, {}, "boss").expect(403);
    await post(`/runs/${id}/cancel`, {}, "other").expect(404);
    await post(`/runs/${id}/cancel`).expect(({ status }) => expect([200, 202]).toContain(status));
    await expect.poll(async () => (await story(id)).state).toBe("cancelled");
    expect([stopped, (await story(id)).error?.message]).toEqual([true, "Stopped after 3 of 10."]);
    letGo();
    expect((await post(`/runs/${id}/cancel`).expect(409)).body.error.code).toBe("conflict");
    expect((await story(id)).state).toBe("cancelled");
  });

  it("hears it by the row as well, where the bus lost the word", async () => {
    const id = await begin("long-one");
    await http.house.database.acrossTenants.query("update run set stopped_by = principal_id where id = $1", [id]);
    const { stopping, state } = await story(id);
    expect(stopping || state === "cancelled").toBe(true); // it may have looked in this moment
    http.house.clock.advance(2000);
    await expect.poll(async () => (await story(id)).state).toBe("cancelled");
  });

  it.each([
    ["their place here", "update membership set active = $2 where account_id = $1"],
    ["their account", "update account set active = $2 where id = $1"],
  ])("sec/auth/24 stops within 2 s where %s is deactivated, whoever did that", async (_what, statement) => {
    const id = await begin("long-one");
    const sql = http.house.database.acrossTenants;
    const [whose] = await sql.query<{ account: string }>("select principal_id as account from run where id = $1", [id]);
    await sql.query(statement, [whose?.account, false]);
    // The run's watch may begin a moment after its row is there.
    await expect.poll(async () => http.house.clock.advance(2000) ?? (await story(id, "boss")).state).toBe("cancelled");
    expect(stopped).toBe(true);
    await sql.query(statement, [whose?.account, true]);
  });

  it("is let go 3 s after it was told, though it doesn't listen", async () => {
    const id = await begin("deaf-one");
    const { tenant } = await http.house.principalOf(await http.house.signInAs("agent@example.com"));
    http.house.bus.publish(stopSubject(tenant, id), {});
    await expect.poll(() => http.house.clock.advance(1000) ?? story(id).then(({ state }) => state)).toBe("cancelled");
  });

  it("waits as long as whoever asks prefers, 25 s at most", async () => {
    const asked = post("/commands/long-one/runs", { args: {} })
      .set("Prefer", "wait=9999")
      .then((answer) => answer);
    const running = "select from run where command = 'long-one' and state = 'running'";
    await expect.poll(async () => (await http.house.database.acrossTenants.query(running)).length).toBe(1);
    http.house.clock.advance(25_000);
    const { status, body } = await asked;
    expect(status).toBe(202);
    letGo();
    await expect.poll(async () => (await story(body.id)).state).toBe("succeeded");
  });
});
