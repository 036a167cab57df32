import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/access/audit/verifyAudit.ts";
import type { StaffCommand } from "../../src/commands/command.ts";
import { executeAudited } from "../../src/commands/runs/executeAudited.ts";
import { endForgottenRuns } from "../../src/commands/runs/lostRuns.ts";
import type { RunNotice } from "../../src/commands/runs/runOutside.ts";
import type { Decision } from "../../src/protocol/commands.ts";
import { type Http, openHttp } from "./openHttp.ts";

/** What the commands of this test see and change. */
const world = { balance: 100, limit: 10 };
const paid: { account: string; amount: unknown }[] = [];
const told: RunNotice[] = [];
let http: Http;
let tokens: Record<string, string>;

const base = { audience: "staff", source: "built-in", permission: "conversations.answer", risk: "write" } as const;
const amount = { type: "object", properties: { amount: { type: "integer" } }, additionalProperties: false } as const;
const pay: StaffCommand = {
  ...base,
  name: "pay",
  summary: "Pays.",
  args: amount,
  plan: async ({ args }) => ({
    changes: [
      {
        text: `The balance goes from ${world.balance}.`,
        kind: "change",
        before: world.balance,
        after: world.balance - Number(args["amount"]),
      },
    ],
    facts: { balance: world.balance },
  }),
  run: async ({ principal, args }) => {
    paid.push({ account: principal.account, amount: args["amount"] ?? null });
    return { messages: [{ text: "Paid." }], data: { left: world.balance } };
  },
};
const commands = (): StaffCommand[] => [
  { ...pay, name: "pay-guarded", approval: { by: "permission:conversations.supervise", quorum: 1 } },
  pay,
  { ...pay, name: "peek", risk: "read" },
  { ...pay, name: "wipe-all", risk: "destructive" },
  { ...pay, name: "with-secret", args: { type: "object", properties: { pin: { type: "string", format: "password" } } } },
  {
    ...base,
    name: "pay-inside",
    summary: "Pays as a step of another.",
    args: amount,
    run: async ({ principal, run, args }) =>
      await executeAudited(http.house, {
        command: http.deps.registry.of(principal.tenant).find("pay") ?? pay,
        principal,
        run: `${run}.0`,
        args,
      }),
  },
];

beforeAll(async () => {
  http = await openHttp({ commandsOf: commands, deps: { tellOfRun: async (_, notice) => void told.push(notice) } });
  const people = { agent: ["agent"], ann: ["supervisor"], bo: ["supervisor"], boss: ["owner"], both: ["agent", "supervisor"] };
  for (const [name, roles] of Object.entries(people)) await http.house.addAccount(`${name}@example.com`, { roles });
  await http.house.addAccount("stranger@example.org", { roles: ["owner"], tenant: await http.house.addTenant("elsewhere") });
});
afterAll(() => http.close());
beforeEach(async () => {
  Object.assign(world, { balance: 100, limit: 10 });
  paid.length = 0;
  told.length = 0;
  const names = ["agent", "ann", "bo", "boss", "both"];
  const found = await Promise.all(names.map(async (name): Promise<[string, string]> => [name, await http.tokenOf(`${name}@example.com`)]));
  tokens = { ...Object.fromEntries(found), stranger: await http.tokenOf("stranger@example.org") };
  await http.house.database.acrossTenants.query("delete from approval_rule");
});

const post = (path: string, body: object, as: string) =>
  http.api
    .post(`/api/v1${path}`)
    .auth(tokens[as] ?? "", { type: "bearer" })
    .set("Idempotency-Key", randomUUID())
    .send(body);
const get = (path: string, as: string) => http.api.get(`/api/v1${path}`).auth(tokens[as] ?? "", { type: "bearer" });
const run = (name: string, args: object = { amount: 5 }, as = "agent", more = {}) => post(`/commands/${name}/runs`, { args, ...more }, as);
const decide = (id: string, as: string, decision: Decision = "approve", reason = "") =>
  post(`/runs/${id}/approvals`, { decision, reason }, as);
