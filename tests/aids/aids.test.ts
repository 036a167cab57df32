import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TopicItem } from "../../src/protocol/desk.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

describe("what helps agents", () => {
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

  it("tags a conversation once, shows it in the lists, and takes the tag off everything when it is deleted", async () => {
    const { page, conversation } = await product.visit();
    const desk = await agent.desk();
    const inbox = await desk.watch("inbox");
    const { id } = dataOf(await agent.run("tag.create", { name: "Refund" }));
    expect(await agent.refused("tag.create", { name: "refund" })).toMatchObject({ code: "conflict", status: 409, path: "args.name" });
    await agent.run("conversation.tag", { conversation, tag: "refund" });
    await agent.run("conversation.tag", { conversation, tag: id });
    await inbox.until(() => itemOf(inbox, conversation)?.tags.join() === id);
    expect(await agent.refused("conversation.tag", { conversation, tag: "no such" })).toMatchObject({
      code: "not_found",
      path: "args.tag",
    });
    expect(await agent.refused("tag.delete", { tag: "refund" })).toMatchObject({ code: "unknown_command" });
    expect(dataOf(await admin.run("tag.count", { tag: "refund" }))).toEqual({ conversations: 1, contacts: 0 });
    expect(dataOf(await admin.run("tag.delete", { tag: "refund" }))).toMatchObject({ conversations: 1 });
    expect(dataOf(await admin.run("tag.list"))).toEqual({ items: [] });
    await Promise.all([page.close(), desk.close()]);
  });

  it("changes a contact, and refuses to overwrite what another changed meanwhile, with both values", async () => {
    const { page, conversation } = await product.visit();
    await admin.run("field.create", { of: "contact", key: "plan", name: "Plan", type: "choice", choices: ["gold", "silver"] });
    const desk = await agent.desk();
    const open = await desk.watch(`conversation:${conversation}`);
    const card = () => [...open.items.values()].find((item) => item.kind === "head")?.contact;
    const contact = card()?.id ?? "";
    await agent.run("contact.update", { contact, name: "Ana Lima", email: "ana@example.com", fields: { plan: "gold" }, version: 0 });
    await open.until(() => card()?.name === "Ana Lima");
    expect(card()).toMatchObject({ email: "ana@example.com", fields: { plan: "gold" }, version: 1 });
    // Another field from the same version harms nobody.
    await other.run("contact.update", { contact, phone: "+55 11 5555", name: "Ana Lima", version: 1 });
    const stale = await agent.refused("contact.update", { contact, phone: "+49 30 1", version: 1 });
    expect(stale).toMatchObject({ status: 409, code: "stale", path: "args.phone", current: { phone: "+55 11 5555", version: 2 } });
    expect(stale.message).toContain("“+49 30 1”");
    await agent.run("contact.update", { contact, email: "", fields: { plan: null } });
    await open.until(() => card()?.email === null && card()?.fields["plan"] === undefined);
    await Promise.all([page.close(), desk.close()]);
  });

  it.each([
    [{ fields: { plan: "bronze" } }, "args.fields.plan", '"Plan" must be one of gold, silver.'],
    [{ fields: { size: 3 } }, "args.fields.size", 'There is no field "size" of a contact. There are: plan.'],
    [{ email: "nobody" }, "args.email", '"email" must be an e-mail address; "nobody" is none.'],
    [{ phone: "call me" }, "args.phone", '"phone" must be a telephone number: digits, spaces and + ( ) - . /.'],
    [{ fields: 7 }, "args.fields", '"fields" must be a JSON object.'],
    [{ contact: "x" }, "args.contact", "There is no such contact."],
  ])("names what doesn't fit in %j", async (args, path, message) => {
    const { page, conversation } = await product.visit();
    const [row] = await product.database
      .forTenant(product.tenant)
      .query<{ id: string }>("select contact_id as id from conversation where tenant_id = $1 and id = $2", [conversation]);
    expect(await agent.refused("contact.update", { contact: row?.id, ...args })).toMatchObject({ path, message });
    await page.close();
  });
});

function itemOf({ items }: { items: ReadonlyMap<string, TopicItem> }, conversation: string) {
  const item = items.get(conversation);
  return item?.kind === "conversation" ? item : undefined;
}

/** What a command answered as data, by field. */
function dataOf({ data }: { data: unknown }): Record<string, unknown> {
  return typeof data === "object" && data !== null ? { ...data } : {};
}
