import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunAnswer, RunStory } from "../../src/protocol/commands.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
  agent = await product.agent();
});
afterAll(() => product.stop());

const ask = async <Answer>(who: Agent, method: "GET" | "POST", path: string, body?: object): Promise<{ status: number; body: Answer }> => {
  const response = await fetch(`${product.url}/api/v1/${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${who.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
};
const undo = async (who: Agent, run: RunAnswer) => await ask<RunAnswer>(who, "POST", `runs/${run.id}/undo`, {});
const code = ({ status, body }: { status: number; body: RunAnswer }) => [status, body.error?.code];

it("K3: keeps a run that waits through a restart: another process of the same database runs it, once", async () => {
  await admin.run("approval.require", { command: "tag.create", by: "admin" });
  const asked = await ask<RunAnswer>(agent, "POST", "commands/tag.create/runs", { args: { name: "Kept" } });
  const other = await product.beside();
  const decide = (at: string) =>
    fetch(`${at}/api/v1/runs/${asked.body.id}/approvals`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}` },
      body: JSON.stringify({ decision: "approve" }),
    }).then(({ status }) => status);
  expect((await Promise.all([decide(other.url), decide(product.url)])).sort()).toEqual([200, 409]);
  expect((await ask<RunStory>(agent, "GET", `runs/${asked.body.id}`)).body.state).toBe("succeeded");
  await other.stop();
  await product.database.acrossTenants.query("delete from approval_rule");
  await product.database.acrossTenants.query("delete from notice");
});

it("K3: what is shown once is shown to nobody where somebody else's approval lets it run", async () => {
  await product.database.acrossTenants.query(
    "update membership set roles = '{admin}' where account_id = (select id from account where email = 'agent2@demo.example')",
  );
  const second = await product.agent("agent2@demo.example");
  await admin.run("approval.require", { command: "key.create", by: "admin" });
  const args = { name: "Reports", scopes: "conversations.read" };
  const asked = await ask<RunAnswer>(admin, "POST", "commands/key.create/runs", { args });
  const approved = await ask<RunAnswer>(second, "POST", `runs/${asked.body.id}/approvals`, { decision: "approve" });
  expect(approved.body.state).toBe("succeeded");
  const read = await ask<RunStory>(admin, "GET", `runs/${asked.body.id}`);
  for (const { body } of [approved, read]) expect(JSON.stringify(body)).not.toMatch(/sbk_/);
  await product.database.acrossTenants.query("delete from approval_rule");
  await product.database.acrossTenants.query("delete from notice");
  await product.database.acrossTenants.query(
    "update membership set roles = '{agent}' where account_id = (select id from account where email = 'agent2@demo.example')",
  );
});

