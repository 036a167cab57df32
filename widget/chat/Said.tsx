import { Check, CheckCheck, CircleAlert, Clock } from "lucide-preact";
import type { Post } from "../../src/client/outbox.ts";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { Block, Button } from "../../src/protocol/blocks.ts";
import type { Author, Message } from "../../src/protocol/conversation.ts";
import { errorText, language, texts } from "../texts/texts.ts";
import { attaching } from "./attaching.ts";
import { Blocks, type SubmitForm } from "./Blocks.tsx";
import type { Group } from "./grouping.ts";
import { Linked } from "./Linked.tsx";
import { lacksAnswers, type Saying, type Talk } from "./talk.ts";

const icon = { size: 13, strokeWidth: 2, "aria-hidden": true } as const;

interface GroupProps {
  group: Group;
  now: number;
  /** How far the visitor's newest message has come, and its `seq`: it carries the mark. */
  mark: "sent" | "delivered" | "read";
  lastOwn: number;
  offered(message: Message): boolean;
  press(seq: number, button: Button): void;
  /** Undefined where the message's form was answered, or there is none. */
  submit(message: Message): SubmitForm | undefined;
}

export function GroupSaid({ group, now, mark, lastOwn, offered, press, submit }: GroupProps) {
  const [first] = group.messages;
  const last = group.messages.at(-1) ?? first;
  const offering = (message: Message) => ({ press: offered(message) ? press : undefined, submit: submit(message) });
  if (first.author.kind === "system") return <SystemSaid message={first} now={now} {...offering(first)} />;
  const own = first.author.kind === "visitor";
  return (
    <div class={`said ${first.author.kind}`}>
      {group.messages.map((message) => (
        <Bubble key={message.seq} message={message} {...offering(message)} />
      ))}
      <p class="stamp">
        {!own && <span dir="auto">{[nameOf(first.author), first.command].filter(Boolean).join(" · ")}</span>}
        {!own && " · "}
        <time dir="auto" dateTime={last.at} title={exactTime(last.at, language)}>
          {relativeTime(last.at, now, language)}
        </time>{" "}
        {own && group.messages.some(({ seq }) => seq === lastOwn) && <SentMark mark={mark} />}
      </p>
    </div>
  );
}

function SentMark({ mark }: Pick<GroupProps, "mark">) {
  return (
    <span class={`mark ${mark}`}>
      {mark === "sent" ? <Check {...icon} /> : <CheckCheck {...icon} />} {texts[mark]}
    </span>
  );
}

interface SaidProps {
  message: Message;
  press: GroupProps["press"] | undefined;
  submit: ReturnType<GroupProps["submit"]>;
}

/** There is one assistant, which is called so in each language. */
function nameOf({ kind, name }: Author): string {
  return kind === "bot" || name === "" ? texts.assistant : name;
}

function plain(text: string, blocks: readonly Block[] | undefined): string {
  return attaching.value?.plain(text, blocks) ?? text;
}

function Bubble({ message: { seq, author, text: whole, blocks, changedAt, deleted, reactions = [] }, press, submit }: SaidProps) {
  const text = deleted === undefined ? plain(whole, blocks) : texts.deleted;
  return (
    <>
      {/* Who says it, for who can't see the sides. */}
      <span class="unseen">{author.kind === "visitor" ? texts.you : nameOf(author)}: </span>
      {text !== "" && (
        <div class={`bubble ${deleted === undefined ? "" : "gone"}`}>
          <Linked text={text} marks={author.kind !== "visitor"} />
        </div>
      )}
      {changedAt !== undefined && <p class="stamp">{texts.edited}</p>}
      {reactions.length > 0 && (
        <p class="stamp">
          {reactions.map(({ emoji, names }) => (
            <span key={emoji} title={names.join(", ")}>
              {emoji} {names.join(", ")}{" "}
            </span>
          ))}
        </p>
      )}
      {blocks !== undefined && <Blocks blocks={blocks} press={press && ((button) => press(seq, button))} submit={submit} />}
    </>
  );
}

function SystemSaid({ message, now, press, submit }: SaidProps & { now: number }) {
  return (
    <div class="event">
      <p title={exactTime(message.at, language)} dir="auto">
        <Linked text={message.text} marks /> <span dir="auto">· {relativeTime(message.at, now, language)}</span>
      </p>
      {message.blocks !== undefined && (
        <Blocks blocks={message.blocks} press={press && ((button) => press(message.seq, button))} submit={submit} />
      )}
    </div>
  );
}

/** Where the inbox offers nothing of its own. The server knows both in every inbox. */
const firstSteps = (): Block[] => [
  {
    type: "buttons",
    buttons: [
      { action: "command", label: texts.whatCanIAsk, value: "help" },
      { action: "person", label: texts.askForPerson },
    ],
  },
];

export function GreetingSaid({ talk }: { talk: Talk }) {
  const greeting = talk.greeting.value;
  if (greeting === undefined) return null;
  const untouched = talk.messages.value.length === 0 && talk.pending.value.length === 0;
  return (
    <div class="said bot">
      <div class="bubble">
        <Linked text={greeting.text} marks />
      </div>
      <Blocks blocks={greeting.blocks ?? firstSteps()} press={untouched ? (button) => talk.press(0, button) : undefined} />
      <p class="stamp">{texts.assistant}</p>
    </div>
  );
}

/** An own message that the server has not confirmed: on its way, waiting, or refused with the reason. */
export function PendingSaid({ post, talk }: { post: Post<Saying>; talk: Talk }) {
  const { clientId, frame, state, error } = post;
  const editable = frame.frame.type === "message";
  const text = plain(frame.text, frame.blocks);
  return (
    <div class={`said visitor ${state}`}>
      {text !== "" && (
        <div class="bubble">
          <Linked text={text} />
        </div>
      )}
      {frame.blocks !== undefined && <Blocks blocks={frame.blocks} press={undefined} />}
      {/* The form below says what is missing; it is sent with its answers. */}
      {lacksAnswers(post) ? null : state === "failed" ? (
        <p class="stamp bad" role="alert">
          <CircleAlert {...icon} /> {texts.notSent} {error && errorText(error)}{" "}
          {frame.awaits === undefined && (
            <button type="button" class="link" onClick={() => talk.retry(clientId)}>
              {texts.tryAgain}
            </button>
          )}
          <button type="button" class="link" onClick={() => (editable ? talk.edit : talk.discard)(clientId)}>
            {editable ? texts.edit : texts.remove}
          </button>
        </p>
      ) : (
        <p class={`stamp ${state === "waiting" ? "warn" : ""}`}>
          <Clock {...icon} />{" "}
          {pendingText(
            frame.awaits && talk.status.value === "open" ? "sending" : state,
            error && errorText(error),
            talk.status.value === "open",
          )}
        </p>
      )}
    </div>
  );
}

function pendingText(state: Post<Saying>["state"], reason: string | undefined, connected: boolean): string {
  if (state === "sending") return texts.sending;
  if (reason !== undefined) return `${reason} ${texts.goesByItself}`;
  return connected ? texts.unconfirmed : texts.waiting;
}

export function TypingDots({ author }: { author: Author | undefined }) {
  if (author === undefined) return null;
  return (
    <div class={`said ${author.kind}`}>
      <div class="bubble dots">
        <span class="unseen">{texts.typing(nameOf(author))}</span>
        <i />
        <i />
        <i />
      </div>
    </div>
  );
}

/** Where nothing is known yet. */
export function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      <div />
      <div />
    </div>
  );
}
