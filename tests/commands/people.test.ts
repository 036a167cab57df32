import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDesk } from "../fixtures/deskClient.ts";
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

const status = async ({ token }: Agent, path = "/api/v1/commands") =>
  (await fetch(`${product.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;

describe("a colleague who is deactivated while they answer", () => {
  it("is out at once; what they hold goes back to the queue, and the visitor is told", async () => {
    const { page, conversation } = await product.visit();
    await page.say("person");
    const desk = await agent.desk();
    await agent.run("conversation.take", { conversation });
    const unused = await agent.ticket();
    const begun = performance.now();
    const answer = await admin.run("agent.deactivate", { email: " Agent1@Demo.Example " });
    expect(answer.messages?.[0]?.text).toContain("is deactivated and signed out");

    expect(await desk.ended).toMatchObject({ code: 4401 });
    expect(performance.now() - begun).toBeLessThan(1000);
    await page.until("message", ({ text }) => text.startsWith("You are at the front of the line again"), 5000);
    await page.until("state", ({ controller }) => controller === "queue");
    expect(performance.now() - begun).toBeLessThan(5000);
    expect((await admin.run("conversation.why", { conversation })).messages?.[0]?.text).toContain("may not work here any more");

    expect(await status(agent)).toBe(401);
    await expect(product.agent()).rejects.toMatchObject({ code: "forbidden" });
    const late = await openDesk(product.url);
    late.send({ type: "hello", ticket: unused });
    expect(await late.ended).toMatchObject({ code: 4401 });

    await admin.run("agent.activate", { email: "agent1@demo.example" });
    expect(await status(agent)).toBe(401);
    expect(await status(await product.agent())).toBe(200);
    await page.close();
  });

  it("repeating it changes nothing", async () => {
    await admin.run("agent.deactivate", { email: "agent2@demo.example" });
    await admin.run("agent.deactivate", { email: "agent2@demo.example" });
    await admin.run("agent.activate", { email: "agent2@demo.example" });
    await admin.run("agent.activate", { email: "agent2@demo.example" });
    expect(await status(await product.agent("agent2@demo.example"))).toBe(200);
  });

  it("is not oneself, a stranger or another tenant's, and is decided by admins alone", async () => {
    const { email } = await product.addTenant("elsewhere");
    const stranger = await product.agent(email);
    for (const meant of ["admin@demo.example", "nobody@demo.example", email]) {
      expect(await admin.refused("agent.deactivate", { email: meant })).toMatchObject({ code: "invalid_value", path: "args.email" });
    }
    expect(await admin.refused("agent.deactivate", {})).toMatchObject({ code: "invalid_value", path: "args.email" });
    expect(await status(stranger)).toBe(200);
    const colleague = await product.agent();
    expect(await colleague.refused("agent.deactivate", { email: "agent2@demo.example" })).toMatchObject({ code: "unknown_command" });
  });

  it("lists everybody, and those who manage people", async () => {
    const everybody = JSON.stringify((await admin.run("member.list")).data);
    for (const email of ["agent1@demo.example", "agent2@demo.example", "admin@demo.example"]) expect(everybody).toContain(email);
    expect(everybody).not.toContain("elsewhere.example");
    expect(JSON.stringify((await admin.run("admin.list")).data)).not.toContain("agent1@demo.example");
    const colleague = await product.agent();
    expect(await colleague.refused("member.list")).toMatchObject({ code: "unknown_command" });
  });

  it("of two admins who deactivate each other one stays", async () => {
    await product.database.acrossTenants.query(
      "update membership set roles = '{admin}' where account_id = (select id from account where email = 'agent2@demo.example')",
    );
    const other = await product.agent("agent2@demo.example");
    const outcomes = await Promise.allSettled([
      admin.run("agent.deactivate", { email: other.email }),
      other.run("agent.deactivate", { email: admin.email }),
    ]);
    expect(outcomes.map(({ status: how }) => how).toSorted()).toEqual(["fulfilled", "rejected"]);
  });
});
