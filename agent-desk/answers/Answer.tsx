import type { CommandMessage, RunAnswer } from "../../src/protocol/commands.ts";
import { Blocks } from "../conversation/Blocks.tsx";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Answers.module.css";
import { FileOffers } from "./FileOffers.tsx";
import { SortedTable } from "./SortedTable.tsx";
import { type TableData, tableIn } from "./tableIn.ts";

/** What a run answered: its words, its table with every row that is here, and the file with all of them for whoever asked. */
export function Answer({ run }: { run: Pick<RunAnswer, "id" | "by" | "messages" | "data"> }) {
  const { account } = useDesk();
  const table = tableIn(run.data);
  return (
    <div class={styles.answer}>
      {run.messages.length === 0 && <p>Done.</p>}
      {run.messages.map((message, index) => (
        <Said key={index} message={message} table={table} />
      ))}
      {table !== undefined && run.by.id === account.id && <FileOffers run={run.id} />}
    </div>
  );
}

/** A message shows 200 rows of its table at most; the run has more. */
function Said({ message: { text, blocks = [] }, table }: { message: CommandMessage; table: TableData | undefined }) {
  if (table === undefined || !blocks.some(({ type }) => type === "table"))
    return (
      <>
        <p>{text}</p>
        <Blocks blocks={blocks} />
      </>
    );
  const count = table.rows.length.toLocaleString();
  return (
    <>
      <p>{table.truncated ? `The first ${count} rows of more.` : table.rows.length === 1 ? "1 row." : `${count} rows.`}</p>
      <SortedTable {...table} note={table.truncated ? "Sorting is among these rows; the file has all." : undefined} />
    </>
  );
}
