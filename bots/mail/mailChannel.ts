import { z } from "zod";
import { acceptedKeys, type Keys } from "../../src/access/keys/keys.ts";
import type { Channel, ChannelMessage, ChannelRequest, Translated } from "../../src/conversations/ledger/channel.ts";
import type { ReceivedFromChannel } from "../../src/conversations/ledger/receiveChannelMessage.ts";
import { type MailAddress, readAddress } from "../../src/platform/mail/address.ts";
import { mailOfMessageId, messageIdOf } from "../../src/platform/mail/mail.ts";
import { queueMail } from "../../src/platform/mail/outbox.ts";
import type { Platform } from "../../src/platform/platform.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { maxTextLength } from "../../src/protocol/visitor.ts";
import { commandMail, isCommandLine } from "./commandMail.ts";
import { digestOf } from "./digest.ts";
import { acceptedEpochs, mailKey, type SigningTenant } from "./mailSecret.ts";
import { findConversationOfMails, findCorrespondent, findInboxOfAddress, findSigningTenant, isMember, listThread } from "./mailStore.ts";
import { ratingMail, readRating } from "./ratingMail.ts";
import { type ReadMail, readMail } from "./readMail.ts";
import { conversationOfAddress, isReplyAddress, replyAddress } from "./replyAddress.ts";
import { isSigned } from "./webhookSignature.ts";

interface Outside extends Pick<Platform, "database" | "clock"> {
  keys: Pick<Keys, "mailReplies" | "mailWebhooks" | "before">;
  /** Who our mails are from. */
  from: MailAddress;
  publicUrl: string;
  receive(tenant: string, channel: string, message: ChannelMessage): Promise<ReceivedFromChannel>;
  /** For the agents alone. */
  note(tenant: string, conversation: string, text: string): Promise<void>;
  /** Refusal `conflict` where it is open, or was rated before. */
  rate(place: { tenant: string; conversation: string }, rating: { score: number; comment: string }): Promise<unknown>;
}

const answer = z
  .discriminatedUnion("result", [
    z.strictObject({ result: z.literal("received"), conversation: z.uuid(), seq: z.int() }),
    z.strictObject({ result: z.literal("rated"), conversation: z.uuid() }),
    z.strictObject({
      result: z.literal("passedOver"),
      reason: z.string().meta({ description: "Why nobody is to answer it.", examples: ["autoReply", "bounce"] }),
    }),
  ])
  .meta({ id: "ChannelAnswer" });

const nobody: SigningTenant = { id: "none", epoch: 0, rotatedAt: null };
const mostBytes = 10 * 1024 * 1024;
/** A longer mail becomes so many messages, and no more. */
const mostTexts = 10;

/** Mail: what comes is brought by the mail server as a signed webhook, what goes out is written to the outbox. */
export function mailChannel(outside: Outside): Channel {
  const { keys, from } = outside;
  return {
    name: "mail",
    doors: [
      {
        method: "post",
        path: "messages",
        id: "receiveMail",
        summary:
          "A mail that came for this tenant, whole, as RFC 5322 has it, signed as Standard Webhooks have it with the secret of inbox.mail-secret; `tenant` is the tenant's short name.",
        mediaTypes: ["message/rfc822"],
        mostBytes,
        signature: "webhook-signature",
        answers: { says: "What became of it; the same again gets the same.", schema: answer },
        answer: async (request) => ({ status: 200, body: await received(outside, await signer(outside, request), request.body) }),
      },
    ],

    deliver: async (sql, delivery) => {
      const to = readAddress(delivery.contact.email ?? "");
      if (to === undefined) return;
      const thread = await listThread(sql, delivery.conversation);
      const first = delivery.answers[0];
      await queueMail(sql, {
        kind: "answer",
        key: `answer:${delivery.conversation}:${first?.seq ?? 0}`,
        conversation: delivery.conversation,
        to,
        ...digestOf(delivery, thread[0]?.title),
        fromName: first === undefined ? delivery.inbox.name : `${first.author.name}, ${delivery.inbox.name}`,
        replyTo: replyAddress(keys.mailReplies, delivery.tenant, delivery.conversation, from),
        references: thread.map(({ ours, theirs }) => (ours === null ? (theirs ?? "") : messageIdOf(ours, from))),
      });
    },

    askRating: async (sql, ended) => {
      const to = readAddress(ended.contact.email ?? "");
      if (to === undefined) return;
      const address = replyAddress(keys.mailReplies, ended.tenant, ended.conversation, from, "rating");
      await queueMail(sql, {
        kind: "rating",
        key: `rating:${ended.conversation}:${ended.generation}`,
        conversation: ended.conversation,
        to,
        ...ratingMail(ended, address),
        fromName: ended.inbox.name,
        replyTo: address,
      });
    },
  };
}

