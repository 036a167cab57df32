import { computed, effect, signal, untracked } from "@preact/signals";
import { type Attachments, openAttachments, type Taken } from "../../src/client/attachments.ts";
import { newClientId } from "../../src/client/clientId.ts";
import { connect } from "../../src/client/connection.ts";
import { openOutbox } from "../../src/client/outbox.ts";
import type { SessionAnswer } from "../../src/protocol/access.ts";
import type { FileBlock } from "../../src/protocol/blocks.ts";
import type { Author } from "../../src/protocol/conversation.ts";
import type { DeskAck, DeskFrame, Presence, ToDesk } from "../../src/protocol/desk.ts";
import type { ErrorFrame } from "../../src/protocol/visitor.ts";
import { Aids } from "../aids/aids.ts";
import { beforeCommands } from "../commands/run.ts";
import { findDrafts } from "../conversation/drafts.ts";
import { OpenConversation } from "../conversation/openConversation.ts";
import { Colleagues } from "../inbox/colleagues.ts";
import { Conversations } from "../inbox/conversations.ts";
import { countConversations, placesInQueues } from "../inbox/views.ts";
import { Mentions } from "../mentions/mentions.ts";
import { Notices } from "../notices/notices.ts";
import { hearNotice } from "../offers/notices.ts";
import { offersToMe } from "../offers/offersToMe.ts";
import { Runs } from "../runs/runs.ts";
import { ticket } from "../session/session.ts";
import { Teams } from "../wallboard/wallboard.ts";
import type { DeskState } from "./deskState.ts";
import { drawSoon } from "./drawSoon.ts";
import { filesAddress } from "./filesAddress.ts";
import { holdMs, isHeld, mayGo, openHeldReplies } from "./heldReplies.ts";
import { Lookers } from "./lookers.ts";
import { blocksOf, filesLost, type Saying, type Spoken, textOf } from "./saying.ts";
import { Topics } from "./topics.ts";

/** A list of 10,000 arrives within a second of its snapshot. */
const listCompleteMs = 3000;
const liveConversations = 4;
const keptConversations = 60;

