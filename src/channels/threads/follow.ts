import { changeOf } from "../../conversations/changes/change.ts";
import { reactionsOf } from "../../conversations/changes/changeStore.ts";
import { findMessage, messagesAfter } from "../../conversations/conversationStore.ts";
import { isConversationEvent, type StoredMessage, tenantConversationsSubject } from "../../conversations/events.ts";
import { type Clock, every } from "../../platform/clock/clock.ts";
import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { Button } from "../../protocol/blocks.ts";
import { cardOf, markOf } from "../asking/performing.ts";
import { findCard, insertCard, saveDrawn } from "../cards/cardStore.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { ChatService } from "../chatService.ts";
import type { CardButton, Drawing } from "../drawing.ts";
import { hearTenants } from "../hearTenants.ts";
import { addErrand, announceErrands } from "../outbox/errand.ts";
import { filesTold } from "./filesTold.ts";
import { type ToldChange, tellChanged } from "./tellChanged.ts";
import { findTalk, insertThread, listBehind, listThreads, listUntoldWaiting, markTold, type Talk, type ThreadRow } from "./threadStore.ts";

const atOnce = 200;
const lookEveryMs = 2000;
/** What the bus lost is found so long after. */
const lookBackSeconds = 120;
/** After a time in which nobody looked. */
const firstLookBackSeconds = 24 * 3600;

/**
 * Tells what is said in conversations where they are followed: the contact's thread hears the bot and the agents, a team's thread hears everybody.
 * Any number of processes, each message once in each thread. The answer stops it.
 */
export function startFollowing(outside: ChatOutside & { clock: Clock }): () => void {
  const { database, clock, log } = outside;
  const failed = (error: unknown) => log.warn({ error }, "what was said could not be told to channels, it is tried again");
  let lookBack = firstLookBackSeconds;
  const look = async () => {
    for (const { tenant, conversation } of await listBehind(database.acrossTenants, lookBack)) await follow(outside, tenant, conversation);
    for (const waiting of await listUntoldWaiting(database.acrossTenants, lookBack)) await tellTeam(outside, waiting);
    lookBack = lookBackSeconds;
  };
  const hear = (tenant: string, data: unknown) => {
    if (isConversationEvent(data) && (data.kind === "committed" || data.kind === "routed"))
      follow(outside, tenant, data.conversation).catch(failed);
  };
  const stops = [every(clock, lookEveryMs, look, failed), hearTenants(outside, tenantConversationsSubject, hear, failed)];
  return () => {
    for (const stop of stops) stop();
  };
}

type ToldThread = ThreadRow & { tenant: string; service: ChatService | undefined };
type Following = Pick<ChatOutside, "database" | "bus" | "publicUrl" | "installations" | "services" | "fileAddresses">;

/** Tells a conversation's threads what they have not heard. */
export async function follow(outside: Following, tenant: string, conversation: string): Promise<void> {
  const sql = outside.database.forTenant(tenant);
  const threads = await listThreads(sql, conversation);
  if (threads.length === 0) return;
  const talk = await findTalk(sql, conversation);
  if (talk === undefined) return;
  for (const thread of threads) {
    // A team's thread that hangs on nothing yet is told once it does.
    if (thread.side === "team" && thread.place.thread === undefined && thread.place.scope !== "personal") continue;
    const messages = await messagesAfter(sql, conversation, thread.toldSeq, atOnce);
    const last = messages.at(-1);
    const changes = await changesIn(sql, conversation, messages);
    const installation = await outside.installations.byId(tenant, thread.installation);
    const service = installation && outside.services.get(installation.app.service);
    const told = { ...thread, tenant, service };
    await sql.transaction(async (tx) => {
      if (last !== undefined && !(await markTold(tx, thread.id, thread.toldSeq, last.seq))) return;
      for (const message of messages) {
        const change = changes.get(message.seq);
        if (change !== undefined) await tellChanged(tx, thread, change, (now) => drawingOf(outside, told, now).drawing);
        else if (changeOf(message) === undefined && message.deleted === undefined) await tell(tx, outside, told, message);
      }
      if (!talk.open && !talk.rated && thread.side === "visitor") await askRating(tx, thread, talk);
      if (thread.side === "team" && thread.card !== null) await redraw(tx, outside, thread.card, thread, talk);
    });
  }
  announceErrands(outside);
}

/** What became of which message, by the `seq` of the entries that tell it. */
async function changesIn(sql: TenantSql, conversation: string, messages: readonly StoredMessage[]): Promise<Map<number, ToldChange>> {
  const changes = new Map<number, ToldChange>();
  for (const entry of messages) {
    const change = changeOf(entry);
    const message = change && (await findMessage(sql, conversation, change.of));
    if (change === undefined || message === undefined) continue;
    changes.set(entry.seq, { seq: entry.seq, change, message, reactions: await reactionsOf(sql, conversation, change.of) });
  }
  return changes;
}

