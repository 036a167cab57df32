import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { newClientId } from "../../src/client/clientId.ts";
import { type ConnectionStatus, connect } from "../../src/client/connection.ts";
import { openOutbox } from "../../src/client/outbox.ts";
import type { SessionAnswer } from "../../src/protocol/access.ts";
import type { Author } from "../../src/protocol/conversation.ts";
import type { AgentItem, DeskAck, DeskFrame, Presence, TeamItem, ToDesk } from "../../src/protocol/desk.ts";
import type { ErrorFrame } from "../../src/protocol/visitor.ts";
import { Aids } from "../aids/aids.ts";
import { OpenConversation } from "../conversation/openConversation.ts";
import type { PendingItem } from "../conversation/timelineRows.ts";
import { Colleagues } from "../inbox/colleagues.ts";
import { Conversations } from "../inbox/conversations.ts";
import { type Counts, countConversations, placesInQueues } from "../inbox/views.ts";
import { hearNotice } from "../offers/notices.ts";
import { type OfferedItem, offersToMe } from "../offers/offersToMe.ts";
import { ticket } from "../session/session.ts";
import { Teams } from "../wallboard/wallboard.ts";
import { drawSoon } from "./drawSoon.ts";
import { Lookers } from "./lookers.ts";
import { Topics } from "./topics.ts";

type Spoken = Extract<DeskFrame, { type: "message" | "note" }>;

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
  /** Colleagues and me. */
  agents: ReadonlySignal<readonly AgentItem[]>;
  /** Every active team, with its queue; null until it is known. */
  teams: ReadonlySignal<readonly TeamItem[] | null>;
  /** Where each stands who waits: 1 is next in their team's queue. */
  places: ReadonlySignal<ReadonlyMap<string, number>>;
  /** What I am offered now. */
  offers: ReadonlySignal<readonly OfferedItem[]>;
  /** Follows a conversation; the last few that were followed stay live, so that going back costs nothing. */
  open(id: string): OpenConversation;
  /** Mine that the server has not confirmed. */
  pending: ReadonlySignal<readonly (PendingItem & { conversation: string })[]>;
  say(kind: Spoken["type"], conversation: string, text: string): void;
  retry(clientId: string): void;
  /** Takes back what failed; answers its text. */
  discard(clientId: string): string;
  typing(conversation: string, on: boolean): void;
  read(conversation: string, seq: number): void;
  /** Shows it before the server has confirmed it. */
  expectPresence(presence: Presence): void;
  reconnect(): void;
  close(): void;
}

/** A list of 10,000 arrives within a second of its snapshot. */
const listCompleteMs = 3000;
const liveConversations = 4;
const keptConversations = 60;

/** Connects the desk of this account; `close` it on sign-out. */
export function openDesk(account: SessionAnswer["account"]): DeskState {
  const presence = signal<Presence>("offline");
  const conversations = new Conversations(drawSoon(), (run) => setTimeout(run, listCompleteMs));
  const colleagues = new Colleagues(account.id);
  const lookers = new Lookers(account.id);
  let looking: string | null = null;
  const aids = new Aids();
  const teams = new Teams();
  const opened = new Map<string, OpenConversation>();
  const me: Author = { kind: "agent", name: account.name };

  const connection = connect<DeskFrame, ToDesk>(
    { openSocket: (url) => new WebSocket(url), events: window, random: Math.random },
    { url: socketAddress(), hello: async () => ({ type: "hello", ticket: await ticket() }), receive },
  );
  const topics = new Topics((frame) => connection.send(frame));
  const outbox = openOutbox<Spoken>(
    { send: (frame) => connection.send(frame), overdue: () => connection.probe(), storage: localStorage, events: window },
    `desk:${account.id}`,
  );
  const stopFollowing = effect(() => {
    if (connection.status.value === "open") {
      topics.askForAll();
      outbox.flush();
      connection.send({ type: "look", conversation: looking });
    } else outbox.suspend();
  });
  for (const topic of ["inbox", "queue:support"]) topics.watch(topic, conversations.reader(topic));
  topics.watch("agents", colleagues);
  topics.watch("lookers", lookers);
  topics.watch("aids", aids);
  topics.watch("wallboard", teams);

  function receive(frame: ToDesk): void {
    if (frame.type === "snapshot" || frame.type === "delta") topics.receive(frame);
    else if (frame.type === "welcome" || frame.type === "presence") presence.value = frame.presence;
    else if (frame.type === "ack") confirm(frame);
    else if (frame.type === "typing") opened.get(frame.conversation)?.hearTyping(frame.on, frame.author);
    else if (frame.type === "read") opened.get(frame.conversation)?.hearRead(frame.seq, frame.author);
    else if (frame.type === "notice") hearNotice(frame);
    else if (frame.type === "error") hearError(frame);
  }

  function confirm(ack: DeskAck): void {
    const text = outbox.posts.peek().find(({ clientId }) => clientId === ack.clientId)?.frame.text;
    // First the line, then the end of its waiting: it must not be gone in between.
    if (text !== undefined) opened.get(ack.conversation)?.confirm(ack, { text, author: me });
    outbox.settle(ack.clientId);
  }

  function hearError({ error, ref }: ErrorFrame): void {
    if (ref === undefined) return;
    outbox.refuse(ref, error);
    topics.refuse(ref, error.message);
  }

  function open(id: string): OpenConversation {
    const conversation = opened.get(id) ?? new OpenConversation(id, drawSoon());
    opened.delete(id);
    opened.set(id, conversation);
    topics.watch(conversation.topic, conversation);
    const older = [...opened.values()].reverse();
    for (const { topic } of older.slice(liveConversations, liveConversations + 1)) topics.unwatch(topic);
    for (const { id: oldest, topic } of older.slice(keptConversations)) {
      opened.delete(oldest);
      topics.forget(topic);
    }
    return conversation;
  }

  return {
    account,
    status: connection.status,
    connected: computed(() => connection.status.value === "open"),
    presence,
    conversations,
    counts: computed(() => {
      conversations.revision.value;
      return countConversations(conversations.all(), account.id);
    }),
    colleagues: colleagues.others,
    lookers: lookers.others,
    look: (conversation) => {
      looking = conversation;
      connection.send({ type: "look", conversation });
    },
    aids,
    agents: colleagues.all,
    teams: teams.list,
    places: computed(() => {
      conversations.revision.value;
      return placesInQueues(conversations.all());
    }),
    offers: computed(() => {
      conversations.revision.value;
      return offersToMe(conversations.all(), account.id);
    }),
    open,
    pending: computed(() =>
      outbox.posts.value.map(({ clientId, frame, at, state, error }) => ({
        clientId,
        conversation: frame.conversation,
        kind: frame.type,
        text: frame.text,
        at,
        late: state === "waiting",
        ...(state === "failed" && error !== undefined ? { error } : {}),
      })),
    ),
    say: (type, conversation, text) => outbox.add({ type, conversation, clientId: newClientId(), text }),
    retry: outbox.retry,
    discard: (clientId) => outbox.discard(clientId)?.frame.text ?? "",
    typing: (conversation, on) => connection.send({ type: "typing", conversation, on }),
    read: (conversation, seq) => connection.send({ type: "read", conversation, seq }),
    expectPresence: (expected) => {
      presence.value = expected;
    },
    reconnect: connection.probe,
    close() {
      stopFollowing();
      outbox.close();
      connection.close();
    },
  };
}

function socketAddress(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/desk`;
}
