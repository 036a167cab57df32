import { z } from "zod";
import type { Commands } from "../../commands/registry.ts";
import { executeAudited } from "../../commands/runs/executeAudited.ts";
import type { Bus } from "../../platform/bus/bus.ts";
import type { Clock } from "../../platform/clock/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import { readAddress } from "../../platform/mail/address.ts";
import { lines, mailPage } from "../../platform/mail/html.ts";
import { announceMail, queueMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type KindOfOperation, misfit, type OperationCall, type Saving } from "../operationKind.ts";
import { fill, slotsIn } from "../slots.ts";

const text = z.string().min(1, "a text is needed").max(4000, "4,000 characters is the limit");
const place = z.string().min(1).max(300);

/** What is sent to whom; every text may have slots. */
const messageBody = z.discriminatedUnion("by", [
  z.strictObject({
    by: z.literal("mail"),
    /** Addresses, a slot that holds one or a list of them, or `team:support`. */
    to: z.array(place).min(1, "somebody must get it").max(20, "20 places are the most"),
    subject: z.string().min(1, "a subject is needed").max(200, "200 characters is the limit"),
    text,
    /** When it is sent, where that isn't now: an instant, or a slot that holds one. */
    at: place.optional(),
  }),
  z.strictObject({ by: z.literal("reply"), conversation: place, text }),
  z.strictObject({ by: z.literal("note"), conversation: place, text, mentions: z.array(place).max(20).optional() }),
]);

type Message = z.output<typeof messageBody>;
type Mail = Extract<Message, { by: "mail" }>;

/** One run writes to so many people and no more. */
const mostRecipients = 200;
const latestDays = 366;

interface Outside {
  database: Pick<Database, "forTenant">;
  bus: Pick<Bus, "publish">;
  clock: Pick<Clock, "now">;
  /** Fresh, with those of the tenant. */
  commands: (tenant: string) => Promise<Commands>;
  /** The addresses of who works in a team; undefined where there is none of this key. */
  teamAddresses: (tenant: string, team: string) => Promise<string[] | undefined>;
}

/** Operations that tell somebody something. A run sends each mail once, however often it is repeated. */
export function messageKind(outside: Outside): KindOfOperation {
  return {
    check: async (written, saving) => {
      const parsed = messageBody.safeParse(written);
      if (!parsed.success) throw misfit("message", parsed.error.issues[0]);
      checkSlots(parsed.data, saving);
      return { body: parsed.data, risk: "write" };
    },
    plan: async (body, call) => {
      const message = messageBody.parse(body);
      if (message.by !== "mail")
        return {
          changes: [{ text: `It writes a ${message.by} in a conversation: ${filledText(message.text, call)}`, kind: "send", count: 1 }],
        };
      const { to, subject, at } = await mailOf(outside, message, call);
      const whom = to.length === 1 ? to[0] : `${to.length} people`;
      const text = `It sends "${subject}" to ${whom}${at === undefined ? "" : ` at ${at.toISOString()}`}.`;
      return { changes: [{ text, kind: "send", count: to.length }] };
    },
    run: async (body, call) => {
      const message = messageBody.parse(body);
      return message.by === "mail" ? await sendMail(outside, message, call) : await writeInConversation(outside, message, call);
    },
  };
}

async function sendMail(outside: Outside, message: Mail, call: OperationCall) {
  const { to, subject, text: written, at } = await mailOf(outside, message, call);
  const html = mailPage("en", subject, [{ html: `<p>${lines(written).html}</p>` }]);
  await outside.database.forTenant(call.principal.tenant).transaction(async (tx) => {
    for (const address of to) {
      const later = at === undefined ? {} : { dueAt: at };
      // Of the run and the address: the same run again, or the same address twice, is the same mail.
      await queueMail(tx, { kind: "message", key: `message:${call.run}:${address}`, to: address, subject, text: written, html, ...later });
    }
  });
  announceMail(outside);
  const whom = to.length === 1 ? to[0] : `${to.length} people`;
  return {
    messages: [
      { text: at === undefined ? `"${subject}" is on its way to ${whom}.` : `"${subject}" goes to ${whom} at ${at.toISOString()}.` },
    ],
    data: { recipients: to.length, at: at?.toISOString() ?? null },
  };
}

