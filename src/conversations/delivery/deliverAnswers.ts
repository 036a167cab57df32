import { every } from "../../platform/clock/clock.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import type { Platform } from "../../platform/platform.ts";
import { pickLanguage } from "../../protocol/languages.ts";
import { whoIsThere } from "../control/whoIsThere.ts";
import { messagesAfter } from "../conversationStore.ts";
import type { Channel } from "../ledger/channel.ts";
import { addSystemNote } from "../notes/notes.ts";
import { askRatings } from "./askRatings.ts";
import { decideDelivery, unseenAnswers } from "./decideDelivery.ts";
import {
  type DueDelivery,
  findUndelivered,
  markDelivered,
  noteAnswered,
  scheduleDelivery,
  takeDueDeliveries,
  type Undelivered,
} from "./deliveryStore.ts";

export interface Delivering extends Platform {
  /** All by which people are reached. Who writes in the chat and left an address is reached by the one called `mail`. */
  channels: readonly Channel[];
}

export const lookEveryMs = 4000;
const atOnce = 50;
const mostAnswers = 200;
/** As of a mail (`outbox.ts`): what has been due for so long may have been sent before the database was restored from a backup. */
const uncertainAfterSeconds = 15 * 60;

/** Brings agents' answers to visitors who left the page, and asks how it was, by any number of processes, each once. The answer stops it. */
export function startDeliveries(delivering: Delivering): () => void {
  const bringAll = async () => {
    while (!(await noteAnswered(delivering.database.acrossTenants)));
    for (;;) {
      const due = await takeDueDeliveries(delivering.database.acrossTenants, atOnce);
      if (due.length === 0) return;
      const here = await whoIsThere(
        delivering,
        due.map(({ conversation }) => conversation),
      );
      for (const one of due) await bring(delivering, one, here.has(one.conversation));
      if (due.length < atOnce) return;
    }
  };
  const look = async () => {
    await bringAll();
    await askRatings(delivering, delivering.channels);
  };
  return every(delivering.clock, lookEveryMs, look, (error) => delivering.log.warn({ error }, "answers could not be brought"));
}

async function bring({ database, bus, channels }: Delivering, due: DueDelivery, isThere: boolean): Promise<void> {
  const { tenant, conversation, deliveredSeq } = due;
  const sql = database.forTenant(tenant);
  const facts = await findUndelivered(sql, conversation);
  if (facts === undefined) return;
  const messages = await messagesAfter(sql, conversation, Math.max(facts.readSeq, deliveredSeq), mostAnswers);
  const answers = unseenAnswers(messages);
  const { name, email } = facts.contact;
  const deliver = deliverOf(channels, facts);
  const decision =
    deliver === undefined
      ? ({ kind: "nothing" } as const)
      : decideDelivery({ unseen: answers.length, isThere, awaySeconds: due.awaySeconds, afterSeconds: facts.inbox.afterSeconds });
  if (decision.kind === "nothing" || deliver === undefined)
    return await scheduleDelivery(sql, conversation, { inSeconds: null, away: "no" });
  if (decision.kind === "lookAgain") return await scheduleDelivery(sql, conversation, decision);
  const seq = answers.at(-1)?.seq ?? deliveredSeq;
  if (due.lateSeconds > uncertainAfterSeconds) {
    if (await markDelivered(sql, conversation, deliveredSeq, seq))
      await addSystemNote({ database, bus }, { tenant, id: conversation }, `uncertain:${seq}`, uncertain(email ?? name));
    return;
  }
  await sql.transaction(async (tx) => {
    if (!(await markDelivered(tx, conversation, deliveredSeq, seq))) return;
    await deliver(tx, {
      tenant,
      conversation,
      contact: { name, email },
      language: pickLanguage(facts.contact.locale === null ? [] : [facts.contact.locale]),
      inbox: { name: facts.inbox.name },
      page: ownPage(facts),
      answers,
    });
    // A conversation longer than one look goes on with the next.
    if (messages.length === mostAnswers) await scheduleDelivery(tx, conversation, { inSeconds: 0, away: "no" });
  });
  announceMail({ bus });
}

/** The one by which the conversation came, else mail where there is an address; none where nothing reaches them, or they are reached at once. */
function deliverOf(channels: readonly Channel[], { channel, contact }: Undelivered): Channel["deliver"] {
  const own = channels.find(({ name }) => name === channel);
  if (own !== undefined) return own.deliver;
  return contact.email === null ? undefined : channels.find(({ name }) => name === "mail")?.deliver;
}

function uncertain(whom: string): string {
  return `The answer was to be sent to ${whom} long ago, and it isn't known whether it was. Write again if it matters.`;
}

/** The page that the visitor named, only where it is one of the inbox's own sites: a stranger's link is not sent in our name. */
function ownPage({ contact: { page }, inbox: { origins } }: Undelivered): string | undefined {
  if (page === null || !URL.canParse(page)) return undefined;
  const { origin, href } = new URL(page);
  return origins.includes(origin) ? href : undefined;
}
