import type { AidItem, FieldValues } from "./aids.ts";
import type { Block } from "./blocks.ts";
import type { RunItem } from "./commands.ts";
import type { Author, Controller, Message } from "./conversation.ts";
import type { Mentioned, MentionItem } from "./mentions.ts";
import type { NoticeEntry } from "./notices.ts";
import type { Rating } from "./rating.ts";
import type { Ack, ErrorFrame, RestartFrame } from "./visitor.ts";

/** What an agent declared; whether they are connected is another thing. */
export type Presence = "online" | "away" | "offline";

/** Frames of `/ws/desk`, as `protocol.md` has them. */
export type DeskFrame =
  | { type: "hello"; ticket: string; version?: number; needs?: string[] }
  | { type: "watch"; topic: string; cursor?: string }
  | { type: "unwatch"; topic: string }
  | { type: "message"; conversation: string; clientId: string; text: string; files?: string[] }
  /** `mentions`: ids of colleagues, `team:` and a key for a team. */
  | { type: "note"; conversation: string; clientId: string; text: string; files?: string[]; mentions?: string[] }
  | { type: "typing"; conversation: string; on: boolean }
  | { type: "read"; conversation: string; seq: number }
  /** What the page shows now: colleagues see who looks. Null for none. */
  | { type: "look"; conversation: string | null }
  | { type: "ping" };

export type ToDesk =
  | DeskWelcome
  | DeskAck
  | Snapshot
  | Delta
  | { type: "typing"; conversation: string; on: boolean; author: Author }
  | { type: "read"; conversation: string; seq: number; author: Author }
  /** A page of the visitor took everything up to `seq`. */
  | { type: "delivered"; conversation: string; seq: number }
  | { type: "presence"; presence: Presence }
  | { type: "undoSend"; on: boolean }
  /** Something that this person should hear wherever they are at the desk; it stands as a note in the conversation too. */
  | { type: "notice"; conversation: string; text: string }
  | { type: "pong" }
  | ErrorFrame
  | RestartFrame;

export interface DeskWelcome {
  type: "welcome";
  account: { id: string; name: string; email: string };
  tenant: { id: string; slug: string; name: string };
  presence: Presence;
  /** The newest version of these frames that the server speaks. */
  version: number;
  /** Whether this agent's desk holds replies for a few seconds, in which they can be taken back. */
  undoSend: boolean;
}

/** For a message `seq`, for a note `afterSeq`. */
export type DeskAck = (Ack | { type: "ack"; clientId: string; afterSeq: number; at: string }) & { conversation: string };

/**
 * All that stands under a topic now. A large list comes as a first page and deltas that complete it,
 * so that a reader who knows only `snapshot` and `delta` ends with the whole.
 */
export interface Snapshot {
  type: "snapshot";
  topic: string;
  cursor: string;
  items: TopicItem[];
}

export interface Delta {
  type: "delta";
  topic: string;
  cursor: string;
  changed: TopicItem[];
  removed: string[];
}

/**
 * `inbox` and `queue:<team>` hold conversations; `conversation:<id>` holds its head and its timeline; `agents` holds colleagues, `wallboard` teams;
 * `lookers` who looks at which conversation; `aids` what helps agents, `notices` what the reader should know, `runs` the newest runs that they may see, `mentions` the notes that name them;
 * `entities:<blueprint>` tells which entities changed.
 */
export type TopicItem =
  | ConversationItem
  | ConversationHead
  | MessageItem
  | NoteItem
  | AgentItem
  | LookersItem
  | AidItem
  | TeamItem
  | NoticeEntry
  | RunItem
  | MentionItem
  | EntityTold;

/** That an entity was made, changed or moved: what it is now, its reader asks for. */
export interface EntityTold {
  kind: "entity";
  id: string;
}

/** 1 urgent, 2 high, 3 normal, 4 low. */
export type Priority = 1 | 2 | 3 | 4;

/** A promise that runs: the first answer, each next one, or the end of the matter. */
export interface ServiceClock {
  kind: "first" | "next" | "resolution";
  /** ISO 8601, UTC. Past it, the promise is broken. */
  dueAt: string;
  warnAt: string;
}

