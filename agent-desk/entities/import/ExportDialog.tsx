import { useEffect, useState } from "preact/hooks";
import { FileOffers } from "../../answers/FileOffers.tsx";
import { runCommand, sentence } from "../../commands/run.ts";
import { Dialog } from "../../look/Dialog.tsx";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { manyOf } from "../blueprints.ts";

/** What of a list a file has: its conditions, its order, the columns that are shown. */
export interface Exported {
  filter: object | null;
  sort: readonly string[];
  columns: readonly string[];
  trashed: boolean;
}

interface ExportLook {
  of: string;
  exported: Exported;
  onClose: () => void;
}

export function ExportDialog({ of: key, exported, onClose }: ExportLook) {
  const [run, setRun] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  // As the list was when it was asked for.
  useEffect(() => {
    const { filter, sort, columns, trashed } = exported;
    runCommand(`${key}.export`, {
      ...(columns.length === 0 ? {} : { columns: columns.join(",") }),
      ...(filter === null ? {} : { filterBy: filter }),
      ...(sort.length === 0 ? {} : { sortBy: sort.join(",") }),
      ...(trashed ? { trashed } : {}),
    }).then(
      ({ id }) => setRun(id),
      (error: unknown) => setWrong(sentence(error)),
    );
  }, []);
  return (
    <Dialog title={`Export ${manyOf(key).toLocaleLowerCase()}`} command={`${key}.export`} onClose={onClose}>
      <div class={popups.dialogBody}>
        <p class={parts.hint}>
          {exported.filter === null ? "All of them" : "Those that fulfil the conditions"}, in the order of the list, with the columns that
          are shown. A PDF has 10,000 rows at most.
        </p>
        {run !== null && <FileOffers run={run} printed />}
        <Wrong>{wrong}</Wrong>
      </div>
    </Dialog>
  );
}
