import { ArrowDown, MessageSquareDashed } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { dayName } from "../../src/client/dayName.ts";
import { exactTime } from "../../src/client/relativeTime.ts";
import { allowed } from "../commands/allowed.ts";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Scrolled } from "../look/Scrolled.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { MergeLine } from "./MergeLine.tsx";
import { mayReply, type ReplyRight } from "./mayReply.ts";
import { mergedFacts } from "./merged.ts";
import type { OpenConversation } from "./openConversation.ts";
import { Said } from "./Said.tsx";
import styles from "./Timeline.module.css";
import { type SaidRow, type TimelineRow, timelineRows } from "./timelineRows.ts";
import { lineAsked, useJump } from "./useJump.ts";
import { useReading } from "./useReading.ts";
import { useStableScroll } from "./useStableScroll.ts";

/** So many messages are drawn at first, and more for each wish to see earlier ones. */
const page = 200;

interface TimelineLook {
  conversation: OpenConversation;
  /** What was merged into it. */
  parts: readonly OpenConversation[];
  onEdit: (row: SaidRow) => void;
}

/** What was said, oldest above. It keeps its place when something is added; at the end it follows. */
export function Timeline({ conversation, parts, onEdit }: TimelineLook) {
  const desk = useDesk();
  const { head, messages, notes } = conversation.facts.value;
  const [, drawAgain] = useState(0);
  const [atEnd, setAtEnd] = useState(true);
  // The line "New" stays where it was when the conversation was opened.
  const unreadAfter = useRef<number | null>(null);
  if (unreadAfter.current === null && head !== null) unreadAfter.current = head.unread > 0 ? head.agentReadSeq : Number.MAX_SAFE_INTEGER;

  // Counted from the start, so that what is added at the end takes nothing away above.
  const hidden = useRef(0);
  // Who is at the end sees no difference; a conversation of thousands stays light.
  if (atEnd && messages.length - hidden.current > 2 * page) hidden.current = messages.length - page;
  const asked = lineAsked({ messages, notes }, parts, hidden);
  const firstSeq = messages[hidden.current]?.seq ?? 0;
  const merged = mergedFacts(head, parts, hidden.current === 0 ? "" : (messages[hidden.current]?.at ?? ""));
  const pending = desk.pending.value.flatMap((each) => {
    const part = [conversation, ...parts].find(({ id }) => id === each.conversation);
    const place = merged.find(({ merge }) => merge.id === each.conversation)?.place;
    return part === undefined ? [] : part.unconfirmed([{ ...each, ...(place === undefined ? {} : { place }) }]);
  });
  const rows = timelineRows({
    messages: messages.slice(hidden.current),
    notes: hidden.current === 0 ? notes : notes.filter(({ afterSeq }) => afterSeq >= firstSeq),
    pending,
    me: desk.account.name,
    visitor: head?.contact.name,
    visitorReadSeq: head?.visitorReadSeq ?? 0,
    visitorShownSeq: head?.visitorShownSeq ?? 0,
    unreadAfter: unreadAfter.current,
    merged,
  });
  const { scroller, news, toEnd, onScroll } = useStableScroll({ rows, mine: pending.length, atEnd, setAtEnd });
  useJump(asked, { scroller, onScroll });
  useReading(conversation, parts, atEnd);

  const showEarlier = () => {
    hidden.current = Math.max(0, hidden.current - page);
    drawAgain(hidden.current);
  };
  if (head === null) return <TimelineSkeleton />;
  const right = mayReply(head, desk.account.id, allowed.value.has("conversation.take-over"));
  const typing = [conversation, ...parts].map((part) => part.typing.value).find((author) => author !== null) ?? null;
  return (
    <div class={styles.place}>
      <Scrolled box={scroller} class={styles.scroll} onScroll={onScroll} role="log" label="Messages">
        <ol class={styles.lines}>
          {hidden.current > 0 && (
            <li class={styles.earlier}>
              <Button small tone="plain" onClick={showEarlier}>
                Show earlier messages ({hidden.current.toLocaleString()})
              </Button>
            </li>
          )}
          {rows.length === 0 && (
            <li>
              <Empty icon={<MessageSquareDashed strokeWidth={1.5} />} title="Nothing was said yet">
                <p>The visitor's first words appear here.</p>
              </Empty>
            </li>
          )}
          {rows.map((row) => (
            <Line key={row.key} row={row} conversation={conversation.id} right={right} onEdit={onEdit} />
          ))}
        </ol>
        <p class={styles.typing} role="status">
          {typing !== null && (
            <>
              <span class={styles.dots} aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              {typing.name} is typing…
            </>
          )}
        </p>
      </Scrolled>
      {!atEnd && (
        <button type="button" class={`${styles.down} ${news > 0 ? styles.news : ""}`} onClick={toEnd}>
          <ArrowDown aria-hidden="true" />
          {news > 0 ? `${news} new` : "To the newest"}
        </button>
      )}
    </div>
  );
}

interface LineLook {
  row: TimelineRow;
  conversation: string;
  right: ReplyRight;
  onEdit: (row: SaidRow) => void;
}

function Line({ row, ...look }: LineLook) {
  if (row.kind === "said") return <Said row={row} {...look} />;
  if (row.kind === "day") return <li class={`${styles.divider} ${styles.day}`}>{dayName(row.at, Date.now())}</li>;
  if (row.kind === "unread") return <li class={`${styles.divider} ${styles.new}`}>New</li>;
  if (row.kind === "merge") return <MergeLine merge={row.merge} />;
  return (
    <li class={styles.divider} data-row={row.key}>
      <span title={row.visitorReads === undefined ? exactTime(row.at) : `${exactTime(row.at)}\nThe visitor reads: ${row.visitorReads}`}>
        {row.text}
      </span>
    </li>
  );
}

function TimelineSkeleton() {
  return (
    <div class={styles.place} aria-busy="true">
      <div class={styles.scroll}>
        <div class={styles.skeleton}>
          {[46, 62, 38].map((width) => (
            <div key={width}>
              <span class={parts.skeleton} style="width: 120px" />
              <span class={parts.skeleton} style={`width: ${width}%`} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
