import { useEffect, useMemo, useState } from "preact/hooks";
import type { BlueprintView, EntityView, Field } from "../../src/protocol/blueprints.ts";
import { readBlueprint } from "./blueprints.ts";
import type { Question } from "./entities.ts";
import type { EntityNews } from "./entityNews.ts";
import { EntityRows } from "./entityRows.ts";
import { ofEach } from "./fields/ofEach.ts";

/** The entities that fit a question, as long as the page shows them. */
export function useEntityRows(key: string, news: EntityNews, question: Question): EntityRows {
  const rows = useMemo(() => new EntityRows(key, news), [key, news]);
  const asked = JSON.stringify(question);
  useEffect(() => void rows.ask(question), [rows, asked]);
  useEffect(() => () => rows.close(), [rows]);
  return rows;
}

/** The fields of the older versions that are among the rows, as soon as they are known. */
export function useVersions({ key, version }: BlueprintView, rows: EntityRows): ReadonlyMap<number, readonly Field[]> {
  const [known, setKnown] = useState<ReadonlyMap<number, readonly Field[]>>(new Map());
  const older = [...new Set(rows.rows.value.map(({ entity }) => entity.blueprintVersion))].filter(
    (one) => one !== version && !known.has(one),
  );
  const missing = older.sort((a, b) => a - b).join(" ");
  useEffect(() => {
    for (const one of missing.split(" ").filter(Boolean).map(Number))
      readBlueprint(key, one).then(
        ({ fields }) => setKnown((before) => new Map([...before, [one, fields]])),
        // Its cells stay empty until the rows are read again.
        () => {},
      );
  }, [key, missing]);
  return known;
}

/** A field as an entity's own version has it; none where that one hasn't. */
export function ownField(
  { version }: Pick<BlueprintView, "version">,
  versions: ReadonlyMap<number, readonly Field[]>,
  entity: EntityView,
  field: Field,
): Field | undefined {
  if (entity.blueprintVersion === version || field.type === "formula" || ofEach.includes(field)) return field;
  return versions.get(entity.blueprintVersion)?.find(({ id }) => id === field.id);
}
