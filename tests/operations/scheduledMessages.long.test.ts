import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type MessageHouse, openMessageHouse } from "./messageHouse.ts";

let house: MessageHouse;
beforeAll(async () => {
  house = await openMessageHouse();
});
beforeEach(() => house.clear());
afterAll(() => house.close());

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe("a message that goes later", () => {
  it("stands in the list until it goes, then goes once", async () => {
    const name = await house.publish(
      { by: "mail", to: ["ana@example.com", "team:support"], subject: "Later", text: "Dear {{row.name}}", at: "{{when}}" },
      [{ name: "when", type: "instant", required: true }],
    );
    const when = inAnHour();
    await house.admin.run(name, { when });
    expect(await house.mails()).toEqual([]);
    expect(await house.listed()).toMatchObject([
      {
        by: "mail",
        subject: "Later",
        state: "waiting",
        at: when,
        sender: { name: "Admin" },
        recipients: 3,
        names: ["ana@example.com", "Agent One", "Agent Two"],
      },
    ]);
    expect(await house.listed(house.agent)).toEqual([]);
    await house.comeDue();
    await house.until("sent");
    expect((await house.mails()).map(({ recipient, mail }) => [recipient, mail.text])).toEqual([
      ["agent1@demo.example", "Dear Agent One"],
      ["agent2@demo.example", "Dear Agent Two"],
      ["ana@example.com", "Dear "],
    ]);
    expect(await house.admin.refused(name, { when: new Date(Date.now() + 400 * 86_400_000).toISOString() })).toMatchObject({
      path: "message.at",
    });
  });

  it("goes to nobody who works here no more when it goes", async () => {
    const name = await house.publish({ by: "mail", to: ["team:support"], subject: "Later", text: "For us", at: "{{when}}" }, [
      { name: "when", type: "instant", required: true },
    ]);
    await house.admin.run(name, { when: inAnHour() });
    await house.sql("update account set active = false where email = 'agent2@demo.example'");
    await house.comeDue();
    await house.until("failed"); // for one of two
    expect((await house.mails()).map(({ recipient }) => recipient)).toEqual(["agent1@demo.example"]);
    await house.sql("update account set active = true where email = 'agent2@demo.example'");
  });

  it("can be changed, moved and taken back by its sender as long as it waits, by nobody else", async () => {
    const name = await house.publish({ by: "notice", to: ["agent1@demo.example"], text: "First", at: inAnHour() });
    await house.admin.run(name);
    const [{ id: message = "" } = {}] = await house.listed();
    expect(await house.agent.refused("message.cancel", { message })).toMatchObject({ code: "not_found" });
    await house.admin.run("message.edit", { message, text: "Second, {{row.name}}", version: 1 });
    expect(await house.admin.refused("message.edit", { message, text: "Third", version: 1 })).toMatchObject({ code: "stale" });
    expect(await house.admin.refused("message.edit", { message, text: "{{who}}" })).toMatchObject({ path: "args.text" });
    await house.admin.run("message.reschedule", { message, at: new Date(Date.now() + 7_200_000).toISOString() });
    expect(await house.notices()).toEqual([]);
    await house.admin.run("message.reschedule", { message, at: new Date().toISOString() });
    await house.until("sent");
    expect(await house.notices()).toEqual([{ email: "agent1@demo.example", who: "Admin: Second, Agent One" }]);
    expect(await house.admin.refused("message.cancel", { message })).toMatchObject({ code: "conflict" });
    await house.admin.run(name);
    const waiting = (await house.listed()).find(({ state }) => state === "waiting")?.id ?? "";
    await house.admin.run("message.cancel", { message: waiting });
    await house.comeDue();
    expect(await house.sql("select from job where kind = 'message.send' and state = 'cancelled'")).toHaveLength(1);
    await house.admin.run("operation.share", { name, roles: "everyone" });
    await house.agent.run(name);
    const theirs = (await house.listed()).find(({ sender }) => sender.name === house.agent.name)?.id ?? "";
    expect(await house.agent.refused("message.edit", { message: theirs, text: "My own words" })).toMatchObject({ code: "forbidden" });
    await house.agent.run("message.cancel", { message: theirs });
  });

  it("that fails tells its sender why, and is tried again when they press it", async () => {
    const { page, conversation } = await house.product.visit();
    await page.say("hello");
    const name = await house.publish({ by: "reply", conversation: "{{conversation}}", text: "Later", at: inAnHour() }, [
      { name: "conversation", type: "text" },
    ]);
    await house.admin.run(name, { conversation });
    await house.sql("update job set attempts = 5 where kind = 'message.send' and state = 'later'");
    await house.comeDue();
    await house.until("failed");
    expect(await house.listed()).toMatchObject([{ error: expect.stringContaining("Take the conversation first") }]);
    expect(await house.notices()).toMatchObject([
      { email: "admin@demo.example", who: expect.stringContaining('Your message "Later" was not sent') },
    ]);
    await house.admin.run("conversation.take", { conversation });
    await house.admin.run("message.retry", { message: (await house.listed())[0]?.id });
    await page.until("message", ({ text }) => text === "Later");
    await house.until("sent");
    await page.close();
  });
});
