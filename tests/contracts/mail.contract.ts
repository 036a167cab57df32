import PostalMime, { type Email } from "postal-mime";
import { v7 as newId } from "uuid";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MailTransport, OutgoingMail } from "../../src/platform/mail/mail.ts";

export interface MailUnderTest {
  mail: MailTransport;
  /** The mails that arrived, as they are. */
  arrived(): Promise<Buffer[]>;
  close(): Promise<void>;
}

export function outgoing(change: Partial<OutgoingMail> = {}): OutgoingMail {
  const id = newId();
  return { id, to: "visitor@example.org", subject: `Mail ${id}`, text: "Good day", html: "<p>Good day</p>", ...change };
}

/** What every adapter of the mail port does. */
export function mailContract(open: () => Promise<MailUnderTest>): void {
  let under: MailUnderTest;
  beforeAll(async () => {
    under = await open();
  });
  afterAll(() => under.close());

  const arrivedOf = async ({ id }: OutgoingMail): Promise<Email[]> => {
    const mails = await Promise.all((await under.arrived()).map((raw) => PostalMime.parse(raw)));
    return mails.filter(({ messageId }) => messageId?.startsWith(`<${id}@`));
  };

  it("brings a mail whole, with its threads and its answer's address", async () => {
    const mail = outgoing({
      subject: "Ação für 東京 ✓",
      text: "Zeile 1\n.\n>Zeile ÿ",
      html: "<p>Zeile <b>1</b></p>",
      replyTo: "reply+abc@support.example",
      fromName: "Agent Öne",
      references: ["<a@example.org>", "<b@example.org>"],
      automatic: true,
    });
    await under.mail.send(mail);
    const [email] = await arrivedOf(mail);
    expect(email).toMatchObject({
      subject: "Ação für 東京 ✓",
      from: { name: "Agent Öne", address: under.mail.from.address },
      to: [{ address: "visitor@example.org" }],
      replyTo: [{ address: "reply+abc@support.example" }],
      inReplyTo: "<b@example.org>",
      references: "<a@example.org> <b@example.org>",
    });
    expect(email?.text?.trimEnd()).toBe("Zeile 1\n.\n>Zeile ÿ");
    expect(email?.html).toContain("<b>1</b>");
    expect(email?.headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-generated");
  });

  it("takes the Message-ID from the id, so that twice the same is the same", async () => {
    const mail = outgoing();
    await under.mail.send(mail);
    await under.mail.send(mail);
    const ids = new Set((await arrivedOf(mail)).map(({ messageId }) => messageId));
    expect([...ids]).toEqual([`<${mail.id}@${under.mail.from.address.split("@")[1]}>`]);
  });

  it("lets no text become a header or a file", async () => {
    const mail = outgoing({
      subject: "One\r\nBcc: other@example.org",
      fromName: 'A"\r\nX-Evil: 1',
      text: "/etc/hostname",
      html: "file:///etc/hostname",
    });
    await under.mail.send(mail);
    const [email] = await arrivedOf(mail);
    expect(email?.headers.map(({ key }) => key)).not.toContain("bcc");
    expect(email?.headers.map(({ key }) => key)).not.toContain("x-evil");
    expect(email?.text?.trim()).toBe("/etc/hostname");
  });
}
