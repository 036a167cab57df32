import { Archive, RefreshCw } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { ConversationItem } from "../../src/protocol/desk.ts";
import { sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { requestAsMe } from "../session/session.ts";
import { useDesk } from "../shell/deskContext.ts";
import { Entry } from "./Entry.tsx";
import styles from "./List.module.css";
import { ListSkeleton } from "./Skeleton.tsx";

const pageSize = 50;

/** What is closed, the last closed first, page by page from the server; `wanted` is looked for in the name. */
export function ClosedList({ wanted }: { wanted: string }) {
  const { account } = useDesk();
  const [items, setItems] = useState<ConversationItem[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);

  const read = async (cursor: string | null) => {
    setWrong(null);
    try {
      const page = await closedPage(wanted, cursor);
      setItems((before) => [...(cursor === null ? [] : (before ?? [])), ...page.items]);
      setNext(page.nextCursor);
    } catch (error) {
      setWrong(sentence(error));
    }
  };
  useEffect(() => {
    const soon = setTimeout(() => read(null), wanted === "" ? 0 : 250);
    return () => clearTimeout(soon);
  }, [wanted, asked]);

  if (items === null && wrong === null) return <ListSkeleton />;
  return (
    <div class={styles.scroll}>
      <ul class={styles.plain}>
        {items?.map((item) => (
          <li key={item.id}>
            <Entry item={item} me={account.id} gone={false} />
          </li>
        ))}
      </ul>
      {items?.length === 0 && (
        <Empty icon={<Archive strokeWidth={1.5} />} title={wanted === "" ? "Nothing is closed yet" : "Nothing found"}>
          <p>
            {wanted === ""
              ? "What you close stands here, and can be reopened."
              : `No closed conversation is of somebody called “${wanted}”.`}
          </p>
        </Empty>
      )}
      <div class={styles.more}>
        <Wrong>{wrong}</Wrong>
        {next !== null && (
          <Button small onClick={() => read(next)}>
            Show more
          </Button>
        )}
        <Button small tone="plain" onClick={() => setAsked(asked + 1)}>
          <RefreshCw aria-hidden="true" /> Look again
        </Button>
      </div>
    </div>
  );
}

async function closedPage(wanted: string, cursor: string | null): Promise<{ items: ConversationItem[]; nextCursor: string | null }> {
  const filter = { open: { eq: false }, ...(wanted.trim() === "" ? {} : { contactName: { contains: wanted.trim() } }) };
  const query = new URLSearchParams({ sort: "-closedAt", limit: `${pageSize}`, filter: JSON.stringify(filter) });
  if (cursor !== null) query.set("cursor", cursor);
  return await requestAsMe({ method: "GET", path: `conversations?${query}` });
}
