import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addJob } from "../../src/platform/jobs/jobs.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  [admin, agent] = await Promise.all([product.agent("admin@demo.example"), product.agent()]);
});
afterAll(() => product.stop());

/** One that nobody here works on, as its worker left it. */
async function failed(kind: string, tenant = product.tenant): Promise<string> {
  const sql = product.database.forTenant(tenant);
  const id = await sql.transaction((tx) => addJob(tx, { kind, data: { secret: "of the job" } }));
  await sql.query(
    "update job set state = 'dead', attempts = 5, last_error = 'The mail server refused it.', ended_at = now() where tenant_id = $1 and id = $2",
    [id],
  );
  return id;
}

describe("jobs", () => {
  it("are listed with why they failed, and tried again by whoever may", async () => {
    const id = await failed("test.failing");
    const { messages, data } = await admin.run("job.list", { state: "dead", kind: "test.failing" });
    expect(data).toMatchObject({
      items: [{ id, kind: "test.failing", state: "dead", attempts: 5, lastError: "The mail server refused it." }],
    });
    expect(messages).toMatchObject([
      {
        text: "1 job.",
        blocks: [{ type: "table", rows: [["test.failing", "dead", expect.any(String), "5", "The mail server refused it.", id]] }],
      },
    ]);
    expect(JSON.stringify(data)).not.toContain("of the job");
    expect(await agent.refused("job.list")).toMatchObject({ code: "unknown_command" });
    expect(await agent.refused("job.retry", { job: id })).toMatchObject({ code: "unknown_command" });

    expect((await admin.run("job.retry", { job: id })).messages).toEqual([{ text: "test.failing is tried again." }]);
    expect((await admin.run("job.list", { kind: "test.failing" })).data).toMatchObject({ items: [{ id, state: "waiting", attempts: 0 }] });
    expect(await admin.refused("job.retry", { job: id })).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("this one is waiting"),
    });
    expect((await admin.run("job.list", { kind: "test.other" })).messages).toEqual([{ text: "There are no such jobs." }]);
  });

  it("of another tenant are not there", async () => {
    const { tenant } = await product.addTenant("elsewhere");
    const theirs = await failed("test.failing", tenant);
    expect(await admin.refused("job.retry", { job: theirs })).toMatchObject({ code: "not_found" });
    expect(JSON.stringify((await admin.run("job.list")).data)).not.toContain(theirs);
  });
});