const require = async (command: string, by: string, quorum = 1) => {
  const answer = await run("approval.require", { command, by, quorum }, "boss");
  expect([answer.status, answer.body.error]).toEqual([200, null]);
};
const waiting = async (name = "pay-guarded", as = "agent") => {
  const answer = await run(name, { amount: 5 }, as).expect(202);
  expect(answer.body.state).toBe("waiting");
  return answer.body.id as string;
};
const refusal = async (sent: ReturnType<typeof post>) => {
  const { status, body } = await sent;
  return [status, body.error?.code];
};

describe("K3: a run that needs an approval", () => {
  it("waits with its plan, and runs once with the approval, as whoever asked for it", async () => {
    const id = await waiting();
    expect(paid).toEqual([]);
    expect(told).toEqual([{ run: id, kind: "approval", what: "pay-guarded, asked for by Agent agent", accounts: expect.any(Array) }]);
    expect(told[0]?.accounts).toHaveLength(4);
    const story = (await get(`/runs/${id}`, "ann").expect(200)).body;
    expect(story).toMatchObject({ state: "waiting", plan: { facts: { balance: 100 } }, may: ["approve", "reject"], args: { amount: 5 } });
    expect(Date.parse(story.expiresAt) - Date.parse(story.createdAt)).toBe(24 * 3_600_000);
    const after = (await decide(id, "ann", "approve", "fine").expect(200)).body;
    expect(after).toMatchObject({ state: "succeeded", messages: [{ text: "Paid." }], by: { name: "Agent agent" } });
    expect(paid).toEqual([{ account: after.by.id, amount: 5 }]);
    // Complaint: old cards stay clickable.
    expect((await decide(id, "bo").expect(409)).body.error).toMatchObject({
      code: "conflict",
      message: 'The run of "pay-guarded" waits no more: Agent ann approved it, it is succeeded.',
    });
    expect((await get(`/runs/${id}`, "agent")).body.decisions).toMatchObject([
      { by: { name: "Agent ann" }, decision: "approve", reason: "fine" },
    ]);
    expect(paid).toHaveLength(1);
    expect(told.at(-1)).toMatchObject({ kind: "run", accounts: [after.by.id], what: "Agent ann approved your pay-guarded" });
  });

  it("is decided by nobody but those asked: not by the requester, another tenant, a stranger's link, nor twice", async () => {
    const id = await waiting("pay-guarded", "both");
    expect(await refusal(decide(id, "both"))).toEqual([403, "forbidden"]);
    expect(await refusal(decide(id, "agent"))).toEqual([404, "not_found"]);
    expect(await refusal(decide(id, "stranger"))).toEqual([404, "not_found"]);
    expect(await refusal(decide(randomUUID(), "ann"))).toEqual([404, "not_found"]);
    expect(await refusal(run("run.approve", { run: id }, "both"))).toEqual([403, "forbidden"]);
    expect(paid).toEqual([]);
    await require("pay", "supervisor", 2);
    const two = await waiting("pay");
    expect((await decide(two, "ann").expect(202)).body.state).toBe("waiting");
    expect(await refusal(decide(two, "ann"))).toEqual([409, "conflict"]);
    expect((await decide(two, "bo").expect(200)).body.state).toBe("succeeded");
  });

  it("is agreed to in the chat as well, by the command", async () => {
    const id = await waiting();
    expect((await run("run.list", { state: "waiting" }, "ann").expect(200)).body.messages[0].text).toContain(id);
    expect((await run("run.approve", { run: id }, "ann").expect(200)).body.data).toEqual({ run: id, state: "succeeded" });
    expect(paid).toHaveLength(1);
  });

  it("doesn't happen when somebody refuses it, and says who and why", async () => {
    const id = await waiting();
    await decide(id, "ann", "reject", "too much").expect(200);
    expect((await get(`/runs/${id}`, "agent")).body).toMatchObject({
      state: "refused",
      error: { message: "Agent ann refused it: too much" },
    });
    expect(await refusal(decide(id, "bo"))).toEqual([409, "conflict"]);
    expect(paid).toEqual([]);
  });

  it("is refused where the world is another than the plan saw, with what differs", async () => {
    const id = await waiting();
    world.balance = 40;
    const after = (await decide(id, "ann").expect(200)).body;
    expect(after).toMatchObject({ state: "refused", error: { code: "stale", current: { facts: { balance: 40 } } } });
    expect(after.error.message).toContain("balance was 100, is 40");
    expect(paid).toEqual([]);
  });

  it("counts nobody who lost the right meanwhile, neither who agreed nor who asked", async () => {
    const sql = http.house.database.acrossTenants;
    const roles = (email: string, given: string[]) =>
      sql.query("update membership set roles = $2 where account_id = (select id from account where email = $1)", [email, given]);
    await require("pay", "supervisor", 2);
    const id = await waiting("pay");
    await decide(id, "ann").expect(202);
    await roles("ann@example.com", ["agent"]);
    expect((await decide(id, "bo").expect(202)).body.state).toBe("waiting");
    await roles("ann@example.com", ["supervisor"]);
    const other = await waiting();
    await roles("agent@example.com", ["finance"]);
    expect((await decide(other, "ann").expect(200)).body).toMatchObject({ state: "refused", error: { code: "unknown_command" } });
    await roles("agent@example.com", ["agent"]);
    expect(paid).toEqual([]);
  });

  it("is over when its time is, on every door, and is written down as that", async () => {
    const id = await waiting();
    http.house.clock.advance(24 * 3_600_000);
    tokens = { ...tokens, ann: await http.tokenOf("ann@example.com"), agent: await http.tokenOf("agent@example.com") };
    expect((await get(`/runs/${id}`, "agent")).body).toMatchObject({ state: "cancelled", may: ["repeat"] });
    expect(await refusal(decide(id, "ann"))).toEqual([409, "conflict"]);
    await endForgottenRuns(http.house, http.deps.registry);
    expect((await get(`/runs/${id}`, "agent")).body.error.message).toBe("Nobody approved it in time.");
    expect(paid).toEqual([]);
  });

  it("is withdrawn by whoever asked, and by nobody else", async () => {
    const id = await waiting();
    expect(await refusal(post(`/runs/${id}/cancel`, {}, "ann"))).toEqual([403, "forbidden"]);
    expect((await post(`/runs/${id}/cancel`, {}, "agent").expect(200)).body.state).toBe("cancelled");
    expect(await refusal(decide(id, "ann"))).toEqual([409, "conflict"]);
  });

  it("runs once, though two agree in the same moment", async () => {
    const id = await waiting();
    const answers = await Promise.all([decide(id, "ann"), decide(id, "bo")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(paid).toHaveLength(1);
  });

  it("is not kept waiting with a secret", async () => {
    await require("with-secret", "supervisor");
    expect(await refusal(run("with-secret", { pin: "1234" }))).toEqual([409, "conflict"]);
  });
});

describe("breaking the glass", () => {
  it("needs the permission and a reason, and is told to everybody who could have agreed", async () => {
    const id = await waiting("pay-guarded", "boss");
    told.length = 0;
    expect(await refusal(decide(id, "ann", "break-glass", "there is no time"))).toEqual([403, "forbidden"]);
    expect(await refusal(decide(id, "boss", "break-glass", "now  "))).toEqual([422, "invalid_value"]);
    expect((await decide(id, "boss", "break-glass", "the shop is down").expect(200)).body.state).toBe("succeeded");
    expect(told).toMatchObject([{ kind: "run", what: "Agent boss ran pay-guarded without your approval: the shop is down" }]);
    expect(told[0]?.accounts).toHaveLength(3);
    const audit = (await get("/audit?action=run.break-glass", "boss")).body.items;
    expect(audit).toMatchObject([{ actor: { name: "Agent boss" }, object: { id }, detail: { reason: "the shop is down" } }]);
    const tenant = audit.length > 0 ? (await http.house.principalOf(await http.house.signInAs("boss@example.com"))).tenant : "";
    expect((await verifyAudit(http.house, tenant)).flaws).toEqual([]);
  });
});

describe("K3: no branch goes past an approval", () => {
  it("refuses it as a step of another command", async () => {
    await require("pay", "supervisor");
    expect(await refusal(run("pay-inside"))).toEqual([409, "approval_needed"]);
    expect(paid).toEqual([]);
  });

  it("asks of the tenant's rules on every door, and of what only reads never", async () => {
    await require("pay", "supervisor");
    const plan = (await post("/commands/pay/plans", { args: { amount: 5 } }, "agent").expect(200)).body;
    expect(plan).toMatchObject({ approval: "needed", approvals: [{ by: "role:supervisor", quorum: 1 }] });
    await run("pay", { amount: 5 }, "boss").expect(202);
    expect(await refusal(run("approval.require", { command: "peek", by: "supervisor" }, "boss"))).toEqual([422, "invalid_value"]);
    expect(await refusal(run("approval.require", { command: "run.approve", by: "supervisor" }, "boss"))).toEqual([422, "invalid_value"]);
    expect(await refusal(run("approval.require", { command: "wipe-all", by: "nobody-has-it" }, "boss"))).toEqual([422, "invalid_value"]);
    expect(await refusal(run("approval.require", { command: "pay", by: "supervisor" }, "agent"))).toEqual([404, "unknown_command"]);
  });

  it("lets nobody take a rule away alone", async () => {
    await require("pay", "supervisor");
    const asked = await run("approval.remove", { command: "pay" }, "boss").expect(202);
    await run("pay").expect(202);
    await decide(asked.body.id, "ann").expect(200);
    await run("pay").expect(200);
    expect((await run("approval.list", {}, "agent")).body.messages).toEqual([{ text: "No command needs an approval here." }]);
  });

  it("keeps the confirmation of what can't be taken back beside the approval", async () => {
    await require("wipe-all", "supervisor");
    expect(await refusal(run("wipe-all"))).toEqual([409, "confirmation_needed"]);
    const { hash } = (await post("/commands/wipe-all/plans", { args: { amount: 5 } }, "agent")).body;
    const asked = await run("wipe-all", { amount: 5 }, "agent", { planHash: hash }).expect(202);
    expect((await decide(asked.body.id, "ann")).body.state).toBe("succeeded");
  });
});

it("refuses a plan's hash when the world has changed, or another asks with it", async () => {
  const { hash } = (await post("/commands/pay/plans", { args: { amount: 5 } }, "agent")).body;
  expect(await refusal(run("pay", { amount: 5 }, "ann", { planHash: hash }))).toEqual([409, "stale"]);
  world.balance = 1;
  const stale = await run("pay", { amount: 5 }, "agent", { planHash: hash }).expect(409);
  expect(stale.body.error).toMatchObject({ code: "stale", current: { facts: { balance: 1 } } });
  world.balance = 100;
  await run("pay", { amount: 5 }, "agent", { planHash: hash }).expect(200);
});

it("shows runs to whoever asked for them, to whom they wait for, and to whoever may see all", async () => {
  const id = await waiting();
  const { body } = await run("pay", { amount: 1 }, "agent");
  const seen = async (as: string) => (await get("/runs?limit=200", as)).body.items.map((each: { id: string }) => each.id);
  expect(await seen("agent")).toEqual(expect.arrayContaining([id, body.id]));
  expect(await seen("ann")).toContain(id);
  expect(await seen("ann")).not.toContain(body.id);
  expect(await seen("boss")).toEqual(expect.arrayContaining([id, body.id]));
  expect(await seen("stranger")).toEqual([]);
});
