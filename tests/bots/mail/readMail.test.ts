import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { htmlText } from "../../../bots/mail/htmlText.ts";
import { newText } from "../../../bots/mail/newText.ts";
import { type ReadMail, readMail } from "../../../bots/mail/readMail.ts";

async function fixture(name: string): Promise<ReadMail> {
  return await readMail(await readFile(`tests/fixtures/mails/${name}.eml`));
}

/** What each program sent, and what the person wrote in it. */
const replies: [string, string][] = [
  ["gmail", "Thanks, that is good news!\n\nCould you send it to my office instead? Rua São João 5, 2º andar."],
  ["outlook", "Hello Agent One,\n\nplease cancel the order.\n\nKind regards\nVera"],
  ["outlookPhone", "Danke, das genügt mir. Bitte ändern Sie nichts."],
  ["appleMail", "The label says 4711.\n\nBest,\nVera"],
  ["thunderbird", "Merci, c'est noté.\n\nÀ bientôt !"],
  ["yahoo", "It arrived, thank you!"],
  ["iphone", "Ok, vou esperar até segunda."],
];

describe("a reply", () => {
  it.each(replies)("of %s has its new text and nothing else", async (name, text) => {
    const mail = await fixture(name);
    expect(mail.text).toBe(text);
    expect(mail).toMatchObject({ from: { address: "visitor@example.org" }, automatic: undefined, attachments: [] });
  });

  it.each(replies)("of %s has it where only its HTML is there", async (name, text) => {
    const raw = (await readFile(`tests/fixtures/mails/${name}.eml`)).toString("latin1");
    if (!raw.includes("text/html") || name === "outlook") return;
    const withoutText = Buffer.from(raw.replace(/text\/plain/i, "text/x-none"), "latin1");
    const squeezed = (words: string) => words.replaceAll(/\s+/g, " ");
    expect(squeezed((await readMail(withoutText)).text)).toBe(squeezed(text));
  });

  it.each([
    ["nothing but text", "Hello\nthere", "Hello\nthere"],
    ["answers between the quoted lines", "> Red?\nYes.\n> Big?\nNo.", "Yes.\nNo."],
    ["a line that only looks like it", "He wrote:\nno number, no quote", "He wrote:\nno number, no quote"],
    ["a quote alone", "> all of it\n> quoted", ""],
    [
      "an attribution over three lines",
      "Sim.\n\nEm sáb., 21 de nov. de 2026\nàs 10:00, Agent One\n<chat@a.example> escreveu:\n\n> x",
      "Sim.",
    ],
    ["Spanish", "Vale.\n\nEl sáb, 21 nov 2026 a las 10:00, Agent One (<chat@a.example>) escribió:\n> x", "Vale."],
    ["German", "Gut.\n\nAm 21.11.26 um 10:00 schrieb Agent One:\n> x", "Gut."],
    ["the original message", "Yes\n\n-----Original Message-----\nFrom: a\n", "Yes"],
    ["the original message in German", "Ja\n\n-----Ursprüngliche Nachricht-----\nVon: a\n", "Ja"],
    ["Outlook's line", "Yes\n\n________________________________\nFrom: a", "Yes"],
    ["a header block in Portuguese", "Sim\n\nDe: Agent One\nEnviado: sábado\nPara: eu\nAssunto: x\n\nfoo", "Sim"],
    ["From: in a sentence", "From: is a header.\nTo be sure, ask.", "From: is a header.\nTo be sure, ask."],
    ["a marker alone", "Yes\n## Bitte antworten Sie oberhalb dieser Zeile ##\nold", "Yes"],
    ["a signature", "Yes\n-- \nVera\nBoss", "Yes"],
    ["a phone's word", "Yes\n\nSent from my iPhone", "Yes"],
    ["an app's word", "Yes\n\nGet Outlook for iOS", "Yes"],
    ["Yahoo's word", "Yes\n\nSent from Yahoo Mail for iPhone", "Yes"],
    ["a sentence that begins alike", "Sent from our warehouse on Monday.", "Sent from our warehouse on Monday."],
    ["Windows' lines and hard spaces", "Yes\u00a0please\r\n\r\n\r\n\r\nnow", "Yes please\n\nnow"],
  ])("with %s", (_, written, text) => {
    expect(newText(written)).toBe(text);
  });

  it("is read quickly, whatever stands in it", () => {
    const begun = performance.now();
    for (const each of ["<a ", '<a "', "<div><blockquote>", "&#", "On 1 ", "> ", "On 1 wrote\n", "<!--", "<b> ", "&nbsp;"]) {
      newText(htmlText(each.repeat(100_000)));
      newText(each.repeat(100_000));
    }
    expect(performance.now() - begun).toBeLessThan(4000);
  });
});

describe("a mail", () => {
  it.each([
    ["vacation", "autoReply"],
    ["bounce", "bounce"],
    ["late", "autoReply"],
    ["receipt", "autoReply"],
    ["list", "bulk"],
    ["gmail", undefined],
  ])("%s is answered by no machine's machine", async (name, automatic) => {
    expect((await fixture(name)).automatic).toBe(automatic);
  });

  it("names its attachments", async () => {
    expect(await fixture("attachment")).toMatchObject({
      text: "See the picture.",
      attachments: [{ name: "order.txt" }, { name: "setup.exe" }],
    });
  });

  it.each([
    ["nothing", ""],
    ["JSON", '{"from": "visitor@example.org"}'],
    ["zeros", "\0".repeat(1000)],
    ["no sender", "To: a@example.com\r\n\r\nHello"],
    ["an empty sender", "From: <>\r\n\r\nHello"],
  ])("that is %s is refused", async (_, raw) => {
    await expect(readMail(Buffer.from(raw))).rejects.toMatchObject({ code: "invalid_value" });
  });

  it("without a Message-ID is the same mail twice", async () => {
    const raw = Buffer.from("From: a@example.com\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nHello");
    expect((await readMail(raw)).messageId).toBe((await readMail(raw)).messageId);
  });
});