describe("K4: taking back what a command did", () => {
  it("puts the tag on a conversation off again, once, as a run of its own with its entry in the audit", async () => {
    const { conversation, page } = await product.visit();
    await admin.run("tag.create", { name: "Refund" });
    const tagged = await agent.run("conversation.tag", { conversation, tag: "Refund" });
    expect(Date.parse(tagged.undoableUntil ?? "")).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    expect((await agent.run("conversation.tag", { conversation, tag: "Refund" })).undoableUntil).toBeNull();
    const plan = await ask<{ changes: object[] }>(agent, "POST", `runs/${tagged.id}/undo/plan`);
    expect(plan.body.changes).toEqual([{ text: "“Refund” is taken off.", kind: "remove" }]);
    const undone = await undo(agent, tagged);
    expect([undone.status, undone.body.messages]).toEqual([200, [{ text: "The tag “Refund” is off." }]]);
    const [story, taker] = await Promise.all([
      ask<RunStory>(agent, "GET", `runs/${tagged.id}`),
      ask<RunStory>(agent, "GET", `runs/${undone.body.id}`),
    ]);
    expect(story.body).toMatchObject({ undoneBy: undone.body.id, undoableUntil: null, may: ["repeat"] });
    expect(taker.body).toMatchObject({ command: "run.undo", undoes: tagged.id });
    expect(code(await undo(agent, tagged))).toEqual([409, "conflict"]);
    const audit = await ask<{ items: object[] }>(admin, "GET", "audit?action=run.undo");
    expect(audit.body.items).toMatchObject([{ actor: { name: agent.name }, detail: { run: undone.body.id, outcome: "succeeded" } }]);
    await page.close();
  });

  it("is done once, though two ask in the same moment", async () => {
    await admin.run("team.create", { key: "once", name: "Once" });
    const changed = await admin.run("team.update", { key: "once", name: "Twice" });
    const both = await Promise.all([undo(admin, changed), undo(admin, changed)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("is refused where something newer stands on it, and is there again when that is gone", async () => {
    const { conversation, page } = await product.visit();
    await admin.run("tag.create", { name: "Late" });
    const tagged = await agent.run("conversation.tag", { conversation, tag: "Late" });
    await agent.run("conversation.untag", { conversation, tag: "Late" });
    const stale = await undo(agent, tagged);
    expect([...code(stale), stale.body.error?.message]).toEqual([409, "stale", "It can't be taken back: “Late” is off by now."]);
    await agent.run("conversation.tag", { conversation, tag: "Late" });
    expect((await undo(agent, tagged)).status).toBe(200);
    await page.close();
  });

  it("brings back a canned answer and a team's settings as they were", async () => {
    await agent.run("canned.create", { name: "Thanks", text: "Thank you." });
    const changed = await agent.run("canned.update", { canned: "Thanks", text: "Thanks a lot.", name: "Many thanks" });
    expect((await undo(agent, changed)).status).toBe(200);
    const listed = (await agent.run("canned.list")).data;
    expect(listed).toMatchObject({ items: [{ name: "Thanks", texts: { en: "Thank you." }, version: 3 }] });
    await admin.run("team.create", { key: "second", name: "Second line" });
    const team = await admin.run("team.update", { key: "second", name: "Third line", offerSeconds: 60 });
    const more = await admin.run("team.update", { key: "second", offerSeconds: 90 });
    expect(code(await undo(admin, team))).toEqual([409, "stale"]);
    expect((await undo(admin, more)).status).toBe(200);
    expect((await undo(admin, team)).status).toBe(200);
    expect((await admin.run("team.list")).messages[0]?.text).toContain("Second line (second)");
  });

  it("takes a role back by the right, the step-up and the approval that its opposite needs: no branch goes past them", async () => {
    const { email } = await product.agent("agent2@demo.example");
    const granted = await admin.run("role.grant", { email, role: "finance" });
    expect(code(await undo(agent, granted))).toEqual([404, "not_found"]);
    await product.database.acrossTenants.query(
      "insert into approval_rule (tenant_id, command, by_role, quorum, hours, set_by, set_at) values ($1, 'role.revoke', 'owner', 1, 24, $2, now())",
      [product.tenant, admin.id],
    );
    const waits = await undo(admin, granted);
    expect([waits.status, waits.body.state, waits.body.approvals]).toEqual([202, "waiting", [{ by: "role:owner", quorum: 1 }]]);
    await product.database.acrossTenants.query("delete from approval_rule");
    expect((await undo(admin, granted)).body.messages).toMatchObject([{ text: expect.stringContaining("no longer the role finance") }]);
  });

  it("finds a conversation through who takes it back: whoever doesn't see it any more doesn't change it", async () => {
    const { conversation, page } = await product.visit();
    const tagged = await agent.run("conversation.tag", { conversation, tag: "Late" });
    const sql = product.database.acrossTenants;
    const roles = (given: string[]) => sql.query("update membership set roles = $2 where account_id = $1", [agent.id, given]);
    await roles(["sales"]);
    await sql.query("update conversation set team = 'elsewhere' where id = $1", [conversation]);
    const sales = await product.agent();
    expect(code(await undo(sales, tagged))).toEqual([404, "not_found"]);
    await roles(["agent"]);
    await page.close();
  });
});

it("shows runs live on the topic, to whoever may see them", async () => {
  const desk = await agent.desk();
  desk.send({ type: "watch", topic: "runs" });
  await desk.until("snapshot", ({ topic }) => topic === "runs");
  const { id } = await agent.run("tag.create", { name: "Live" });
  const theirs = await admin.run("tag.create", { name: "Not theirs" });
  const told = await desk.until("delta", ({ topic, changed }) => topic === "runs" && changed.some((item) => item.id === id));
  expect(told.changed.find((item) => item.id === id)).toMatchObject({ kind: "run", command: "tag.create", by: { id: agent.id } });
  expect(JSON.stringify(told.changed)).not.toContain(theirs.id);
  await desk.close();
});

it("brings an approval to whoever may give it as a notice, and to who asked what came of it", async () => {
  await admin.run("approval.require", { command: "tag.create", by: "admin" });
  const response = await ask<RunAnswer>(agent, "POST", "commands/tag.create/runs", { args: { name: "Asked" } });
  expect(response.status).toBe(202);
  const desk = await admin.desk();
  desk.send({ type: "watch", topic: "notices" });
  const { items } = await desk.until("snapshot", ({ topic }) => topic === "notices");
  expect(items).toMatchObject([
    { what: "approval", run: response.body.id, conversation: null, who: `tag.create, asked for by ${agent.name}` },
  ]);
  const decided = await ask<RunAnswer>(admin, "POST", `runs/${response.body.id}/approvals`, { decision: "approve" });
  expect(decided.body.state).toBe("succeeded");
  await desk.close();
  const other = await agent.desk();
  other.send({ type: "watch", topic: "notices" });
  const mine = await other.until("snapshot", ({ topic }) => topic === "notices");
  expect(mine.items).toMatchObject([{ what: "run", run: response.body.id, who: `${admin.name} approved your tag.create` }]);
  await other.close();
});
