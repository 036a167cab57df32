import type { ReadonlySignal } from "@preact/signals";
import type { Attachments, Taken } from "../../src/client/attachments.ts";
import type { ConnectionStatus } from "../../src/client/connection.ts";
import type { SessionAnswer } from "../../src/protocol/access.ts";
import type { AgentItem, Presence, TeamItem } from "../../src/protocol/desk.ts";
import type { Aids } from "../aids/aids.ts";
import type { OpenConversation } from "../conversation/openConversation.ts";
import type { PendingItem } from "../conversation/timelineRows.ts";
import type { Conversations } from "../inbox/conversations.ts";
import type { Counts } from "../inbox/views.ts";
import type { Mentions } from "../mentions/mentions.ts";
import type { Notices } from "../notices/notices.ts";
import type { OfferedItem } from "../offers/offersToMe.ts";
import type { Runs } from "../runs/runs.ts";
import type { Lookers } from "./lookers.ts";
import type { Spoken } from "./saying.ts";
import type { TopicReader } from "./topics.ts";

/** All that the signed-in agent's desk knows, and what it can say. */
export interface DeskState {
  account: SessionAnswer["account"];
  status: ReadonlySignal<ConnectionStatus>;
  connected: ReadonlySignal<boolean>;
  presence: ReadonlySignal<Presence>;
  conversations: Conversations;
  counts: ReadonlySignal<Counts>;
  colleagues: ReadonlySignal<readonly AgentItem[]>;
  /** Colleagues who have a conversation on their page, by conversation. */
  lookers: Lookers["others"];
  /** Tells them what is on mine. */
  look(conversation: string | null): void;
  /** Canned answers, macros, views, tags and fields. */
  aids: Aids;
  notices: Notices;
  runs: Runs;
  mentions: Mentions;
  /** Colleagues and me. */
  agents: ReadonlySignal<readonly AgentItem[]>;
  /** Every active team, with its queue; null until it is known. */
  teams: ReadonlySignal<readonly TeamItem[] | null>;
  /** Where each stands who waits: 1 is next in their team's queue. */
  places: ReadonlySignal<ReadonlyMap<string, number>>;
  /** Follows a topic that one page shows; the answer ends it, and what was known of it is forgotten. */
  follow(topic: string, reader: TopicReader): () => void;
  /** What I am offered now. */
  offers: ReadonlySignal<readonly OfferedItem[]>;
  /** Follows a conversation; the last few that were followed stay live, so that going back costs nothing. */
  open(id: string): OpenConversation;
  /** Follows one that is shown within another, until `leave`. */
  accompany(id: string): { conversation: OpenConversation; leave(): void };
  /** Mine that the server has not confirmed. */
  pending: ReadonlySignal<readonly (PendingItem & { conversation: string })[]>;
  say(kind: Spoken["type"], conversation: string, text: string, more?: { files?: Taken | undefined; mentions?: string[] }): void;
  /** The files that are chosen for a reply or a note. */
  attachments(conversation: string, kind: Spoken["type"]): Attachments;
  retry(clientId: string): void;
  /** Whether my replies are held for a few seconds. */
  undoSend: ReadonlySignal<boolean>;
  /** Takes back a reply that is held: its files are chosen again. Answers its text, or undefined where it has gone. */
  undo(clientId: string): string | undefined;
  /** Sends what is held, of one conversation or of all. */
  sendNow(conversation?: string): void;
  /** Takes back what failed; answers its text. */
  discard(clientId: string): string;
  typing(conversation: string, on: boolean): void;
  read(conversation: string, seq: number): void;
  /** Shows it before the server has confirmed it. */
  expectPresence(presence: Presence): void;
  reconnect(): void;
  close(): void;
}
