import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MergeHouse, openMergeHouse } from "./mergeHouse.ts";

let house: MergeHouse;
beforeAll(async () => {
  house = await openMergeHouse();
});
afterAll(() => house.product.stop());

describe("what a person keeps of merged conversations", () => {
  const merged = async (page: Awaited<ReturnType<MergeHouse["asked"]>>["page"]) => {
    const clientId = `merged ${Math.random()}`;
    page.send({ type: "merged", clientId });
    const { messages } = await page.until("merged", (answer) => answer.clientId === clientId);
    return messages.filter(({ author }) => author.kind === "visitor").map(({ text }) => text);
  };
  const mailed = async (run: () => Promise<unknown>) => {
    await run();
    const [mail] = await house.product.database.acrossTenants.query<{ text: string }>(
      "select mail->>'text' as text from mail_out where kind = 'transcript' order by created_at desc, id desc limit 1",
    );
    return mail?.text ?? "";
  };

  it("is all of their own, in order, from either side; undone, it is one again", async () => {
    const first = await house.taken("the parcel is late");
    const second = await house.again(first, "the parcel again");
    const before = await mailed(() =>
      house.one.run("conversation.transcript", { conversation: second.conversation, email: "ana@example.org" }),
    );
    expect(before).not.toContain("the parcel is late");
    await house.one.run("conversation.merge", { conversation: second.conversation, into: first.conversation });
    expect(await merged(second.page)).toEqual(["the parcel is late"]);
    for (const { conversation } of [first, second]) {
      const text = await mailed(() => house.one.run("conversation.transcript", { conversation, email: "ana@example.org" }));
      expect(text.indexOf("the parcel is late")).toBeGreaterThan(0);
      expect(text.indexOf("the parcel again")).toBeGreaterThan(text.indexOf("the parcel is late"));
    }
    await house.one.run("conversation.unmerge", { conversation: first.conversation });
    expect(await merged(second.page)).toEqual([]);
  });

  it("is nothing of another customer's, though an agent answers both in one", async () => {
    const target = await house.taken("I am Ana, my card ends in 4242");
    const other = await house.asked("I am Bo, and tell nobody");
    await house.one.run("conversation.merge", { conversation: other.conversation, into: target.conversation, otherContact: true });
    expect([await merged(target.page), await merged(other.page)]).toEqual([[], []]);
    const texts = [];
    for (const { conversation } of [target, other])
      texts.push(await mailed(() => house.one.run("conversation.transcript", { conversation, email: "somebody@example.org" })));
    expect([texts[0]?.includes("4242"), texts[0]?.includes("Bo")]).toEqual([true, false]);
    expect([texts[1]?.includes("Bo"), texts[1]?.includes("4242")]).toEqual([true, false]);
  });
});

describe("the erasure of a contact", () => {
  it("frees what was merged into theirs, and leaves no word of theirs in another's entry", async () => {
    const admin = await house.product.agent("admin@demo.example");
    // What a page has just shown may still be noted between plan and run, which makes the plan stale.
    const erase = (contact: string | undefined) =>
      expect
        .poll(() =>
          admin.run("contact.erase", { contact }).then(
            () => "erased",
            (error: Error) => error.message,
          ),
        )
        .toBe("erased");
    const [kept, gone] = [await house.taken("I stay"), await house.asked("hello")];
    await house.one.run("conversation.merge", { conversation: gone.conversation, into: kept.conversation, otherContact: true });
    await gone.page.say("secret of who goes");
    await house.inbox.until(() => house.entry(kept.conversation)?.lastText === "secret of who goes");
    const contact = (await house.headOf(gone.conversation))?.contact.id;
    await erase(contact);
    await house.inbox.until(() => house.entry(kept.conversation)?.lastText.includes("secret") === false);
    expect((await house.headOf(kept.conversation))?.merged).toBeUndefined();

    const [target, free] = [await house.taken("I go"), await house.asked("I am free")];
    await house.one.run("conversation.merge", { conversation: free.conversation, into: target.conversation, otherContact: true });
    await erase((await house.headOf(target.conversation))?.contact.id);
    expect(await house.stored(free.conversation)).toMatchObject({ open: false, muted: null });
    await free.page.say("hello again");
    await house.inbox.until(() => house.entry(free.conversation)?.open === true);
  });
});
