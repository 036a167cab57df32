import { exactTime } from "../../src/client/relativeTime.ts";
import type { CommandMessage, RunAnswer } from "../../src/protocol/commands.ts";
import { Blocks } from "../conversation/Blocks.tsx";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Answers.module.css";
import { FileOffers } from "./FileOffers.tsx";
import { SortedTable } from "./SortedTable.tsx";
import { type TableData, tableIn } from "./tableIn.ts";
import { UndoOffer } from "./UndoOffer.tsx";

/** What a command said, with all rows of its table as its data, and, of a run, which it is and who asked for it. */
export interface Answered extends Partial<Pick<RunAnswer, "id" | "by" | "data" | "undoableUntil">> {
  messages: readonly CommandMessage[];
}

/** What was answered: its words, its table with every row that is here, and for whoever asked the file with all of them and the way back. */
export function Answer({ answer: { messages, data, id, by, undoableUntil = null } }: { answer: Answered }) {
  const { account } = useDesk();
  const table = tableIn(data);
  return (
    <div class={styles.answer}>
      {messages.length === 0 && <p>Done.</p>}
      {messages.map((message, index) => (
        <Said key={index} message={message} table={table} />
      ))}
      {table !== undefined && id !== undefined && by?.id === account.id && <FileOffers run={id} />}
      {undoableUntil !== null && id !== undefined && by?.id === account.id && <UndoOffer run={id} until={undoableUntil} />}
    </div>
  );
}

/** A message shows 200 rows of its table at most; the run has more. */
function Said({ message: { text, blocks = [] }, table }: { message: CommandMessage; table: TableData | undefined }) {
  if (table === undefined || !blocks.some(({ type }) => type === "table"))
    return (
      <>
        <p dir="auto">{text}</p>
        <Blocks blocks={blocks} />
      </>
    );
  const count = table.rows.length.toLocaleString();
  return (
    <>
      <p>
        {table.truncated ? `The first ${count} rows of more.` : table.rows.length === 1 ? "1 row." : `${count} rows.`}
        {table.asOf !== undefined && ` As it was at ${exactTime(table.asOf)}.`}
      </p>
      <SortedTable {...table} note={table.truncated ? "Sorting is among these rows; the file has all." : undefined} />
    </>
  );
}
