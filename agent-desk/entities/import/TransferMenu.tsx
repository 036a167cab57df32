import { useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import { allowed } from "../../commands/allowed.ts";
import { ItemMenu } from "../../look/ItemMenu.tsx";
import { manyOf } from "../blueprints.ts";
import { importAddress } from "../dataRoute.ts";
import { ExportDialog, type Exported } from "./ExportDialog.tsx";

/** Rows in from a file, and out into one. */
export function TransferMenu({ blueprint: { key, trashedAt }, exported }: { blueprint: BlueprintView; exported: Exported }) {
  const [isExporting, setExporting] = useState(false);
  const items = [
    {
      label: "Import a file",
      command: `${key}.import`,
      isThere: trashedAt === null,
      onClick: () => {
        location.hash = importAddress(key);
      },
    },
    { label: "Export as a file", command: `${key}.export`, isThere: true, onClick: () => setExporting(true) },
  ].filter(({ command, isThere }) => isThere && allowed.value.has(command));
  if (items.length === 0) return null;
  return (
    <>
      <ItemMenu label={`Import and export ${manyOf(key).toLocaleLowerCase()}`} items={items} />
      {isExporting && <ExportDialog of={key} exported={exported} onClose={() => setExporting(false)} />}
    </>
  );
}
