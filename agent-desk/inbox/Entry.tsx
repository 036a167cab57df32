import { AlarmClock, Bot, Check, CircleDashed, Clock, Eye, Headset, PenLine } from "lucide-preact";
import { Fragment } from "preact";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { ConversationItem } from "../../src/protocol/desk.ts";
import { draftedIn } from "../conversation/drafts.ts";
import { namesOf } from "../live/lookers.ts";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { addressOf, route } from "../shell/route.ts";
import styles from "./List.module.css";
import { ServiceChip } from "./ServiceChip.tsx";
import { waitsForAgent } from "./views.ts";
import { untilWhen, waited, waitedInWords, waitTone } from "./waiting.ts";

/** A conversation in the list. `gone` says why it no longer belongs to this view but keeps its place. */
export function Entry({ item, me, gone, place }: { item: ConversationItem; me: string; gone: boolean; place?: number | undefined }) {
  const { view, saved, conversation } = route.value;
  const here = useDesk().lookers.value.get(item.id) ?? [];
  // Nobody has to read what the bot answers; there the mark would never go out.
  const unread = item.controller === "bot" || !item.open ? 0 : item.unread;
  const look = [styles.entry, unread > 0 && styles.unread, gone && styles.gone].filter(Boolean).join(" ");
  return (
    <a
      class={look}
      href={addressOf({ view, saved, conversation: item.id, person: false })}
      aria-current={conversation === item.id ? "true" : undefined}
      data-entry={item.id}
    >
      <div class={styles.line}>
        <span class={styles.name} dir="auto">
          {item.contact.name}
        </span>
        {here.length > 0 && (
          <span class={styles.here} title={`${namesOf(here)} ${here.some(({ writing }) => writing) ? "writes here" : "looks at it"}`}>
            {here.some(({ writing }) => writing) ? <PenLine aria-hidden="true" /> : <Eye aria-hidden="true" />}
            <span class={parts.hidden}>{namesOf(here)} is here</span>
          </span>
        )}
        {gone ? <Chip>{whyGone(item, me)}</Chip> : <Age item={item} me={me} />}
      </div>
      <div class={styles.last}>
        <Preview speaker={speaker(item, me)} text={item.lastText || "Nothing was said yet"} />
        {unread > 0 && (
          <span class={styles.badge}>
            {unread > 99 ? "99+" : unread}
            <span class={parts.hidden}> unread</span>
          </span>
        )}
      </div>
      <div class={styles.foot}>
        <span>
          {item.priority !== 3 && <b class={item.priority === 1 ? styles.urgent : undefined}>{priorityNames[item.priority]} · </b>}
          {draftedIn.value.has(item.id) && (
            <b class={styles.draft} title="You have begun to write here, and not sent it">
              Draft ·{" "}
            </b>
          )}
          <bdi>{item.inbox.name}</bdi> · <bdi>{item.team}</bdi>
          <TagNames tags={item.tags} />
        </span>
        <Answering item={item} me={me} place={place} />
      </div>
    </a>
  );
}

/** A text runs in its own direction; behind who said it, in the line's. */
function Preview({ speaker: before, text }: { speaker: string; text: string }) {
  if (before === "") return <span dir="auto">{text}</span>;
  return (
    <span>
      {before}
      <bdi>{text}</bdi>
    </span>
  );
}

/** The tags by their names; those that were deleted have none. */
function TagNames({ tags }: { tags: readonly string[] }) {
  const { aids } = useDesk();
  if (tags.length === 0) return null;
  const names = aids.tags.value.filter(({ id }) => tags.includes(id)).map(({ name }) => name);
  return names.map((name) => (
    <Fragment key={name}>
      {" · "}
      <bdi>{name}</bdi>
    </Fragment>
  ));
}

/** Counts up while somebody waits for a person; else tells when something was said last. */
function Age({ item, me }: { item: ConversationItem; me: string }) {
  if (item.open && item.snoozedUntil !== undefined) {
    return (
      <Chip title={`Snoozed until ${exactTime(item.snoozedUntil)}`}>
        <AlarmClock aria-hidden="true" /> {untilWhen(item.snoozedUntil)}
      </Chip>
    );
  }
  if (item.open && item.service !== undefined) return <ServiceChip service={item.service} />;
  const since = waitingSince(item, me);
  if (since === null) {
    return (
      <time class={styles.time} dateTime={item.lastAt} title={exactTime(item.lastAt)}>
        {relativeTime(item.lastAt, now.value)}
      </time>
    );
  }
  return (
    <Chip tone={waitTone(since, now.value)} title={`Waits since ${exactTime(since)}`}>
      <Clock aria-hidden="true" />
      <span aria-hidden="true">{waited(since, now.value)}</span>
      <span class={parts.hidden}>waits for {waitedInWords(since, now.value)}</span>
    </Chip>
  );
}

function Answering({ item, me, place }: { item: ConversationItem; me: string; place: number | undefined }) {
  if (!item.open)
    return (
      <span class={styles.by}>
        <Check aria-hidden="true" /> closed
      </span>
    );
  if (item.controller === "bot")
    return (
      <span class={styles.by}>
        <Bot aria-hidden="true" /> assistant
      </span>
    );
  if (item.controller === "queue")
    return (
      <span class={styles.by}>
        <CircleDashed aria-hidden="true" />
        <span title={queueWords(item, me, place)}>{queueWords(item, me, place)}</span>
      </span>
    );
  return (
    <span class={styles.by}>
      <Headset aria-hidden="true" /> <bdi>{item.agent?.id === me ? "you" : (item.agent?.name ?? "a colleague")}</bdi>
    </span>
  );
}

const priorityNames = { 1: "Urgent", 2: "High", 3: "Normal", 4: "Low" };

function queueWords({ offer }: ConversationItem, me: string, place: number | undefined): string {
  if (offer === null) return place === undefined ? "queue" : place === 1 ? "next" : `place ${place}`;
  return `offered to ${offer.to.id === me ? "you" : offer.to.name}`;
}

function waitingSince(item: ConversationItem, me: string): string | null {
  if (!item.open) return null;
  if (item.controller === "queue") return item.queuedAt;
  return item.agent?.id === me && waitsForAgent(item) ? item.lastAt : null;
}

function speaker(item: ConversationItem, me: string): string {
  if (item.lastAuthor === "bot") return "Assistant: ";
  if (item.lastAuthor !== "agent") return "";
  return item.agent?.id === me ? "You: " : `${item.agent?.name ?? "Agent"}: `;
}

function whyGone(item: ConversationItem, me: string): string {
  if (!item.open) return "closed";
  if (item.snoozedUntil !== undefined) return "snoozed";
  if (item.controller === "bot") return "with the assistant";
  if (item.controller === "queue") return "back in the queue";
  return item.agent?.id === me ? "taken by you" : `taken by ${item.agent?.name ?? "a colleague"}`;
}
