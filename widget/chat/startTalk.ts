import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { newClientId } from "../../src/client/clientId.ts";
import { connect, type Outside } from "../../src/client/connection.ts";
import { openOutbox } from "../../src/client/outbox.ts";
import { hasGap, lastSeq, shown } from "../../src/client/timeline.ts";
import type { Block, Button } from "../../src/protocol/blocks.ts";
import type { Message } from "../../src/protocol/conversation.ts";
import type { FormValues } from "../../src/protocol/forms.ts";
import type { Ack, ErrorFrame, ToVisitor, VisitorFrame, VisitorHello, VisitorWelcome } from "../../src/protocol/visitor.ts";
import { tokenKey } from "../embedding.ts";
import { errorText, texts } from "../texts/texts.ts";
import { gather } from "./gather.ts";
import type { Remembered } from "./remembered.ts";
import type { Saying, Talk } from "./talk.ts";
import { startTalkRecord } from "./talkRecord.ts";
import { showTyping, tellTyping } from "./typing.ts";

type MessageFrame = Extract<ToVisitor, { type: "message" }>;

const missingAfterMs = 1_000;

export function startTalk(
  {
    outside,
    storage,
    remembered,
    page,
  }: { outside: Outside; storage: Storage; remembered: Remembered; page: { locale: string; languages: string[]; address: string } },
  { socketUrl, inbox, identity: given }: { socketUrl: string; inbox: string; identity?: string },
): Talk {
  const record = startTalkRecord(remembered);
  const trouble = signal<string>();
  const replies = signal<ToVisitor>();
  const draft = signal(remembered.draft());
  let token = remembered.token();
  /** Until the server refuses it: then the chat goes on without, and the token is still good. */
  let identity = given;
  let identityRefused = false;
  /** Goes with every hello until one is welcomed. */
  let next: Partial<VisitorHello> = {};
  const asked = new Set<string>();
  /** The button that was pressed last, until something answers it: a second click is the same wish. */
  let spent: string | undefined;

  const connection = connect<VisitorFrame, ToVisitor>(outside, { url: socketUrl, hello, receive, refused: beginAnew });
  const outbox = openOutbox<Saying>(
    {
      send: ({ frame, awaits }) => !awaits && connection.send(frame),
      overdue: connection.probe,
      storage,
      events: outside.events,
      lost: ({ awaits }) => (awaits ? { code: "invalid_value", message: texts.filesLost } : undefined),
    },
    inbox,
  );
  const theirTyping = showTyping();
  const ownTyping = tellTyping((on) => connection.send({ type: "typing", on }));
  const view = computed(() => shown(record.timeline.value, outbox.posts.value));
  const unread = computed(() => view.value.messages.filter(isNews).length);

  function isNews({ seq, author, deleted }: Message): boolean {
    return seq > record.readByMe.value && deleted === undefined && (author.kind === "bot" || author.kind === "agent");
  }

  function hello(): VisitorHello {
    token = remembered.token();
    return {
      type: "hello",
      version: 1,
      inbox,
      after: lastSeq(record.timeline.peek()),
      afterAt: record.timeline.peek().messages.at(-1)?.at,
      locale: page.locale,
      languages: page.languages,
      page: page.address,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(token === null ? {} : { token }),
      ...(identity === undefined ? {} : { identity }),
      ...next,
    };
  }

  function send(frame: VisitorFrame): boolean {
    if ("clientId" in frame) asked.add(frame.clientId);
    return connection.send(frame);
  }

  function greet(more: Partial<VisitorHello>): void {
    if (more.locale !== undefined) Object.assign(page, { locale: more.locale, languages: [more.locale, ...page.languages] });
    next = more;
    if (more.anew) turnToKept();
    else connection.send(hello());
  }

  // A history of thousands comes message by message: drawn one by one, it would block the page for a minute.
  const gathered = gather((frames: MessageFrame[]) => batch(() => frames.forEach(heard)));

  function receive(frame: ToVisitor): void {
    if (frame.type === "message") gathered.add(frame);
    else gathered.flush();
    batch(() => {
      switch (frame.type) {
        case "welcome":
          return welcomed(frame);
        case "ack":
          return acknowledged(frame);
        case "state": {
          const { type: _, ...next } = frame;
          return record.stateChanged(next);
        }
        case "typing":
          return theirTyping.show(frame.author, frame.on);
        case "read":
          return record.read(frame.author, frame.seq);
        case "delivered":
          return record.delivered(frame.seq);
        case "error":
          return refused(frame);
        default:
          replies.value = frame;
      }
    });
  }

  function welcomed(welcome: VisitorWelcome): void {
    // Two tabs that greet at once for the first time: the one whose token is kept first goes on.
    const kept = remembered.token();
    if (kept !== null && kept !== token && kept !== welcome.token) {
      turnToKept();
      return;
    }
    if (kept !== welcome.token) remembered.setToken(welcome.token);
    token = welcome.token;
    spent = undefined;
    next = {};
    record.welcomed(welcome);
    trouble.value = undefined;
  }

  function turnToKept(): void {
    record.forget();
    connection.restart();
  }

  /** 4401: what is unsent is kept and goes into the new conversation. */
  function beginAnew(): void {
    if (identityRefused) {
      identityRefused = false;
      return;
    }
    if (remembered.token() === token) remembered.setToken(null);
    record.forget();
  }

  function heard({ type: _, ...message }: MessageFrame): void {
    record.said(message);
    if (message.author.kind !== "visitor") spent = undefined;
    theirTyping.spoke(message.author);
    if (message.clientId !== undefined) outbox.settle(message.clientId);
  }

  function acknowledged({ clientId, seq, at }: Ack): void {
    const post = outbox.settle(clientId);
    if (post !== undefined) record.said({ seq, clientId, at, ...saidBy(post.frame), author: { kind: "visitor", name: "" } });
    else record.existing(seq); // another tab's: its text comes as a message, or is asked for
  }

  function refused({ error, ref }: ErrorFrame): void {
    // What waits for the form's answers will be sent: its button stays spent.
    if (!error.path?.startsWith("prechat")) spent = undefined;
    if (error.path === "identity") {
      identity = undefined;
      identityRefused = true;
      console.error(`Switchboard: ${error.message}`);
    } else if (ref !== undefined && outbox.posts.value.some(({ clientId }) => clientId === ref)) outbox.refuse(ref, error);
    else if ((ref !== undefined && asked.has(ref)) || error.path?.startsWith("prechat") || error.path === "team")
      replies.value = { type: "error", error, ...(ref === undefined ? {} : { ref }) };
    // A token that is refused is no trouble: the next hello goes without.
    else if (error.code !== "unauthenticated" || token === null) trouble.value = errorText(error);
  }

  function say(text: string): void {
    const clientId = newClientId();
    post({ clientId, text, frame: { type: "message", clientId, text } });
  }

  function press(seq: number, { action, label, value }: Button): void {
    const pressed = action + value;
    if (spent === pressed) return;
    const clientId = newClientId();
    // The greeting is not stored: the server can't look up what it offered, so its button says its line.
    if (seq === 0 && action !== "person" && action !== "leave") say(value ?? label);
    else post({ clientId, text: label, frame: { type: "action", clientId, seq, action, ...(value === undefined ? {} : { value }) } });
    spent = pressed;
  }

  function submit(seq: number, action: string, values: FormValues, text: string): void {
    const clientId = newClientId();
    post({ clientId, text, frame: { type: "action", clientId, seq, action, value: JSON.stringify(values) } });
  }

  function post(saying: Saying): void {
    trouble.value = undefined;
    outbox.add(saying);
    if (connection.status.value !== "open") connection.probe();
    ownTyping.changed(true);
  }

  function setDraft(text: string): void {
    draft.value = text;
    remembered.setDraft(text);
    ownTyping.changed(text === "");
  }

  function sawAll(): void {
    const seq = record.sawAll();
    if (seq !== undefined) connection.send({ type: "read", seq });
  }

  // What another tab learned: a new token means another conversation, a new mark means that it was seen there.
  function onStorage(event: Event): void {
    if (!("key" in event)) return;
    const kept = remembered.token();
    if (event.key === tokenKey(inbox) && kept !== null && kept !== token && connection.status.value === "open") turnToKept();
    record.readElsewhere();
  }

  outside.events.addEventListener("storage", onStorage);
  let missing: ReturnType<typeof setTimeout> | undefined;
  const endings = [
    effect(() => {
      const react = connection.status.value === "open" ? outbox.flush : outbox.suspend;
      untracked(react);
    }),
    effect(() => {
      clearTimeout(missing);
      if (hasGap(record.timeline.value) && connection.status.value === "open") missing = setTimeout(askMissing, missingAfterMs);
    }),
  ];

  /** Frames may overtake each other for a moment; what is missing for longer is asked for, until it is there. */
  function askMissing(): void {
    connection.send(hello());
    missing = setTimeout(askMissing, 5 * missingAfterMs);
  }

  return {
    status: connection.status,
    state: record.state,
    greeting: record.greeting,
    known: record.known,
    readByThem: record.readByThem,
    shownToThem: record.shownToThem,
    answered: record.answered,
    replies,
    send,
    greet,
    messages: computed(() => view.value.messages),
    pending: computed(() => view.value.pending),
    typing: theirTyping.who,
    unread,
    trouble,
    say,
    post,
    outbox,
    press,
    submit,
    retry: outbox.retry,
    edit(clientId) {
      const { frame } = outbox.discard(clientId)?.frame ?? {};
      const taken = frame?.type === "message" ? frame.text : "";
      setDraft(draft.value === "" ? taken : `${taken}\n${draft.value}`);
    },
    discard: outbox.discard,
    draft,
    setDraft,
    leaveMail(email) {
      trouble.value = undefined;
      connection.send({ type: "contact", clientId: newClientId(), email });
    },
    sawAll,
    tryNow: connection.probe,
    close() {
      connection.close();
      outbox.close();
      outside.events.removeEventListener("storage", onStorage);
      for (const end of endings) end();
      clearTimeout(missing);
      gathered.flush();
      theirTyping.close();
      ownTyping.close();
    },
  };
}

/** An own message as the server tells it to others: with what it answers. */
function saidBy({ text, frame, blocks }: Saying): { text: string; blocks?: Block[] } {
  if (blocks !== undefined) return { text, blocks };
  return frame.type === "action" ? { text, blocks: [{ type: "action", action: frame.action, of: frame.seq }] } : { text };
}