/** Connects the desk of this account; `close` it on sign-out. */
export function openDesk(account: SessionAnswer["account"]): DeskState {
  findDrafts(localStorage, account.id);
  const presence = signal<Presence>("offline");
  const conversations = new Conversations(drawSoon(), (run) => setTimeout(run, listCompleteMs));
  const colleagues = new Colleagues(account.id);
  const lookers = new Lookers(account.id);
  let looking: string | null = null;
  const aids = new Aids();
  const notices = new Notices();
  const runs = new Runs();
  const mentions = new Mentions();
  const teams = new Teams();
  const opened = new Map<string, OpenConversation>();
  const accompanied = new Set<string>();
  const me: Author = { kind: "agent", name: account.name };

  const connection = connect<DeskFrame, ToDesk>(
    { openSocket: (url) => new WebSocket(url), events: window, random: Math.random },
    { url: socketAddress(), hello: async () => ({ type: "hello", version: 1, ticket: await ticket() }), receive },
  );
  const topics = new Topics((frame) => connection.send(frame));
  const outbox = openOutbox<Saying>(
    {
      send: ({ attached: _, awaits, heldUntil, ...frame }) => awaits === undefined && mayGo({ heldUntil }) && connection.send(frame),
      overdue: () => connection.probe(),
      storage: localStorage,
      events: window,
      lost: ({ awaits }) => (awaits === undefined ? undefined : filesLost),
    },
    `desk:${account.id}`,
  );
  const held = openHeldReplies(outbox);
  // Who leaves has decided: what the socket doesn't take any more goes with the next page.
  const sendHeld = () => held.release();
  addEventListener("pagehide", sendHeld);
  beforeCommands.settle = held.settled;
  const undoSend = signal(false);
  const trays = new Map<string, Attachments>();
  /** The files of this page's replies that can still be taken back: they go back into their tray. */
  const heldFiles = new Map<string, Taken>();
  const stopFollowing = effect(() => {
    const begin = connection.status.value === "open" ? goOn : outbox.suspend;
    // Only the connection is followed, not what is read of the outbox on the way: each reply would ask for every topic again.
    untracked(begin);
  });
  function goOn(): void {
    topics.askForAll();
    outbox.flush();
    connection.send({ type: "look", conversation: looking });
    for (const tray of trays.values()) tray.resume();
  }
  for (const topic of ["inbox", "queue:support"]) topics.watch(topic, conversations.reader(topic));
  topics.watch("agents", colleagues);
  topics.watch("lookers", lookers);
  topics.watch("aids", aids);
  topics.watch("notices", notices);
  topics.watch("runs", runs);
  topics.watch("mentions", mentions);
  topics.watch("wallboard", teams);

  function receive(frame: ToDesk): void {
    if (frame.type === "snapshot" || frame.type === "delta") topics.receive(frame);
    if (frame.type === "welcome") undoSend.value = frame.undoSend;
    if (frame.type === "undoSend") undoSend.value = frame.on;
    if (frame.type === "welcome" || frame.type === "presence") presence.value = frame.presence;
    else if (frame.type === "ack") confirm(frame);
    else if (frame.type === "typing") opened.get(frame.conversation)?.hearTyping(frame.on, frame.author);
    else if (frame.type === "read") opened.get(frame.conversation)?.hearRead(frame.seq, frame.author);
    else if (frame.type === "delivered") opened.get(frame.conversation)?.hearDelivered(frame.seq);
    else if (frame.type === "notice") hearNotice(frame, conversations.get(frame.conversation));
    else if (frame.type === "error") hearError(frame);
  }

  function confirm(ack: DeskAck): void {
    const said = outbox.posts.peek().find(({ clientId }) => clientId === ack.clientId)?.frame;
    // First the line, then the end of its waiting: it must not be gone in between.
    if (said !== undefined) opened.get(ack.conversation)?.confirm(ack, { text: textOf(said), blocks: blocksOf(said), author: me });
    outbox.settle(ack.clientId);
    heldFiles.delete(ack.clientId);
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
    const older = [...opened.values()].filter((each) => !accompanied.has(each.id)).reverse();
    for (const each of older.slice(liveConversations, liveConversations + 1)) unfollow(each);
    for (const { id: oldest, topic } of older.slice(keptConversations)) {
      opened.delete(oldest);
      topics.forget(topic);
    }
    return conversation;
  }

  function accompany(id: string): { conversation: OpenConversation; leave(): void } {
    const conversation = opened.get(id) ?? new OpenConversation(id, drawSoon());
    opened.set(id, conversation);
    accompanied.add(id);
    topics.watch(conversation.topic, conversation);
    return {
      conversation,
      leave: () => {
        accompanied.delete(id);
        unfollow(conversation);
      },
    };
  }

  function unfollow(conversation: OpenConversation): void {
    topics.unwatch(conversation.topic);
    // A delta would not tell again what was forgotten; a snapshot does.
    if (conversation.left()) topics.forget(conversation.topic);
  }

  function say(...[type, conversation, text, { files: taken, mentions = [] } = {}]: Parameters<DeskState["say"]>): void {
    const clientId = newClientId();
    const said = { conversation, clientId, text };
    const frame: Spoken = type === "message" ? { type, ...said } : { type, ...said, ...(mentions.length === 0 ? {} : { mentions }) };
    const complete = (blocks: FileBlock[]): Saying => ({ ...frame, files: blocks.map(({ id }) => id), attached: blocks });
    // What was written before goes before.
    if (type === "message") held.release(conversation);
    const hold = type === "message" && undoSend.peek() ? { heldUntil: Date.now() + holdMs } : {};
    if (taken !== undefined && "heldUntil" in hold) heldFiles.set(clientId, taken);
    if (taken === undefined) outbox.add({ ...frame, ...hold });
    else if (taken.blocks !== undefined) outbox.add({ ...complete(taken.blocks), ...hold });
    else {
      outbox.add({ ...frame, attached: taken.files, awaits: true, ...hold });
      taken.uploaded.then(
        (blocks) => outbox.retry(clientId, { ...complete(blocks), ...stillHeld(clientId) }),
        (error) => outbox.refuse(clientId, error),
      );
    }
  }

  function stillHeld(clientId: string): Pick<Saying, "heldUntil"> {
    const { heldUntil } = outbox.posts.peek().find((post) => post.clientId === clientId)?.frame ?? {};
    return heldUntil === undefined ? {} : { heldUntil };
  }

  /** One whose files another page has, or this one before it was loaded again, can't be put back together. */
  function canBeTakenBack(frame: Saying): boolean {
    return isHeld(frame) && (frame.attached === undefined || heldFiles.has(frame.clientId));
  }

  function undo(clientId: string): string | undefined {
    const frame = outbox.posts.peek().find((post) => post.clientId === clientId)?.frame;
    if (frame === undefined || !canBeTakenBack(frame)) return undefined;
    const text = held.undo(clientId);
    if (text !== undefined) heldFiles.get(clientId)?.giveBack();
    heldFiles.delete(clientId);
    return text;
  }

  function attachments(conversation: string, kind: Spoken["type"]): Attachments {
    const key = `${conversation} ${kind}`;
    const tray = trays.get(key) ?? openAttachments(filesAddress);
    trays.set(key, tray);
    return tray;
  }

  /** What isn't uploaded is lost with the page: the browser asks. */
  function askBeforeLeaving(event: Event): void {
    if ([...trays.values()].some((tray) => tray.busy())) event.preventDefault();
  }
  addEventListener("beforeunload", askBeforeLeaving);

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
    notices,
    runs,
    mentions,
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
    accompany,
    follow: (topic, reader) => {
      topics.watch(topic, reader);
      return () => {
        topics.unwatch(topic);
        topics.forget(topic);
      };
    },
    pending: computed(() =>
      outbox.posts.value.map(({ clientId, frame, at, state, error }) => ({
        clientId,
        conversation: frame.conversation,
        kind: frame.type,
        text: textOf(frame),
        blocks: blocksOf(frame),
        awaits: frame.awaits === true,
        held: canBeTakenBack(frame),
        at,
        late: state === "waiting",
        ...(state === "failed" && error !== undefined ? { error } : {}),
      })),
    ),
    say,
    attachments,
    retry: outbox.retry,
    undoSend,
    undo,
    sendNow: held.release,
    discard: (clientId) => outbox.discard(clientId)?.frame.text ?? "",
    typing: (conversation, on) => connection.send({ type: "typing", conversation, on }),
    read: (conversation, seq) => connection.send({ type: "read", conversation, seq }),
    expectPresence: (expected) => {
      presence.value = expected;
    },
    reconnect: connection.probe,
    close() {
      removeEventListener("beforeunload", askBeforeLeaving);
      stopFollowing();
      removeEventListener("pagehide", sendHeld);
      beforeCommands.settle = async () => {};
      held.release();
      held.close();
      outbox.close();
      connection.close();
    },
  };
}

function socketAddress(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/desk`;
}
