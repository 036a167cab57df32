import { useEffect, useState } from "preact/hooks";
import { runCommand, sentence } from "../commands/run.ts";
import { isRecord } from "./draft.ts";

export interface Table {
  /** Null of the one that needs no name. */
  schema: string | null;
  name: string;
  columns: { name: string; type: string }[];
}

/** As it is written in a query. */
export function nameIn({ schema, name }: Table): string {
  return schema === null ? name : `${schema}.${name}`;
}

/** The tables that a data source's user may read; null while nobody knows. The first schema is the one that needs no name. */
export function useSchema(dataSource: string): { tables: readonly Table[] | null; wrong: string | null } {
  const [known, setKnown] = useState<{ of: string; tables: readonly Table[] | null; wrong: string | null }>(unknown(""));
  useEffect(() => {
    let isMine = true;
    setKnown(unknown(dataSource));
    if (dataSource === "") return;
    runCommand("data-source.tables", { source: dataSource }).then(
      ({ data }) => isMine && setKnown({ of: dataSource, tables: tablesIn(data), wrong: null }),
      (error: unknown) => isMine && setKnown({ of: dataSource, tables: null, wrong: sentence(error) }),
    );
    return () => {
      isMine = false;
    };
  }, [dataSource]);
  return known.of === dataSource ? known : unknown(dataSource);
}

function unknown(dataSource: string) {
  return { of: dataSource, tables: null, wrong: null };
}

function tablesIn(data: unknown): Table[] {
  const tables: unknown = isRecord(data) ? data["tables"] : [];
  const found = (Array.isArray(tables) ? tables : []).filter(isTable);
  const [usual] = found;
  return found.map((table) => (table.schema === usual?.schema ? { ...table, schema: null } : table));
}

/** The server checks what it answers; here it is only found. */
function isTable(value: unknown): value is Table {
  return isRecord(value) && typeof value["name"] === "string" && Array.isArray(value["columns"]);
}