/** Which tenant the mail server speaks for. Refusal `unauthenticated`. */
async function signer({ database, clock, keys }: Outside, request: ChannelRequest): Promise<string> {
  const slug = request.query["tenant"];
  const tenant = typeof slug === "string" ? await findSigningTenant(database.acrossTenants, slug) : undefined;
  const header = (name: string) => request.header(`webhook-${name}`) ?? "";
  const headers = { id: header("id"), timestamp: header("timestamp"), signature: header("signature") };
  // An unknown tenant takes the same way: who asks learns nothing of which there are.
  const signed = isFrom({ keys, clock }, tenant ?? nobody, headers, request.body);
  if (tenant === undefined || !signed) throw unsigned();
  return tenant.id;
}

async function received(outside: Outside, tenant: string, body: Buffer): Promise<z.output<typeof answer>> {
  const mail = await readMail(body);
  const translation = await translated(outside, tenant, mail);
  if (translation.kind === "message") {
    const placed = await outside.receive(tenant, "mail", translation.message);
    await refuseCommand(outside, tenant, mail);
    return { result: "received", ...placed };
  }
  if (translation.kind === "rating") return await rated(outside, tenant, translation);
  if (translation.note !== undefined) await outside.note(tenant, translation.note.conversation, translation.note.text);
  return { result: "passedOver", reason: translation.reason };
}

const hourMs = 3_600_000;

/**
 * Whoever belongs to the tenant and writes a command's line is told that it isn't run by mail, once an hour: with somebody else's address nobody can
 * have them told more often, and nobody else gets a mail by it.
 */
async function refuseCommand({ database, clock, publicUrl }: Outside, tenant: string, { from, text }: ReadMail): Promise<void> {
  const to = readAddress(from.address.toLowerCase());
  const sql = database.forTenant(tenant);
  if (to === undefined || !isCommandLine(text) || !(await isMember(sql, to))) return;
  const key = `commands:${to}:${Math.floor(clock.now() / hourMs)}`;
  await queueMail(sql, { kind: "notice", key, to, automatic: true, ...commandMail(publicUrl) });
}

async function rated(
  outside: Outside,
  tenant: string,
  { conversation, score, comment }: Translated & { kind: "rating" },
): Promise<z.output<typeof answer>> {
  try {
    await outside.rate({ tenant, conversation }, { score, comment });
    return { result: "rated", conversation };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "conflict") throw error;
    return { result: "passedOver", reason: "notToBeRated" };
  }
}

