import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openAccountMail } from "../../src/access/accounts/accountMails.ts";
import type { MailTransport, OutgoingMail } from "../../src/platform/mail/mail.ts";
import { queueMail, retryAfterSeconds, startMailSender } from "../../src/platform/mail/outbox.ts";
import { listMail, type MailListing, reviveMail } from "../../src/platform/mail/outboxStore.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

let house: House;
let tenant: string;
let sent: OutgoingMail[] = [];
let answer: () => Promise<void> = async () => {};
const givenUp: string[] = [];

const mail: MailTransport = {
  off: undefined,
  from: { name: "", address: "chat@example.com" },
  send: async (one) => {
    await answer();
    sent.push(one);
  },
  close: async () => {},
};

beforeAll(async () => {
  house = await openHouse();
  tenant = await house.addTenant("posts");
});
afterAll(() => house.close());
beforeEach(async () => {
  sent = [];
  answer = async () => {};
  await house.database.acrossTenants.query("delete from mail_out");
});

function startSender(): () => Promise<void> {
  return startMailSender({
    ...house,
    mail,
    holder: randomUUID(),
    open: (sealed) => openAccountMail(house.keys, sealed),
    gaveUp: async ({ id }, reason) => {
      givenUp.push(`${id} ${reason}`);
    },
  });
}

const write = (key: string, to = "a@example.org") =>
  queueMail(house.database.forTenant(tenant), { kind: "test", key, to, subject: key, text: "t", html: "h" });

it("doesn't send blindly what was due long ago: it may have been, before a backup was restored", async () => {
  await write("old");
  await house.database.acrossTenants.query(
    "update mail_out set due_at = now() - interval '16 minutes', created_at = now() - interval '1 hour'",
  );
  givenUp.length = 0;
  const stop = startSender();
  house.clock.advance(5000);
  await expect.poll(async () => (await mails())[0]?.state).toBe("dead");
  expect(sent).toEqual([]);
  expect(givenUp).toEqual([expect.stringContaining("isn't known whether it was sent")]);
  const [id = ""] = (await mails()).map((one) => one.id);
  await reviveMail(house.database.forTenant(tenant), id);
  house.clock.advance(5000);
  await expect.poll(() => sent.length).toBe(1);
  await stop();
});

async function mails(): Promise<MailListing[]> {
  return await listMail(house.database.forTenant(tenant), undefined, 1000);
}

/** Lets the senders look until the mails are as wanted. */
async function until(wanted: (mails: MailListing[]) => boolean): Promise<MailListing[]> {
  await expect
    .poll(async () => {
      house.clock.advance(5000);
      return wanted(await mails());
    })
    .toBe(true);
  return await mails();
}

const makeDue = () => house.database.acrossTenants.query("update mail_out set due_at = now() where state = 'waiting' and holder is null");

describe("the outbox", () => {
  it("sends each mail once, with two processes at it, and one of the same key once", async () => {
    await Promise.all(Array.from({ length: 60 }, (_, number) => write(`mail ${number % 50}`)));
    const stops = [startSender(), startSender()];
    const all = await until((list) => list.length === 50 && list.every(({ state }) => state === "sent"));
    await Promise.all(stops.map((stop) => stop()));
    expect(all).toHaveLength(50);
    expect(sent.map(({ subject }) => subject).sort()).toEqual(all.map(({ subject }) => subject).sort());
  });

  it("writes the mail with its cause or not at all", async () => {
    const sql = house.database.forTenant(tenant);
    const failing = sql.transaction(async (tx) => {
      await queueMail(tx, { kind: "test", key: "gone", to: "a@example.org", subject: "", text: "", html: "" });
      throw new Error("the cause didn't happen");
    });
    await expect(failing).rejects.toThrow();
    expect(await mails()).toEqual([]);
  });

  it("tries later what is refused for now, the same mail, and keeps the reason", async () => {
    await write("later");
    answer = () => Promise.reject(new Refusal("unavailable", "The mail server can't be reached."));
    const stop = startSender();
    const [waiting] = await until(([first]) => first?.attempts === 1 && first.lastError !== null);
    expect(waiting).toMatchObject({ state: "waiting", lastError: "The mail server can't be reached." });
    expect(Date.parse(waiting?.dueAt ?? "")).toBeGreaterThan(Date.now() + 20_000);
    answer = async () => {};
    await makeDue();
    await until(([first]) => first?.state === "sent");
    await stop();
    expect(sent.map(({ id }) => id)).toEqual([waiting?.id]);
  });

  it("gives up what is refused for good, tells it, and sends it when it is revived", async () => {
    const id = await write("never");
    answer = () => Promise.reject(new Refusal("invalid_value", "The mail server refused the mail: 550 no such user"));
    const stop = startSender();
    const [dead] = await until(([first]) => first?.state === "dead");
    expect(dead?.lastError).toContain("550 no such user");
    expect(givenUp).toContain(`${id} The mail server refused the mail: 550 no such user`);
    answer = async () => {};
    const other = await house.addTenant("others");
    expect(await reviveMail(house.database.forTenant(other), id)).toBeUndefined();
    expect(await reviveMail(house.database.forTenant(tenant), id)).toBe("dead");
    await until(([first]) => first?.state === "sent");
    expect(await reviveMail(house.database.forTenant(tenant), id)).toBe("sent");
    await stop();
  });

  it("gives up after about a day", () => {
    const waits = Array.from({ length: 30 }, (_, index) => retryAfterSeconds(index + 1) ?? 0);
    expect(waits.every((wait, index) => wait >= (waits[index - 1] ?? 0) || wait === 0)).toBe(true);
    expect(waits.reduce((sum, wait) => sum + wait, 0) / 3600).toBeCloseTo(24, -1);
    expect(waits.at(-1)).toBe(0);
  });

  it("leaves a mail to the process that took it until its lease is over", async () => {
    await write("slow");
    let finish = () => {};
    answer = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    const first = startSender();
    await until(([one]) => one?.attempts === 1);
    const second = startSender();
    for (let look = 0; look < 5; look += 1) {
      house.clock.advance(5000);
      await mails();
    }
    finish();
    await until(([one]) => one?.state === "sent");
    await Promise.all([first(), second()]);
    expect(sent).toHaveLength(1);
  });
});
