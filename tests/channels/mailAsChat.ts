import type { Email } from "postal-mime";
import { openMailService } from "../fixtures/mailService.ts";
import type { PlaceUnderTest } from "./chatUnderTest.ts";

/** Mail as its people see it: they write to the inbox, reply to what came last, and press what a mail offers, which writes one more. */
export async function mailAsChat(people: readonly [string, string] = ["vera@example.org", "hugo@example.org"]): Promise<PlaceUnderTest> {
  const service = await openMailService();
  const arrived = new Map<string, Email[]>();
  // A mail is read beside: whoever waits for one looks again.
  const look = (person: string) => void service.arrived(person).then((mails) => arrived.set(person, mails));
  let written = 0;
  const send = async (from: string, to: string, text: string) => {
    const mail = `From: ${from}\nTo: ${to}\nSubject: Question\nMessage-ID: <${++written}@chat.example>\n\n${text}`;
    const { status } = await service.bring(Buffer.from(mail));
    if (status !== 200) throw new Error(`a mail to ${to} was answered with ${status}`);
  };
  return {
    product: service.product,
    people,
    write: (person, text) => send(person, arrived.get(person)?.at(-1)?.replyTo?.[0]?.address ?? "help@website.example", text),
    seen: (person) => {
      look(person);
      return (arrived.get(person) ?? []).map((mail) => ({
        text: mail.text ?? "",
        author: mail.from?.name ?? "",
        buttons: offersOf(mail).map(({ label }) => label),
      }));
    },
    press: async (person, label) => {
      const offer = (arrived.get(person) ?? []).flatMap(offersOf).findLast((one) => one.label === label);
      if (offer === undefined) throw new Error(`no mail to ${person} offers ${label}`);
      const { pathname, searchParams } = new URL(offer.url);
      await send(person, pathname, searchParams.get("body") ?? "");
    },
    close: () => service.close(),
  };
}

/** Links that write a mail. */
function offersOf({ html = "" }: Email): { label: string; url: string }[] {
  return [...html.matchAll(/<a href="(mailto:[^"]*)"[^>]*>([^<]*)<\/a>/g)].map(([, url = "", label = ""]) => ({
    label,
    url: url.replaceAll("&amp;", "&"),
  }));
}
