import { Archive, ArrowUp, RefreshCw } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { Entry } from "./Entry.tsx";
import styles from "./List.module.css";
import type { ListRow } from "./listRows.ts";
import { ListSkeleton } from "./Skeleton.tsx";
import { useClosed } from "./useClosed.ts";
import { useHeldRows } from "./useHeldRows.ts";

interface ClosedListLook {
  /** Looked for in the name. */
  wanted: string;
  /** Somebody points at it: nothing moves. */
  held: boolean;
}

/** What is closed, the last closed first; what is closed or reopened meanwhile comes and goes as in the other lists. */
export function ClosedList({ wanted, held }: ClosedListLook) {
  const { account, conversations } = useDesk();
  conversations.revision.value;
  const { items, wrong, more } = useClosed(wanted);
  const [scrolled, setScrolled] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const known = useRef(new Map<string, NonNullable<typeof items>[number]>());
  for (const item of items ?? []) known.current.set(item.id, item);
  const live = (items ?? [])
    .filter(({ id }) => !conversations.isOpen(id))
    .map(({ id }): ListRow => ({ kind: "entry", key: id, gone: false }));
  const { rows, added, changed, release } = useHeldRows(live, held || scrolled, `closed ${wanted} ${items === null}`);

  if (items === null && wrong === null) return <ListSkeleton />;
  const letGo = () => {
    release();
    scroller.current?.scrollTo({ top: 0 });
    setScrolled(false);
  };
  return (
    <>
      {changed && (
        <button type="button" class={styles.news} onClick={letGo}>
          {added > 0 ? <ArrowUp /> : <RefreshCw />}
          {added > 0 ? `${added.toLocaleString()} new` : "Update order"}
        </button>
      )}
      <div ref={scroller} class={styles.scroll} onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop > 4)}>
        <ul class={styles.plain}>
          {rows.map(({ key, ...row }) => {
            const gone = row.kind === "entry" && row.gone;
            const item = (gone ? conversations.get(key) : undefined) ?? known.current.get(key);
            return <li key={key}>{item !== undefined && <Entry item={item} me={account.id} gone={gone} />}</li>;
          })}
        </ul>
        {rows.length === 0 && items !== null && (
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
          {more !== undefined && (
            <Button small onClick={more}>
              Show more
            </Button>
          )}
        </div>
      </div>
    </>
  );
}