/** What is to be done with it. Refusal `not_found` where nobody here has the address. */
async function translated({ database, keys, from }: Outside, tenant: string, mail: ReadMail): Promise<Translated> {
  const sql = database.forTenant(tenant);
  if (mail.automatic === "bounce") {
    const conversation = await findConversationOfMails(sql, oursIn(mail.all), []);
    const note = { conversation: conversation ?? "", text: `A mail to the visitor came back: ${mail.subject}` };
    return { kind: "passedOver", reason: "bounce", ...(conversation === undefined ? {} : { note }) };
  }
  if (mail.automatic !== undefined) return { kind: "passedOver", reason: mail.automatic };
  if (mail.from.address.toLowerCase() === from.address.toLowerCase() || isReplyAddress(mail.from.address, from)) {
    return { kind: "passedOver", reason: "ownAddress" };
  }
  const signed = mail.recipients.flatMap((address) => signedBy(keys, tenant, address, from))[0];
  const addressed = signed === undefined ? undefined : await findCorrespondent(sql, signed.conversation);
  if (signed !== undefined && addressed !== undefined) {
    const { conversation, kind } = signed;
    const rating = kind === "rating" ? readRating(mail.text) : undefined;
    if (rating !== undefined) return { kind: "rating", conversation, ...rating };
    const other = addressed.email !== null && !isSame(addressed.email, mail.from.address);
    const note = other ? { note: `The last message came by mail from ${mail.from.address}, not from ${addressed.email}.` } : {};
    return { kind: "message", message: { ...said(mail), place: { conversation }, ...note } };
  }
  const answered = await findConversationOfMails(
    sql,
    mail.answers.flatMap((id) => mailOfMessageId(id) ?? []),
    mail.answers,
  );
  const correspondent = answered === undefined ? undefined : await findCorrespondent(sql, answered);
  // The ids of mails are no secret: only whom we wrote to may go on by them.
  if (answered !== undefined && correspondent?.email != null && isSame(correspondent.email, mail.from.address)) {
    return { kind: "message", message: { ...said(mail), place: { conversation: answered } } };
  }
  return await begun(mail, await findInboxOfAddress(sql, mail.recipients));
}

function signedBy(keys: Pick<Keys, "mailReplies" | "before">, tenant: string, address: string, from: MailAddress) {
  return acceptedKeys(keys, "mailReplies").flatMap((key) => conversationOfAddress(key, tenant, address, from) ?? []);
}

function isFrom(
  { keys, clock }: Pick<Outside, "keys" | "clock">,
  tenant: SigningTenant,
  headers: Parameters<typeof isSigned>[1],
  body: Buffer,
): boolean {
  return acceptedKeys(keys, "mailWebhooks")
    .flatMap((mailWebhooks) => acceptedEpochs(tenant, clock.now()).map((epoch) => mailKey({ mailWebhooks }, tenant.id, epoch)))
    .some((key) => isSigned(key, headers, body, clock.now()));
}

function unsigned(): Refusal {
  return new Refusal(
    "unauthenticated",
    "The request is not signed with this tenant's secret, or too long ago; inbox.mail-secret tells it.",
    { path: "webhook-signature" },
  );
}

function said(mail: ReadMail) {
  const texts = textsOf(mail.text);
  return { externalId: mail.messageId, title: mail.subject, texts: texts.length === 0 ? [""] : texts, files: mail.attachments };
}

async function begun(mail: ReadMail, inbox: { id: string; team: string } | undefined): Promise<Translated> {
  if (inbox === undefined) {
    const to = mail.recipients.slice(0, 3).join(", ") || "nobody";
    throw new Refusal("not_found", `No conversation and no inbox here has the address ${to}; inbox.mail gives an inbox one.`, {
      path: "to",
    });
  }
  const contact = { name: mail.from.name || mail.from.address, email: mail.from.address };
  return { kind: "message", message: { ...said(mail), place: { inbox, contact } } };
}

/** A letter may be longer than a message: it is divided between lines where it can be. */
function textsOf(text: string): string[] {
  const texts: string[] = [];
  let rest = [...text];
  while (rest.length > 0 && texts.length < mostTexts) {
    const lineEnd = rest.length <= maxTextLength ? rest.length : rest.lastIndexOf("\n", maxTextLength - 1) + 1;
    const end = lineEnd > maxTextLength / 2 ? lineEnd : maxTextLength;
    texts.push(rest.slice(0, end).join("").trim());
    rest = rest.slice(end);
  }
  return texts.filter((each) => each !== "");
}

function oursIn(text: string): string[] {
  return (text.slice(0, 200_000).match(/<[0-9a-f-]{36}@[^<>\s]{1,250}>/g) ?? []).flatMap((id) => mailOfMessageId(id) ?? []);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