async function tell(
  tx: Sql,
  outside: Pick<Following, "publicUrl" | "fileAddresses">,
  thread: ToldThread,
  message: StoredMessage,
): Promise<void> {
  const { seq, author, blocks = [], clientId } = message;
  // What was said by a chat stands there already: there is one contact, and agents who say it in a team's thread say it to them.
  const saidThere =
    clientId?.startsWith("chat:") === true && (thread.side === "visitor" ? author.kind === "visitor" : author.kind === "agent");
  if (saidThere) return;
  const key = `thread:${thread.id}:${seq}`;
  const offered = thread.side === "visitor" ? blocks.flatMap((block) => ("buttons" in block ? (block.buttons ?? []) : [])) : [];
  const card = offered.length === 0 ? undefined : cardOf(thread.installation, key);
  const { drawing: said, files } = drawingOf(outside, thread, message);
  const drawing: Drawing = {
    ...said,
    ...(card === undefined ? {} : { card: { id: card, buttons: offered.slice(0, 10).map(asCardButton) } }),
  };
  if (card !== undefined)
    await insertCard(tx, {
      id: card,
      installation: thread.installation,
      person: null,
      data: { kind: "offer", conversation: thread.conversation, seq },
      run: null,
      place: thread.place,
      only: null,
      drawn: null,
    });
  await addErrand(tx, {
    installation: thread.installation,
    key,
    what: { do: "post", place: thread.place, drawing },
    said: { conversation: thread.conversation, seq },
    ...(card === undefined ? {} : { card }),
  });
  for (const file of files)
    await addErrand(tx, {
      installation: thread.installation,
      key: `${key}:${file}`,
      what: { do: "file", place: thread.place, file },
      said: { conversation: thread.conversation, seq },
    });
}

/** What somebody said, without what can be pressed, and the files that go by themselves. */
function drawingOf(
  outside: Pick<Following, "publicUrl" | "fileAddresses">,
  thread: ToldThread,
  { author, text, blocks = [] }: StoredMessage,
): { drawing: Drawing; files: readonly string[] } {
  const shown = blocks.filter(({ type }) => type !== "buttons" && type !== "happening" && type !== "action");
  const files = filesTold(outside, thread.tenant, thread.service, thread.place, shown);
  const drawing: Drawing = {
    text,
    blocks: files.blocks,
    ...(author.kind === "agent" || (author.kind === "visitor" && thread.side === "team") ? { author: { name: author.name } } : {}),
    ...(thread.side === "team" ? { more: { label: "At the desk", url: `${outside.publicUrl}/desk#/all/${thread.conversation}` } } : {}),
  };
  return { drawing, files: files.sent };
}

function asCardButton({ label, style }: Button, index: number): CardButton {
  return { verb: "choose", label, value: String(index), ...(style === "primary" || style === "danger" ? { style } : {}) };
}

/** Once for each end. */
async function askRating(tx: Sql, thread: ThreadRow, { generation }: Talk): Promise<void> {
  const key = `rating:${thread.id}:${generation}`;
  const card = cardOf(thread.installation, key);
  await insertCard(tx, {
    id: card,
    installation: thread.installation,
    person: null,
    data: { kind: "rating", conversation: thread.conversation },
    run: null,
    place: thread.place,
    only: null,
    drawn: null,
  });
  const drawing: Drawing = {
    text: "How was it? 1 is poor, 5 is very good.",
    card: { id: card, buttons: [1, 2, 3, 4, 5].map((score) => ({ verb: "rate", label: String(score), value: String(score) })) },
  };
  await addErrand(tx, { installation: thread.installation, key, what: { do: "post", place: thread.place, drawing }, card });
}

/** A conversation that waits for a team is told in its room, once. */
async function tellTeam(
  outside: ChatOutside,
  { tenant, conversation, installation, place }: { tenant: string; conversation: string; installation: string; place: ThreadRow["place"] },
): Promise<void> {
  const sql = outside.database.forTenant(tenant);
  const talk = await findTalk(sql, conversation);
  if (talk === undefined) return;
  const card = cardOf(installation, `talk ${conversation}`);
  const drawing = talkDrawing(card, conversation, talk, outside.publicUrl);
  await sql.transaction(async (tx) => {
    const isNew = await insertThread(tx, {
      id: cardOf(installation, `team ${conversation}`),
      installation,
      conversation,
      side: "team",
      place,
      card,
      toldSeq: 0,
    });
    if (!isNew) return;
    await insertCard(tx, {
      id: card,
      installation,
      person: null,
      data: { kind: "talk", conversation },
      run: null,
      place,
      only: null,
      drawn: markOf(talk.controller, drawing),
    });
    await addErrand(tx, { installation, key: `talk:${card}`, what: { do: "post", place, drawing }, card });
  });
  announceErrands(outside);
}

async function redraw(tx: Sql, { publicUrl }: Pick<ChatOutside, "publicUrl">, card: string, thread: ThreadRow, talk: Talk): Promise<void> {
  const row = await findCard(tx, card);
  if (row === undefined || row.place === null) return;
  const drawing = talkDrawing(card, thread.conversation, talk, publicUrl);
  const mark = markOf(talk.controller, drawing);
  if (!(await saveDrawn(tx, card, row.drawn, mark))) return;
  await addErrand(tx, {
    installation: thread.installation,
    key: `card:${card}:${mark}:${talk.generation}`,
    what: { do: "change", place: row.place, drawing },
    card,
  });
}

/** A conversation in a team's room: whose it is, who answers, and what can be done. */
export function talkDrawing(
  card: string,
  conversation: string,
  { contact, open, controller, agent, team }: Talk,
  publicUrl: string,
): Drawing {
  const stands = !open
    ? "It is closed."
    : controller === "agent"
      ? `${agent ?? "An agent"} answers.`
      : controller === "queue"
        ? `Waits for ${team}.`
        : "The assistant answers.";
  return {
    text: `${contact}: ${stands} What you write in this thread goes to them.`,
    more: { label: "At the desk", url: `${publicUrl}/desk#/all/${conversation}` },
    card: {
      id: card,
      buttons: [
        ...(open && controller !== "agent" ? [{ verb: "take", label: "Take it", style: "primary" as const }] : []),
        ...(open ? [{ verb: "note", label: "Write a note", opens: true as const }] : []),
        ...(open && controller === "agent" ? [{ verb: "close", label: "Close it" }] : []),
      ],
    },
  };
}
