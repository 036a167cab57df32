import { useEffect, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { ConversationItem } from "../../src/protocol/desk.ts";
import { sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import person from "../person/Person.module.css";
import { requestAsMe } from "../session/session.ts";
import { now } from "../shell/now.ts";
import { addressOf, route } from "../shell/route.ts";
import styles from "./Contact.module.css";

interface Page {
  items: ConversationItem[];
  nextCursor: string | null;
}

const pageSize = 10;

/** Every conversation of this person, the newest first. Each opens in its place: a closed one is read there, not written. */
export function PastConversations({ contact, conversation, lastSeq }: { contact: string; conversation: string; lastSeq: number }) {
  const [pages, setPages] = useState<Page[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  const read = async (cursor: string | null): Promise<Page> =>
    await requestAsMe<Page>({
      method: "GET",
      path: `conversations?${new URLSearchParams({
        filter: JSON.stringify({ contact: { eq: contact } }),
        sort: "-createdAt",
        limit: String(pageSize),
        ...(cursor === null ? {} : { cursor }),
      })}`,
    });
  // Again when this one goes on: its own last words stand in the list.
  const newest = Math.floor(lastSeq / 20);
  useEffect(() => {
    let stale = false;
    read(null).then(
      (page) => stale || setPages([page]),
      (error: unknown) => stale || setWrong(sentence(error)),
    );
    return () => {
      stale = true;
    };
  }, [contact, newest]);
  const more = async (cursor: string) => {
    setWrong(null);
    try {
      const page = await read(cursor);
      setPages((before) => [...before, page]);
    } catch (error) {
      setWrong(sentence(error));
    }
  };
  const items = pages.flatMap((page) => page.items).filter(({ id }) => id !== conversation);
  const next = pages.at(-1)?.nextCursor ?? null;

  return (
    <section class={person.section}>
      <h2>Other conversations</h2>
      <Wrong>{wrong}</Wrong>
      {pages.length === 0 && wrong === null && <span class={parts.skeleton} style="width: 70%" />}
      {pages.length > 0 && items.length === 0 && <p class={parts.hint}>This is the only one so far.</p>}
      <ul class={styles.past}>
        {items.map((item) => (
          <li key={item.id}>
            <a href={addressOf({ ...route.value, conversation: item.id, person: false })}>
              <span class={styles.pastHead}>
                <b>{item.inbox.name}</b>
                <Chip>{item.channel}</Chip>
                {item.open ? <Chip tone="accent">open</Chip> : <Chip>{item.muted === "merged" ? "merged" : "closed"}</Chip>}
                <time dateTime={item.lastAt} title={exactTime(item.lastAt)}>
                  {relativeTime(item.lastAt, now.value)}
                </time>
              </span>
              <span dir="auto">{item.lastText || "Nothing was said"}</span>
            </a>
          </li>
        ))}
      </ul>
      {next !== null && (
        <Button small tone="plain" onClick={() => more(next)}>
          Show earlier ones
        </Button>
      )}
    </section>
  );
}
