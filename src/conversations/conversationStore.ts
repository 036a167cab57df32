import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { FieldValues } from "../protocol/aids.ts";
import type { Block } from "../protocol/blocks.ts";
import type { AuthorKind } from "../protocol/conversation.ts";
import type { ContactCard, ConversationHead, ConversationItem, MergedConversation, Priority, ServiceClock } from "../protocol/desk.ts";
import { type StoredReaction, shownReactions } from "./changes/change.ts";
import { type AsideRow, asideColumns, toAside } from "./control/asideRow.ts";
import { type ControlRow, type OfferRow, type StandingRow, toControl, toOffer, toStanding } from "./control/controlRow.ts";
import type { Control, Standing } from "./conversation.ts";
import type { StoredMessage } from "./events.ts";
import { clientIdOf } from "./ledger/record.ts";

/** Who controls the conversation now; undefined where the tenant has none of this id. */
export async function findControl(sql: TenantSql, conversation: string): Promise<Standing | undefined> {
  const rows = await sql.query<StandingRow>(
    `select controller, generation, agent_id, agent_name, queued_at, open, team, offered_to, offered_name, offered_until, offer_kind, muted
     from conversation where tenant_id = $1 and id = $2`,
    [conversation],
    "findControl",
  );
  const row = rows[0];
  return row && toStanding(row);
}

/** The language of the conversation's visitor; null where it isn't known. Index: the primary keys. */
export async function findLocale(sql: TenantSql, conversation: string): Promise<string | null> {
  const rows = await sql.query<{ locale: string | null }>(
    `select k.locale from conversation c join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
     where c.tenant_id = $1 and c.id = $2`,
    [conversation],
    "findLocale",
  );
  return rows[0]?.locale ?? null;
}

/** Messages after a `seq`, in order, at most `limit`. Index: the primary key of `message`. */
export async function messagesAfter(sql: TenantSql, conversation: string, after: number, limit: number): Promise<StoredMessage[]> {
  const rows = await sql.query<MessageRow>(
    `select ${messageColumns} from message where tenant_id = $1 and conversation_id = $2 and seq > $3 order by seq limit $4`,
    [conversation, after, limit],
    "messagesAfter",
  );
  return rows.map(toMessage);
}

/** One message, or none. */
export async function findMessage(sql: TenantSql, conversation: string, seq: number): Promise<StoredMessage | undefined> {
  return (await messagesAfter(sql, conversation, seq - 1, 1)).find((message) => message.seq === seq);
}

