import type { ReadonlySignal } from "@preact/signals";
import type { ConnectionStatus } from "../../src/client/connection.ts";
import type { Outbox, Post } from "../../src/client/outbox.ts";
import type { Button, FileBlock } from "../../src/protocol/blocks.ts";
import type { Author, Message } from "../../src/protocol/conversation.ts";
import type { FormValues } from "../../src/protocol/forms.ts";
import type { ToVisitor, VisitorFrame, VisitorHello } from "../../src/protocol/visitor.ts";
import type { TalkRecord } from "./talkRecord.ts";

/** Something that the visitor said: the frame that says it, and the words in which it is shown. */
export interface Saying {
  clientId: string;
  text: string;
  frame: VisitorFrame;
  /** Its files, once they are uploaded. */
  blocks?: FileBlock[];
  /** Its files are not uploaded yet. */
  awaits?: true;
}

/** One conversation of one visitor, as this page knows it. */
export interface Talk extends Pick<TalkRecord, "state" | "greeting" | "known" | "readByThem" | "shownToThem" | "answered"> {
  status: ReadonlySignal<ConnectionStatus>;
  messages: ReadonlySignal<readonly Message[]>;
  /** Own ones that are not acknowledged. */
  pending: ReadonlySignal<readonly Post<Saying>[]>;
  /** Who types at the moment, of the others. */
  typing: ReadonlySignal<Author | undefined>;
  /** What others said and this visitor has not seen, in any tab. */
  unread: ReadonlySignal<number>;
  /** An error that belongs to no message; the next welcome or message clears it. */
  trouble: ReadonlySignal<string | undefined>;
  /** The last answer to a frame that is no message; errors too. */
  replies: ReadonlySignal<ToVisitor | undefined>;
  /** Sends a frame that is no message: false where there is no connection. */
  send(frame: VisitorFrame): boolean;
  /** Greets again, with more. `anew` begins another conversation. */
  greet(more: Partial<VisitorHello>): void;
  say(text: string): void;
  /** Says what was put together elsewhere. */
  post(saying: Saying): void;
  /** Where what awaits its files is completed, or refused when they won't come. */
  outbox: Pick<Outbox<Saying>, "retry" | "refuse">;
  /** `seq` of the message that offered the button, 0 for the greeting and the header. The same again waits for an answer. */
  press(seq: number, button: Button): void;
  /** Answers the form that the message of this `seq` offered; `text` is how it is shown until the server has spelled it out. */
  submit(seq: number, action: string, values: FormValues, text: string): void;
  retry(clientId: string): void;
  /** Takes back what was not sent, into the box. */
  edit(clientId: string): void;
  discard(clientId: string): void;
  /** What stands in the box. */
  draft: ReadonlySignal<string>;
  setDraft(text: string): void;
  /** Where the answer may go while nobody is there: the next state, or the trouble, tells how it went. */
  leaveMail(email: string): void;
  /** Everything that is shown was seen. */
  sawAll(): void;
  tryNow(): void;
  close(): void;
}

/** It waits for what is asked before the first message. */
export function lacksAnswers({ error }: Post<Saying>): boolean | undefined {
  return error?.path?.startsWith("prechat");
}
