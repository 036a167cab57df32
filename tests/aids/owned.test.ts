import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

describe("what somebody owns", () => {
  let product: TestProduct;
  let agent: Agent;
  let other: Agent;
  let admin: Agent;
  beforeAll(async () => {
    product = await openProduct();
    [agent, other, admin] = await Promise.all([
      product.agent("agent1@demo.example"),
      product.agent("agent2@demo.example"),
      product.agent("admin@demo.example"),
    ]);
  });
  afterAll(() => product.stop());

  it("is seen and changed by its owner only, and by an admin where it is everyone's", async () => {
    const [desk, others] = await Promise.all([agent.desk(), other.desk()]);
    const [mine, theirs] = await Promise.all([desk.watch("aids"), others.watch("aids")]);
    await agent.run("canned.create", { name: "Bye", text: "Goodbye, {{contact.name}}." });
    await admin.run("canned.create", { name: "Hello", texts: { en: "Hello.", de: "Hallo." }, for: "everyone" });
    const named = (watched: typeof mine) =>
      [...watched.items.values()].flatMap((item) => (item.kind === "canned" ? [item.name] : [])).sort();
    await mine.until(() => named(mine).join() === "Bye,Hello");
    await theirs.until(() => named(theirs).join() === "Hello");
    expect(await other.refused("canned.delete", { canned: "Bye" })).toMatchObject({ code: "not_found", path: "args.canned" });
    expect(await agent.refused("canned.delete", { canned: "Hello" })).toMatchObject({ code: "forbidden", status: 403 });
    expect(await agent.refused("canned.create", { name: "x", text: "x", for: "everyone" })).toMatchObject({ code: "forbidden" });
    expect(await agent.refused("canned.update", { canned: "Bye", text: "x", version: 7 })).toMatchObject({
      code: "stale",
      status: 409,
      current: { version: 1, texts: { en: "Goodbye, {{contact.name}}." } },
    });
    await agent.run("canned.delete", { canned: "Bye" });
    await mine.until(() => named(mine).join() === "Hello");
    await Promise.all([desk.close(), others.close()]);
  });

  it("runs a macro step by step, stops at the first that is refused, and says what was done", async () => {
    const { page, conversation } = await product.visit();
    await page.say("person");
    await agent.run("tag.create", { name: "Parcel" });
    await agent.run("canned.create", { name: "Later", text: "We write to {{contact.email}}." });
    await agent.run("macro.create", {
      name: "Wrap up",
      actions: [
        { do: "tag", value: "Parcel" },
        { do: "note", value: "Told {{contact.name}}." },
        { do: "answer", value: "Later" },
        { do: "close" },
      ],
    });
    await agent.run("conversation.take", { conversation });
    const refused = await agent.refused("macro.run", { conversation, macro: "wrap up" });
    expect(refused).toMatchObject({ code: "invalid_value", path: "actions.2" });
    expect(refused.message).toMatch(/^Done: Tagged “Parcel”\. The note is added\. Then it stopped: step 3 of 4 .*contact\.email/);
    const sql = product.database.forTenant(product.tenant);
    const [row] = await sql.query<{ contact: string; open: boolean; tags: string[] }>(
      "select contact_id as contact, open, tags from conversation where tenant_id = $1 and id = $2",
      [conversation],
    );
    expect(row).toMatchObject({ open: true, tags: [expect.any(String)] });
    await agent.run("contact.update", { contact: row?.contact, email: "ana@example.com" });
    const ran = await agent.run("macro.run", { conversation, macro: "Wrap up" });
    expect(ran.messages).toHaveLength(4);
    await page.close();
  });

  it.each([
    ["canned.create", { name: "x", text: "{{contact.nam}}" }, "args.text"],
    ["canned.create", { name: "x", texts: { "not a tag": "x" } }, "args.language"],
    ["canned.create", { name: " ", text: "x" }, "args.name"],
    ["canned.create", { name: "x" }, "args.text"],
    ["canned.create", { name: "x", text: "x", for: "no such team" }, "args.for"],
    ["macro.create", { name: "x", actions: [{ do: "tag" }] }, "args.actions.0.value"],
    ["macro.create", { name: "x", actions: [{ do: "close" }, { do: "eval", value: "1" }] }, "args.actions.1.do"],
    ["macro.create", { name: "x", actions: [] }, "args.actions"],
    ["view.create", { name: "x", filter: { teem: ["a"] } }, "args.filter.teem"],
    ["view.create", { name: "x", filter: { priority: [5] } }, "args.filter.priority.0"],
    ["view.create", { name: "x", filter: { waitingLongerThan: 0 } }, "args.filter.waitingLongerThan"],
  ])("%s names what doesn't fit in %j", async (command, args, path) => {
    expect(await admin.refused(command, args)).toMatchObject({ code: "invalid_value", status: 422, path });
  });
});
