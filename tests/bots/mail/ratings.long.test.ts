import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MailService, openMailService } from "../../fixtures/mailService.ts";

/** How it was is asked by mail where people write by mail. */
let service: MailService;
let sent = 0;
beforeAll(async () => {
  service = await openMailService();
});
afterAll(() => service?.close());

const written = (from: string, to: string, text: string) =>
  Buffer.from(`From: ${from}\nTo: ${to}\nSubject: Question\nMessage-ID: <${++sent}@ratings.example>\n\n${text}`);
const ratings = (conversation: string) =>
  service.product.database.acrossTenants.query("select score, comment from rating where conversation_id = $1", [conversation]);
const asked = async (from: string) =>
  (await service.arrived(from)).filter(({ subject }) => subject === "How was your conversation with Website?");

/** A conversation by mail that an agent answered and closed: its id, and the mail that asks. */
async function ended(from: string) {
  const { conversation = "" } = await service.bring(written(from, "help@website.example", "Where is it?"));
  await service.admin.run("conversation.take", { conversation });
  const desk = await service.admin.desk();
  await desk.say(conversation, "On its way.");
  await service.admin.run("conversation.close", { conversation });
  await expect.poll(async () => (await service.arrived(from)).length, { timeout: 10_000 }).toBe(2);
  const mails = await service.arrived(from);
  const [mail] = await asked(from);
  return { conversation, mail, mails, to: mail?.replyTo?.[0]?.address ?? "" };
}

describe("how it was", () => {
  it("is asked once, after the last answer, by numbers that open no page, and a number with words is kept", async () => {
    const from = "rate@example.org";
    const { conversation, mail, mails, to } = await ended(from);
    expect(mails.map(({ text }) => text?.includes("On its way.")).sort()).toEqual([false, true]);
    const links = [...(mail?.html ?? "").matchAll(/href="([^"]*)"/g)].map(([, link]) => link);
    expect(links).toEqual([1, 2, 3, 4, 5].map((score) => expect.stringMatching(new RegExp(`^mailto:reply\\+.*body=${score}$`))));
    expect(await service.bring(written(from, to, "4/5\n\nQuick, thank you.\n\n> ## Please write"))).toMatchObject({
      result: "rated",
      conversation,
    });
    expect(await ratings(conversation)).toEqual([{ score: 4, comment: "Quick, thank you." }]);
    const [row] = await service.product.database.acrossTenants.query("select open from conversation where id = $1", [conversation]);
    expect(row).toEqual({ open: false });
    expect(await asked(from)).toHaveLength(1);
  });

  it("is not said by a machine, by a forged address, by a number in a conversation, or too late", async () => {
    const from = "doubt@example.org";
    const { conversation, mails, to } = await ended(from);
    const message = mails.find(({ text }) => text?.includes("On its way."))?.replyTo?.[0]?.address ?? "";
    expect(message).not.toBe(to);
    const automatic = written(from, to, "5").toString().replace("Subject:", "Auto-Submitted: auto-replied\nSubject:");
    expect(await service.bring(Buffer.from(automatic))).toMatchObject({ result: "passedOver", reason: "autoReply" });
    const forged = to.replace(/(.)@/, (_, last: string) => `${last === "a" ? "b" : "a"}@`);
    expect(await service.bring(written(from, forged, "1"))).toMatchObject({ status: 404 });
    expect(await service.bring(written(from, message, "1"))).toMatchObject({ result: "received" });
    // The number was a message, which opened it again: there is no end to rate.
    expect(await service.bring(written(from, to, "1"))).toMatchObject({ result: "passedOver", reason: "notToBeRated" });
    expect(await ratings(conversation)).toEqual([]);
    await service.admin.run("conversation.close", { conversation });
    expect(await service.bring(written(from, to, "2"))).toMatchObject({ result: "rated" });
    await service.product.database.acrossTenants.query("update rating set at = at - interval '11 minutes'");
    expect(await service.bring(written(from, to, "5"))).toMatchObject({ result: "passedOver", reason: "notToBeRated" });
    expect(await ratings(conversation)).toEqual([{ score: 2, comment: "" }]);
  });

  it("that is answered in words is a message, and brings the conversation back", async () => {
    const from = "words@example.org";
    const { conversation, to } = await ended(from);
    expect(await service.bring(written(from, to, "50 of the 60 parcels are missing."))).toMatchObject({ result: "received", conversation });
    const [row] = await service.product.database.acrossTenants.query("select open, controller from conversation where id = $1", [
      conversation,
    ]);
    expect(row).toEqual({ open: true, controller: "queue" });
    expect(await ratings(conversation)).toEqual([]);
  });
});