/** A command of the conversation does it, with its own checks of who may. */
async function writeInConversation(outside: Outside, message: Exclude<Message, Mail>, call: OperationCall) {
  const name = message.by === "reply" ? "conversation.reply" : "conversation.note";
  const command = (await outside.commands(call.principal.tenant)).find(name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  const mentions =
    message.by === "note" && message.mentions !== undefined ? { mentions: message.mentions.map((one) => filledText(one, call)) } : {};
  const conversation = filledText(message.conversation, call);
  return await executeAudited(outside, {
    command,
    principal: call.principal,
    run: call.run,
    work: call.work,
    args: { conversation, text: filledText(message.text, call), ...mentions },
    conversation,
  });
}

async function mailOf(outside: Outside, message: Mail, call: Omit<OperationCall, "run" | "work">) {
  const to = await recipientsOf(outside, message.to, call);
  const subject = filledText(message.subject, call).replaceAll(/\s+/gu, " ").trim();
  const at = message.at === undefined ? undefined : timeOf(filledText(message.at, call), outside.clock.now());
  return { to, subject, text: filledText(message.text, call), at };
}

async function recipientsOf(outside: Outside, places: readonly string[], call: Omit<OperationCall, "run" | "work">): Promise<string[]> {
  const addresses = new Set<string>();
  for (const [index, written] of places.entries()) {
    const path = `message.to.${index}`;
    const filled = fill(written, valuesOf(call));
    for (const one of Array.isArray(filled) ? filled : [filled]) {
      const value = typeof one === "string" ? one.trim() : "";
      const [, team] = /^team:(.+)$/u.exec(value) ?? [];
      if (team === undefined) {
        const address = readAddress(value);
        if (address === undefined) throw new Refusal("invalid_value", `"${value.slice(0, 100)}" is no mail address.`, { path });
        addresses.add(address);
        continue;
      }
      const people = await outside.teamAddresses(call.principal.tenant, team);
      if (people === undefined) throw new Refusal("not_found", `There is no team "${team.slice(0, 60)}".`, { path });
      for (const address of people) addresses.add(address);
    }
  }
  if (addresses.size === 0) throw new Refusal("invalid_value", "Nobody would get it.", { path: "message.to" });
  if (addresses.size > mostRecipients)
    throw new Refusal("invalid_value", `${mostRecipients} people are the most at once; these are ${addresses.size}.`, {
      path: "message.to",
    });
  return [...addresses];
}

/** What is past is sent now. */
function timeOf(written: string, nowMs: number): Date | undefined {
  const at = Date.parse(written);
  if (Number.isNaN(at)) throw new Refusal("invalid_value", `"${written.slice(0, 60)}" is no time.`, { path: "message.at" });
  if (at - nowMs > latestDays * 86_400_000)
    throw new Refusal("invalid_value", `A message waits for ${latestDays} days at most.`, { path: "message.at" });
  return at <= nowMs ? undefined : new Date(at);
}

function filledText(written: string, call: Omit<OperationCall, "run" | "work">): string {
  const filled = fill(written, valuesOf(call));
  return filled === undefined || filled === null ? "" : String(filled);
}

function valuesOf({ values, principal }: Omit<OperationCall, "run" | "work">): Readonly<Record<string, unknown>> {
  return { ...values, me: principal.kind === "visitor" ? {} : { name: principal.name, email: principal.email } };
}

function checkSlots(message: Message, { parameters }: Pick<Saving, "parameters">): void {
  const known = new Set([...parameters.map(({ name }) => name), "me"]);
  for (const [field, value] of Object.entries(message)) {
    const strange = slotsIn(value).find(({ root }) => !known.has(root));
    if (strange !== undefined)
      throw new Refusal("invalid_value", `${strange.text} has no value here: it is no parameter.`, { path: `message.${field}` });
  }
}