/** A conversation as a list shows it. */
export interface ConversationItem {
  kind: "conversation";
  id: string;
  contact: { id: string; name: string };
  inbox: { id: string; name: string };
  team: string;
  controller: Controller;
  /** Counts the changes of the controller. */
  generation: number;
  agent: { id: string; name: string } | null;
  open: boolean;
  queuedAt: string | null;
  priority: Priority;
  /** 0: came back, and stands before the others of its priority. The queue's order is `inQueueOrder`. */
  queueRank: number;
  /** In which it should be answered; null: any. */
  language: string | null;
  /** What an agent must have to be offered it. */
  skills: string[];
  channel: string;
  offer: { to: { id: string; name: string }; kind: "assignment" | "transfer"; until: string } | null;
  /** What is promised to whoever waits, and due next; absent while nothing is. */
  service?: ServiceClock;
  lastSeq: number;
  lastText: string;
  lastAuthor: Author["kind"] | null;
  lastAt: string;
  /** What the visitor wrote and no agent has read. */
  unread: number;
  createdAt: string;
  /** Ids of tags. */
  tags: string[];
  /** Out of the lists until then, or until the visitor writes. */
  snoozedUntil?: string;
  /** Colleagues who take part while another answers. */
  participants?: Person[];
  /** Kept from the lists: what its visitor writes is stored, and calls nobody. */
  muted?: "spam" | "blocked" | "merged";
  closedAt?: string;
  /** Counts the changes of snoozedUntil, participants, muted, of tags, of fields and of its person. */
  changes?: number;
}

export interface Person {
  id: string;
  name: string;
}

/** A conversation as its page shows it: the list's entry, what the two sides have read, and its person. */
export interface ConversationHead extends Omit<ConversationItem, "kind" | "contact"> {
  kind: "head";
  contact: ContactCard;
  fields: FieldValues;
  /** Of its fields: `conversation.update` takes it. */
  version: number;
  /** What the visitor said when it ended last, or null. */
  rating: Rating | null;
  visitorReadSeq: number;
  /** Up to which a page of the visitor took what was said. */
  visitorShownSeq: number;
  agentReadSeq: number;
  /** Whether the visitor has a socket open. */
  visitorConnected: boolean;
  /** Where it goes on, where it was merged. */
  mergedInto?: string;
  /** What was merged into it, oldest first: each is a topic `conversation:<id>` of its own. */
  merged?: MergedConversation[];
}

/** A conversation whose timeline is shown in another's. */
export interface MergedConversation {
  id: string;
  contact: { id: string; name: string };
  inbox: { id: string; name: string };
  channel: string;
  at: string;
  /** Who merged it. */
  by: string;
}

/** What is known of the person. */
export interface ContactCard {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  notes: string;
  locale: string | null;
  page: string | null;
  /** As their browser calls itself. */
  browser: string | null;
  /** As in the IANA database. */
  timeZone: string | null;
  createdAt: string;
  /** Ids of tags. */
  tags: string[];
  fields: FieldValues;
  /** Of all of this but the tags: `contact.update` takes it. */
  version: number;
  identities: { kind: string; value: string; verified: boolean }[];
  /** What they filled in before they began: their own word. */
  answers: { label: string; value: string }[];
}

export interface MessageItem extends Message {
  kind: "message";
  /** `m` and the seq. */
  id: string;
  /** Of a line of the system: what the visitor reads, where it isn't the same. */
  visitorReads?: string;
}

/** An internal note: no channel delivers it, and it takes no `seq`. */
export interface NoteItem {
  kind: "note";
  id: string;
  /** The newest `seq` when it was written. */
  afterSeq: number;
  author: Author;
  text: string;
  blocks?: Block[];
  mentions?: Mentioned[];
  at: string;
  clientId?: string;
}

/** Who has this conversation on their page, and who of them writes an answer. */
export interface LookersItem {
  kind: "lookers";
  /** The conversation's. */
  id: string;
  people: (Person & { writing: boolean })[];
}

/** A team on the wallboard. */
export interface TeamItem {
  kind: "team";
  /** Its key. */
  id: string;
  name: string;
  waiting: number;
  /** Of those who wait, how many are offered to somebody now. */
  offered: number;
  /** And how many are urgent. */
  urgent: number;
  waitingSince: string | null;
  /** Conversations whose service level is warned of, and those where one is breached and not met since. */
  dueSoon?: number;
  breached?: number;
  /** Members; `busy` are those online who have as many as they take. */
  agents: { online: number; busy: number; away: number; offline: number };
  /** What those who are online hold, of what they could. */
  holding: number;
  capacity: number;
  /** Since the tenant's midnight: taken from the queue, and left by the visitor. */
  assignedToday: number;
  abandonedToday: number;
  /** Of those assigned today; null without any. */
  meanWaitSeconds: number | null;
}

export interface AgentItem {
  kind: "agent";
  id: string;
  name: string;
  email: string;
  declared: Presence;
  connected: boolean;
  /** Open conversations that they hold; null for whoever doesn't see all of their teams. */
  holding: number | null;
  /** And those that they are offered. */
  offered: number | null;
  /** How many of both they may have; null where they are in no team. */
  capacity: number | null;
  /** By key. */
  teams: string[];
}
