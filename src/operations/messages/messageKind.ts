import { createHash } from "node:crypto";
import type { CommandResult } from "../../commands/command.ts";
import { executeAudited } from "../../commands/runs/executeAudited.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import type { PlannedChange } from "../../protocol/commands.ts";
import { inShape } from "../../protocol/inShape.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { KindOfOperation, OperationCall } from "../operationKind.ts";
import { fill, fillText } from "../slots.ts";
import { composeFor, draftOf, timeOf, valuesFor } from "./composeMessage.ts";
import { type Addressed, checkMessage, type InConversation, isAddressed, messageBody } from "./message.ts";
import { channelNamed } from "./messageChannel.ts";
import { type MessageOutside, queueMessage, signed } from "./reaching.ts";
import { type PlannedCall, type Recipient, valuesOf } from "./recipient.ts";
import { findRecipients, skippedLines } from "./recipients.ts";
import { keepRooms } from "./roomRecipients.ts";
import { scheduleMessage } from "./scheduleMessage.ts";

const mostSamples = 3;

/** Operations that tell somebody something. Each recipient of a run gets it once, however often the run is repeated. */
export function messageKind(outside: MessageOutside): KindOfOperation {
  return {
    check: async (written, saving) => {
      const said = inShape(messageBody, written, "message");
      checkMessage(said, saving);
      const body = said.by === "channel" ? await keepRooms(outside, saving.principal.tenant, said) : said;
      return { body, risk: "write" };
    },
    plan: async (body, call) => {
      const message = messageBody.parse(body);
      return isAddressed(message) ? await planAddressed(outside, message, call) : planInConversation(outside, message, call);
    },
    run: async (body, call) => {
      const message = messageBody.parse(body);
      return isAddressed(message) ? await sendAddressed(outside, message, call) : await writeInConversation(outside, message, call);
    },
  };
}

async function planAddressed(outside: MessageOutside, message: Addressed, call: PlannedCall) {
  const found = await findRecipients(outside, message, call);
  const { recipients } = found;
  const at = timeOf(message, call, outside.clock.now());
  const { subject } = draftOf(message, call);
  const texts = recipients.map((one) => ({ one, ...composeFor(message, valuesFor(call, one)) }));
  const samples = texts.slice(0, mostSamples).map(
    ({ one, subject: line, text }): PlannedChange => ({
      text: `To ${addressOf(one)}`,
      kind: "send",
      after: line === null ? text : `${line}\n\n${text}`,
    }),
  );
  const when = at === undefined ? "" : ` at ${at.toISOString()}`;
  const what = subject === null || subject.includes("{{") ? kindInWords(outside, message) : `"${subject}"`;
  const toAll = message.by === "chat" ? `${whom(recipients)} in their conversation, else by mail` : whom(recipients);
  const hash = createHash("sha256").update(JSON.stringify(texts.map(({ one, ...text }) => [addressOf(one), text])));
  return {
    changes: [
      { text: `It sends ${what} to ${toAll}${when}.`, kind: "send" as const, count: recipients.length },
      ...samples,
      ...skippedLines(found.skipped).map((text) => ({ text })),
    ],
    facts: { recipients: recipients.length, content: hash.digest("hex").slice(0, 32) },
  };
}

function planInConversation({ clock }: MessageOutside, message: InConversation, call: PlannedCall) {
  const at = timeOf(message, call, clock.now());
  const when = at === undefined ? "" : ` at ${at.toISOString()}`;
  const text = `It writes a ${message.by} in a conversation${when}: ${draftOf(message, call).text}`;
  return { changes: [{ text, kind: "send" as const, count: 1 }] };
}

