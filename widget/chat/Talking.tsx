import { ArrowDown } from "lucide-preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Message } from "../../src/protocol/conversation.ts";
import { texts } from "../texts/texts.ts";
import { fetchMore } from "./fetchMore.ts";
import { groupMessages, offersButtons, offersForm } from "./grouping.ts";
import { arrivals } from "./lazily.ts";
import { GreetingSaid, GroupSaid, PendingSaid, Skeleton, TypingDots } from "./Said.tsx";
import type { Talk } from "./talk.ts";
import { useStickyScroll } from "./useStickyScroll.ts";

const pageSize = 100;

/** The messages, and what is on its way. Keeps its place while older ones are read. */
export function Talking({ talk }: { talk: Talk }) {
  const [pages, setPages] = useState(1);
  const messages = talk.messages.value;
  const pending = talk.pending.value;
  const known = talk.known.value;
  // A part that arrives makes the talk longer: its end stays in sight.
  void arrivals.value;
  const visible = messages.slice(-pages * pageSize);
  const groups = useMemo(() => groupMessages(visible), [messages, pages]);
  const { scroller, atEnd, fresh, toEnd, onScroll } = useStickyScroll(messages, pending);
  const now = useNow();
  useReading(talk, atEnd, messages);

  // Of today alone no line is needed, nor what draws it.
  const days = visible[0] && new Date(visible[0].at).toDateString() !== new Date(now).toDateString() && fetchMore();
  const older = visible.length < messages.length && fetchMore();
  const lastOwn = messages.findLast(({ author }) => author.kind === "visitor")?.seq ?? 0;
  return (
    <div class="talking">
      <div
        ref={scroller}
        class="talk"
        role="log"
        aria-label={texts.messages}
        aria-live={known ? "polite" : "off"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by the keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        {typeof older === "object" && <older.Earlier scroller={scroller} show={() => setPages(pages + 1)} />}
        {visible.length === messages.length && <GreetingSaid talk={talk} />}
        {!known && messages.length === 0 && <Skeleton />}
        {groups.flatMap((group, index) => [
          typeof days === "object" && <days.Day group={group} before={groups[index - 1]} now={now} />,
          <GroupSaid
            key={group.key}
            group={group}
            now={now}
            mark={lastOwn <= talk.readByThem.value ? "read" : lastOwn <= talk.shownToThem.value ? "delivered" : "sent"}
            lastOwn={lastOwn}
            offered={(message: Message) => offersButtons(message, messages, pending)}
            press={talk.press}
            submit={(message: Message) =>
              offersForm(message, messages, pending) ? (action, values, text) => talk.submit(message.seq, action, values, text) : undefined
            }
          />,
        ])}
        {pending.map((post) => (
          <PendingSaid key={post.clientId} post={post} talk={talk} />
        ))}
        <TypingDots author={talk.typing.value} />
      </div>
      {!atEnd && (
        <button
          type="button"
          class={`button pill ${fresh > 0 ? "primary" : ""}`}
          aria-label={fresh > 0 ? undefined : texts.toNewest}
          onClick={toEnd}
        >
          {fresh > 0 && texts.fresh(fresh)}
          <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
        </button>
      )}
    </div>
  );
}

/** The time for relative stamps, renewed twice a minute. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** What stands in sight of someone who looks was read. */
function useReading(talk: Talk, atEnd: boolean, messages: readonly Message[]): void {
  useEffect(() => {
    const look = () => {
      if (atEnd && document.visibilityState === "visible") talk.sawAll();
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [talk, atEnd, messages]);
}