/** A conversation with its person, as its page shows it. */
export async function findHead(sql: TenantSql, conversation: string): Promise<ConversationHead | undefined> {
  const rows = await sql.query<HeadRow>(
    `select ${itemColumns}, k.email as contact_email, k.locale as contact_locale, k.page as contact_page, k.created_at as contact_created_at,
       k.phone, k.notes, k.browser, k.time_zone, k.tags as contact_tags, k.fields as contact_fields, k.version as contact_version,
       c.fields, c.version, c.visitor_read_seq, c.agent_read_seq, coalesce(sm.visitor_seq, 0) as visitor_shown_seq,
       coalesce((select json_agg(json_build_object('kind', n.kind, 'value', case n.kind when 'website' then substr(n.value, 38) else n.value end, 'verified', n.verified) order by n.verified desc, n.created_at)
         from contact_identity n where n.tenant_id = c.tenant_id and n.contact_id = c.contact_id), '[]') as identities,
       (select m.target_id from conversation_merge m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.ended_at is null) as merged_into,
       (select json_agg(json_build_object('id', s.id, 'contact', json_build_object('id', sk.id, 'name', sk.name), 'inbox',
            json_build_object('id', si.id, 'name', si.name), 'channel', s.channel, 'at', to_char(m.merged_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'by', m.by_name) order by m.merged_at)
         from conversation_merge m join conversation s on s.tenant_id = m.tenant_id and s.id = m.conversation_id
         join contact sk on sk.tenant_id = s.tenant_id and sk.id = s.contact_id join inbox si on si.tenant_id = s.tenant_id and si.id = s.inbox_id
         where m.tenant_id = c.tenant_id and m.target_id = c.id and m.ended_at is null) as merged,
       k.answers as contact_answers, r.score, r.comment, r.at as rated_at
     from conversation c ${itemJoins}
     left join shown_mark sm on sm.tenant_id = c.tenant_id and sm.conversation_id = c.id
     left join lateral (select score, comment, at from rating where tenant_id = c.tenant_id and conversation_id = c.id
       order by generation desc limit 1) r on true
     where c.tenant_id = $1 and c.id = $2`,
    [conversation],
    "findHead",
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { kind: _, ...item } = toItem(row);
  return {
    ...item,
    kind: "head",
    contact: {
      ...item.contact,
      email: row.contact_email,
      phone: row.phone,
      notes: row.notes,
      locale: row.contact_locale,
      page: row.contact_page,
      browser: row.browser,
      timeZone: row.time_zone,
      createdAt: row.contact_created_at.toISOString(),
      tags: row.contact_tags,
      fields: row.contact_fields,
      version: row.contact_version,
      identities: row.identities,
      answers: row.contact_answers,
    },
    rating: row.score === null ? null : { score: row.score, comment: row.comment ?? "", at: row.rated_at?.toISOString() ?? "" },
    fields: row.fields,
    version: row.version,
    visitorReadSeq: row.visitor_read_seq,
    visitorShownSeq: row.visitor_shown_seq,
    agentReadSeq: row.agent_read_seq,
    visitorConnected: false,
    ...(row.merged_into === null ? {} : { mergedInto: row.merged_into }),
    ...(row.merged === null ? {} : { merged: row.merged }),
  };
}

/**
 * The open conversations of a tenant for a list, by id after `afterId`, at most `limit`.
 * Index: the primary key, read in its order; closed ones are passed over.
 */
export async function listOpenItems(sql: TenantSql, afterId: string, limit: number): Promise<ConversationItem[]> {
  const rows = await sql.query<ItemRow>(
    `select ${itemColumns} from conversation c ${itemJoins} where c.tenant_id = $1 and c.id > $2 and c.open order by c.id limit $3`,
    [afterId, limit],
    "listOpenItems",
  );
  return rows.map(toItem);
}

/** The list's entries of these conversations. */
export async function listItems(sql: TenantSql, conversations: readonly string[]): Promise<ConversationItem[]> {
  const rows = await sql.query<ItemRow>(
    `select ${itemColumns} from conversation c ${itemJoins} where c.tenant_id = $1 and c.id = any($2::uuid[])`,
    [conversations],
    "listItems",
  );
  return rows.map(toItem);
}

export interface Touched {
  tenant: string;
  conversation: string;
  lastSeq: number;
  updatedAt: string;
  control: Control;
  changes: number;
  offeredTo: string | null;
}

/** What changed in the last `seconds`, in all tenants: how a process that heard nothing finds out. Index: conversation_touched. */
export async function touchedLately(sql: Sql, seconds: number): Promise<Touched[]> {
  const rows = await sql.query<
    ControlRow & { tenant_id: string; id: string; last_seq: number; updated_at: Date; changes: number; offered_to: string | null }
  >(
    `select tenant_id, id, last_seq, updated_at, controller, generation, agent_id, agent_name, queued_at, open, team, changes, offered_to
     from conversation
     where touched >= extract(epoch from now() - make_interval(secs => $1))::int / 10 and updated_at >= now() - make_interval(secs => $1)`,
    [seconds],
    "touchedLately",
  );
  return rows.map((row) => ({
    tenant: row.tenant_id,
    conversation: row.id,
    lastSeq: row.last_seq,
    updatedAt: row.updated_at.toISOString(),
    control: toControl(row),
    changes: row.changes,
    offeredTo: row.offered_to,
  }));
}

export const messageColumns =
  "seq, key, author_kind, author_id, author_name, text, blocks, command, at, changed_at, deleted_at, deleted_by, reactions";

export interface MessageRow {
  seq: number;
  key: string;
  author_kind: AuthorKind;
  author_id: string | null;
  author_name: string;
  text: string;
  blocks: Block[] | null;
  command: string | null;
  at: Date;
  changed_at: Date | null;
  deleted_at: Date | null;
  deleted_by: string | null;
  reactions: StoredReaction[] | null;
}

function toMessage(row: MessageRow): StoredMessage {
  return {
    seq: row.seq,
    author: { kind: row.author_kind, name: row.author_name },
    text: row.text,
    at: row.at.toISOString(),
    ...(row.blocks === null ? {} : { blocks: row.blocks }),
    ...(row.command === null ? {} : { command: row.command }),
    ...clientIdOf(row.key),
    ...(row.author_id === null ? {} : { authorId: row.author_id }),
    ...(row.changed_at === null ? {} : { changedAt: row.changed_at.toISOString() }),
    ...(row.deleted_at === null ? {} : { deleted: { at: row.deleted_at.toISOString(), by: row.deleted_by ?? "" } }),
    ...(row.reactions === null ? {} : { reactions: shownReactions(row.reactions) }),
  };
}

export const itemColumns = `c.id, c.contact_id, k.name as contact_name, c.inbox_id, i.name as inbox_name, c.team, c.controller, c.generation, c.agent_id, c.agent_name,
  c.open, c.queued_at, c.last_seq, c.last_text, c.last_author, c.last_at, c.unread, c.created_at, c.tags,
  c.priority, c.queue_rank, c.language, c.skills, c.channel, c.offered_to, c.offered_name, c.offered_until, c.offer_kind,
  st.kind as service_kind, st.due_at as service_due_at, st.warn_at as service_warn_at,
  ${asideColumns}`;
export const itemJoins = `left join service_track st on st.tenant_id = c.tenant_id and st.conversation_id = c.id
  join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id join inbox i on i.tenant_id = c.tenant_id and i.id = c.inbox_id`;

export interface ItemRow extends ControlRow, OfferRow, AsideRow {
  id: string;
  contact_id: string;
  contact_name: string;
  inbox_id: string;
  inbox_name: string;
  priority: Priority;
  service_kind: ServiceClock["kind"] | null;
  service_due_at: Date | null;
  service_warn_at: Date | null;
  queue_rank: number;
  language: string | null;
  skills: string[];
  channel: string;
  last_seq: number;
  last_text: string;
  last_author: AuthorKind | null;
  last_at: Date;
  unread: number;
  created_at: Date;
  tags: string[];
}

interface HeadRow extends ItemRow {
  contact_email: string | null;
  contact_locale: string | null;
  contact_page: string | null;
  contact_created_at: Date;
  phone: string | null;
  notes: string;
  browser: string | null;
  time_zone: string | null;
  contact_tags: string[];
  contact_fields: FieldValues;
  contact_version: number;
  identities: ContactCard["identities"];
  fields: FieldValues;
  version: number;
  merged_into: string | null;
  merged: MergedConversation[] | null;
  contact_answers: { label: string; value: string }[];
  score: number | null;
  comment: string | null;
  rated_at: Date | null;
  visitor_read_seq: number;
  visitor_shown_seq: number;
  agent_read_seq: number;
}

export function toItem(row: ItemRow): ConversationItem {
  return {
    kind: "conversation",
    id: row.id,
    contact: { id: row.contact_id, name: row.contact_name },
    inbox: { id: row.inbox_id, name: row.inbox_name },
    ...toControl(row),
    priority: row.priority,
    queueRank: row.queue_rank,
    language: row.language,
    skills: row.skills,
    channel: row.channel,
    offer: toOffer(row),
    lastSeq: row.last_seq,
    lastText: row.last_text,
    lastAuthor: row.last_author,
    lastAt: row.last_at.toISOString(),
    unread: row.unread,
    createdAt: row.created_at.toISOString(),
    ...toService(row),
    ...toAside(row),
    tags: row.tags,
  };
}

function toService({ service_kind: kind, service_due_at: due, service_warn_at: warn }: ItemRow): Pick<ConversationItem, "service"> {
  return kind === null || due === null || warn === null ? {} : { service: { kind, dueAt: due.toISOString(), warnAt: warn.toISOString() } };
}