async function sendAddressed(outside: MessageOutside, message: Addressed, call: OperationCall): Promise<CommandResult> {
  const found = await findRecipients(outside, message, call);
  const at = timeOf(message, call, outside.clock.now());
  const { recipients } = found;
  const skipped = skippedLines(found.skipped);
  const data = {
    recipients: recipients.length,
    at: at?.toISOString() ?? null,
    skipped: Object.fromEntries([...found.skipped].map(([why, who]) => [why, who.length])),
  };
  const told = (text: string) => ({ messages: [{ text: [text, ...skipped].join(" ") }], data });
  if (recipients.length === 0) return told("Nobody gets it.");
  const named = draftOf(message, call).subject ?? "";
  const what = named === "" || named.includes("{{") ? "It" : `"${named}"`;
  if (at !== undefined || message.by === "chat" || message.by === "channel") {
    const { id } = await scheduleMessage(outside, message, call, at, recipients);
    const text =
      at === undefined ? `${what} is on its way to ${whom(recipients)}.` : `${what} goes to ${whom(recipients)} at ${at.toISOString()}.`;
    return { ...told(text), data: { ...data, message: id } };
  }
  const { tenant } = call.principal;
  await outside.database.forTenant(tenant).transaction(async (tx) => {
    for (const one of recipients) {
      const { subject, text } = composeFor(message, valuesFor(call, one));
      if (message.by === "mail") await queueMessage(tx, call.run, { to: one.email ?? "", subject: subject ?? "", text });
      else await outside.reaching.notify(tx, { run: call.run, accounts: accountsOf([one]), text: signed(call.principal, text) });
    }
  });
  if (message.by === "mail") announceMail(outside);
  else outside.reaching.announceNotices(tenant, accountsOf(recipients));
  return told(`${what} is on its way to ${whom(recipients)}.`);
}

function accountsOf(recipients: readonly Pick<Recipient, "account">[]): string[] {
  return recipients.flatMap(({ account }) => account ?? []);
}

/** A command of the conversation does it, with its own checks of who may. */
async function writeInConversation(outside: MessageOutside, message: InConversation, call: OperationCall): Promise<CommandResult> {
  const values = valuesOf(call);
  const conversation = fillText(message.conversation, values);
  const at = timeOf(message, call, outside.clock.now());
  if (at !== undefined) {
    if (message.by === "note" && message.mentions !== undefined)
      throw new Refusal("invalid_value", "A note that waits names nobody: send them a notice at that time.", { path: "message.mentions" });
    const { id } = await scheduleMessage(outside, message, call, at, conversation);
    return { messages: [{ text: `The ${message.by} is written at ${at.toISOString()}.` }], data: { at: at.toISOString(), message: id } };
  }
  const name = message.by === "reply" ? "conversation.reply" : "conversation.note";
  const command = (await outside.commands(call.principal.tenant)).find(name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  const mentions =
    message.by === "note" && message.mentions !== undefined
      ? { mentions: message.mentions.map((one) => String(fill(one, values) ?? "")) }
      : {};
  const args = { conversation, text: fillText(message.text, values), ...mentions };
  return await executeAudited(outside, { command, principal: call.principal, run: call.run, work: call.work, args, conversation });
}

function addressOf({ name, email }: Recipient): string {
  return email === null || email === name ? name : `${name} <${email}>`;
}

function kindInWords(outside: MessageOutside, message: Addressed): string {
  if (message.by === "channel") return `a message in ${channelNamed(outside, message.channel).title}`;
  return message.by === "chat" ? "a chat message" : `a ${message.by}`;
}

function whom(recipients: readonly Recipient[]): string {
  const [first] = recipients;
  if (recipients.length === 1 && first !== undefined) return first.email ?? first.name;
  const rooms = recipients.filter(({ room }) => room !== undefined).length;
  const people = recipients.length - rooms;
  const inRooms = rooms === 0 ? [] : [rooms === 1 ? "1 room" : `${rooms} rooms`];
  return [...(people === 0 && rooms > 0 ? [] : [people === 1 ? "1 person" : `${people} people`]), ...inRooms].join(" and ");
}
