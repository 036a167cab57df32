import { type ReadonlySignal, signal } from "@preact/signals";
import { emptyTimeline, hasGap, hearOf, lastSeq, place, type Timeline } from "../../src/client/timeline.ts";
import type { Author, ConversationState, Message } from "../../src/protocol/conversation.ts";
import type { VisitorWelcome } from "../../src/protocol/visitor.ts";
import type { Remembered } from "./remembered.ts";

/** What this page knows of the conversation, from what the server said. */
export interface TalkRecord {
  /** Undefined until the first welcome. */
  state: ReadonlySignal<ConversationState | undefined>;
  greeting: ReadonlySignal<VisitorWelcome["greeting"]>;
  /** What is asked before the first message was filled in. */
  answered: ReadonlySignal<boolean>;
  timeline: ReadonlySignal<Timeline<Message>>;
  /** True once the history is there. */
  known: ReadonlySignal<boolean>;
  /** Up to which `seq` a person has read. */
  readByThem: ReadonlySignal<number>;
  /** Up to which `seq` a desk was shown what was said. */
  shownToThem: ReadonlySignal<number>;
  /** Up to which `seq` the visitor has read, in any tab. */
  readByMe: ReadonlySignal<number>;
  welcomed(welcome: VisitorWelcome): void;
  stateChanged(state: ConversationState): void;
  said(message: Message): void;
  /** A message of this `seq` exists, its text isn't known. */
  existing(seq: number): void;
  read(author: Author, seq: number): void;
  delivered(seq: number): void;
  /** Another tab may have read more. */
  readElsewhere(): void;
  /** The visitor saw all that is shown. Answers the `seq`, where it is news. */
  sawAll(): number | undefined;
  /** It was another conversation. */
  forget(): void;
}

export function startTalkRecord(remembered: Pick<Remembered, "readSeq" | "setReadSeq">): TalkRecord {
  const state = signal<ConversationState>();
  const greeting = signal<VisitorWelcome["greeting"]>();
  const timeline = signal<Timeline<Message>>(emptyTimeline());
  const answered = signal(false);
  const known = signal(false);
  const readByThem = signal(0);
  const shownToThem = signal(0);
  const readByMe = signal(0);
  let conversation = "";

  function welcomed(welcome: VisitorWelcome): void {
    if (welcome.resync === true || (conversation !== "" && conversation !== welcome.conversation)) forget();
    conversation = welcome.conversation;
    readByMe.value = Math.min(remembered.readSeq(conversation), welcome.seq);
    state.value = welcome.state;
    greeting.value = welcome.greeting;
    answered.value = welcome.answered === true;
    existing(welcome.seq);
  }

  function said(message: Message): void {
    change(place(timeline.value, message));
  }

  function existing(seq: number): void {
    change(hearOf(timeline.value, seq));
  }

  function change(next: Timeline<Message>): void {
    timeline.value = next;
    known.value = known.value || !hasGap(next);
  }

  function forget(): void {
    conversation = "";
    timeline.value = emptyTimeline();
    known.value = false;
    readByThem.value = shownToThem.value = 0;
  }

  return {
    state,
    greeting,
    answered,
    timeline,
    known,
    readByThem,
    shownToThem,
    readByMe,
    welcomed,
    stateChanged(next) {
      state.value = next;
    },
    said,
    existing,
    read(author, seq) {
      const mark = author.kind === "visitor" ? readByMe : author.kind === "agent" ? readByThem : undefined;
      if (mark !== undefined) mark.value = Math.max(mark.value, seq);
    },
    delivered(seq) {
      shownToThem.value = seq;
    },
    readElsewhere() {
      if (conversation !== "") readByMe.value = Math.max(readByMe.value, remembered.readSeq(conversation));
    },
    sawAll() {
      const seq = lastSeq(timeline.peek());
      if (conversation === "" || seq <= readByMe.peek()) return undefined;
      readByMe.value = seq;
      remembered.setReadSeq(conversation, seq);
      return seq;
    },
    forget,
  };
}
