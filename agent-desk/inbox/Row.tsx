import parts from "../look/parts.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { Entry } from "./Entry.tsx";
import styles from "./List.module.css";
import type { ListRow } from "./listRows.ts";
import { waited, waitedInWords } from "./waiting.ts";

/** A title or an entry. Each reads what it shows by itself, so that a tick of the clock draws no list. */
export function Row({ row }: { row: ListRow }) {
  const { conversations, account, places } = useDesk();
  conversations.revision.value;
  if (row.kind === "entry") {
    const item = conversations.get(row.key);
    return item === undefined ? (
      <div class={styles.entry} />
    ) : (
      <Entry item={item} me={account.id} gone={row.gone} place={places.value.get(row.key)} />
    );
  }
  return (
    <h2 class={styles.group}>
      <span>{row.title}</span>
      <span>
        {row.count.toLocaleString()}
        {row.waitingSince !== undefined && <Longest since={row.waitingSince} />}
      </span>
    </h2>
  );
}

function Longest({ since }: { since: string }) {
  return (
    <>
      <span aria-hidden="true"> · longest {waited(since, now.value)}</span>
      <span class={parts.hidden}>, the longest for {waitedInWords(since, now.value)}</span>
    </>
  );
}
