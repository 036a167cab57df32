import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAddress, readSender } from "../../src/platform/mail/address.ts";
import { openMailbox } from "../../src/platform/mail/mailbox.ts";
import { openMail } from "../../src/platform/mail/openMail.ts";
import { openSmtp } from "../../src/platform/mail/smtp.ts";
import { type MailServer, openMailServer } from "../fixtures/mailServer.ts";
import { mailContract, outgoing } from "./mail.contract.ts";

const from = { name: "Support", address: "chat@support.example" };

describe("mail to the development mailbox", () => {
  mailContract(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "switchboard-mailbox-"));
    const mail = openMailbox({ dataDir, from });
    return {
      mail,
      arrived: async () => await Promise.all((await mail.list()).map(async (id) => (await mail.read(id)) ?? Buffer.alloc(0))),
      close: () => rm(dataDir, { recursive: true }),
    };
  });

  it("reads nothing but its own mails", async () => {
    const mailbox = openMailbox({ dataDir: "tests", from });
    expect(await mailbox.read("../../package.json")).toBeUndefined();
    expect(await mailbox.list()).toEqual([]);
  });
});

describe("mail by SMTP", () => {
  mailContract(async () => {
    const server = await openMailServer();
    const mail = openSmtp({ url: server.url, from });
    return {
      mail,
      arrived: async () => server.arrived,
      close: async () => {
        await mail.close();
        await server.close();
      },
    };
  });

  let server: MailServer;
  beforeAll(async () => {
    server = await openMailServer();
  });
  afterAll(() => server.close());

  it.each([
    [550, "invalid_value", "550 no such user"],
    [450, "unavailable", "450 no such user"],
  ])("tells a refusal for good from one for now: %d", async (status, code, words) => {
    const mail = openSmtp({ url: server.url, from });
    server.refuse(status);
    await expect(mail.send(outgoing())).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    server.refuse(undefined);
    await mail.send(outgoing());
    await mail.close();
  });

  it("gives up on a server that is not there, and on one that says nothing", async () => {
    const gone = openSmtp({ url: "smtp://127.0.0.1:1", from });
    await expect(gone.send(outgoing())).rejects.toMatchObject({ code: "unavailable" });
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const address = silent.address();
    const mute = openSmtp({ url: `smtp://127.0.0.1:${typeof address === "object" ? address?.port : 0}`, from, timeoutMs: 200 });
    await expect(mute.send(outgoing())).rejects.toMatchObject({ code: "unavailable" });
    await mute.close();
    silent.close();
  });
});

it("is off in production without a server, and says so", async () => {
  const { mail, mailbox } = openMail({ smtpUrl: undefined, mailFrom: undefined, stage: "production", dataDir: "unused" });
  expect(mailbox).toBeUndefined();
  expect(mail.off).toMatch(/SMTP_URL/);
  await expect(mail.send(outgoing())).rejects.toMatchObject({ code: "unavailable" });
});

describe("an address", () => {
  it.each([
    ["name@example.com", "name@example.com"],
    ["  First.Last+tag@Sub.Example.COM ", "First.Last+tag@sub.example.com"],
    ["jörg@münchen.example", "jörg@xn--mnchen-3ya.example"],
    ["o'brien@example.com", "o'brien@example.com"],
    ["", undefined],
    ["name", undefined],
    ["name@localhost", undefined],
    ["a@b@example.com", undefined],
    ["name@example.com\r\nBcc: x@example.com", undefined],
    ["<name@example.com>", undefined],
    ['"a b"@example.com', undefined],
    ["a b@example.com", undefined],
    [".a@example.com", undefined],
    ["a..b@example.com", undefined],
    ["name@exa_mple.com", undefined],
    ["name@-example.com", undefined],
    ["name@example..com", undefined],
    [`${"a".repeat(65)}@example.com`, undefined],
    [`a@${"b".repeat(250)}.com`, undefined],
  ])("%j is %s", (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  it.each([
    ["Support <support@example.com>", { name: "Support", address: "support@example.com" }],
    ['"Support, Inc." <support@example.com>', { name: "Support, Inc.", address: "support@example.com" }],
    ["support@example.com", { name: "", address: "support@example.com" }],
    ["Support", undefined],
    ["Support <support>", undefined],
  ])("a sender %j", (text, sender) => {
    expect(readSender(text)).toEqual(sender);
  });
});
