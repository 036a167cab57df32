import { Boxes, Plus } from "lucide-preact";
import { useMemo, useState } from "preact/hooks";
import type { BlueprintView, EntityView } from "../../src/protocol/blueprints.ts";
import type { EntityCount } from "../../src/protocol/entityGroups.ts";
import { allowed } from "../commands/allowed.ts";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { manyOf } from "./blueprints.ts";
import styles from "./Data.module.css";
import { type DataPlace, entitiesAddress } from "./dataRoute.ts";
import { EntitiesHead, type Told, ToldLine, useNewKey } from "./EntitiesHead.tsx";
import { restoreEntity } from "./entities.ts";
import type { EntityNews } from "./entityNews.ts";
import { Gallery } from "./gallery/Gallery.tsx";
import { countEntities, gather, useFresh } from "./groups.ts";
import { TransferMenu } from "./import/TransferMenu.tsx";
import { EntityPanel } from "./panel/EntityPanel.tsx";
import { NewEntity } from "./panel/NewEntity.tsx";
import { aggregatesIn, groupChoices } from "./table/aggregates.ts";
import { BulkBar } from "./table/BulkBar.tsx";
import { ColumnsMenu } from "./table/ColumnsMenu.tsx";
import { columnsOf, inOrder } from "./table/columns.ts";
import { EntityTable } from "./table/EntityTable.tsx";
import { Edits } from "./table/edits.ts";
import { FilterBar } from "./table/FilterBar.tsx";
import { FootRow } from "./table/FootRow.tsx";
import { filterOf } from "./table/filterTerms.ts";
import { GroupedTable } from "./table/GroupedTable.tsx";
import { GroupMenu } from "./table/GroupMenu.tsx";
import { SortMenu } from "./table/SortMenu.tsx";
import { type TableLook, useTableLook } from "./table/tableLook.ts";
import { ViewsMenu } from "./table/ViewsMenu.tsx";
import { useEntityRows, useVersions } from "./useEntityRows.ts";

interface ViewLook {
  blueprint: BlueprintView;
  place: Extract<DataPlace, { page: "entities" }>;
  news: EntityNews;
}

export function EntitiesView({ blueprint, place, news }: ViewLook) {
  const { key } = blueprint;
  const { look: shownAs, entity: open } = place;
  const isTrash = shownAs === "trash";
  const [look, onLook] = useTableLook(blueprint);
  const filter = filterOf(blueprint.fields, look.filters);
  const sort = sortOf(blueprint, look);
  const rows = useEntityRows(key, news, { filter, sort, trashed: isTrash });
  const columns = columnsOf(blueprint.fields, look);
  const isGallery = shownAs === "gallery";
  const isGrouped = shownAs === "table" && groupChoices(blueprint.fields).some(({ term }) => term === look.group);
  const aggregates = shownAs !== "table" ? [] : aggregatesIn(columns, look);
  const asked = JSON.stringify({ filter, isTrash });
  const count = useFresh(news, asked, () => countEntities(key, { filter, trashed: isTrash }));
  const totals = useFresh(news, aggregates.length > 0 || isGrouped ? asked + aggregates.join() : null, () =>
    gather(key, "", aggregates, filter),
  );
  const groups = useFresh(news, isGrouped ? `${asked} ${look.group} ${aggregates.join()}` : null, () =>
    gather(key, look.group ?? "", aggregates, filter),
  );
  const versions = useVersions(blueprint, rows);
  const edits = useMemo(() => new Edits(rows), [rows]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [told, setTold] = useState<Told | null>(null);
  const show = (entity: string | null) => {
    location.hash = entitiesAddress(key, shownAs, entity);
  };
  const isUsable = blueprint.trashedAt === null;
  const mayMake = isUsable && allowed.value.has(`${key}.create`);
  const mayChange = isUsable && !isTrash && allowed.value.has(`${key}.update`);
  useNewKey(mayMake && !isTrash, () => show("new"));

  const moved = (id: string, title: string, to: "trash" | "list") => {
    rows.remove(new Set([id]));
    show(null);
    if (to === "list") setTold({ text: `${title} is there again.` });
    else
      setTold({
        text: `${title} is in the trash.`,
        undo: () =>
          void restoreEntity(key, id).then(
            (entity) => rows.add(entity),
            () => {},
          ),
      });
  };
  const made = (entity: EntityView) => rows.add(entity);
  return (
    <>
      <section class={styles.entities} aria-label={manyOf(key)} data-beside={open !== null}>
        <EntitiesHead blueprint={blueprint} look={shownAs} mayMake={mayMake && !isTrash} onNew={() => show("new")} />
        <div class={styles.tools}>
          <FilterBar fields={blueprint.fields} terms={look.filters} onTerms={(filters) => onLook({ filters })} />
          <span class={parts.grow} />
          <span class={styles.count}>{countWords(count)}</span>
          {isGallery && <SortMenu fields={blueprint.fields} look={look} onLook={onLook} />}
          {shownAs === "table" && <GroupMenu fields={blueprint.fields} look={look} onLook={onLook} />}
          {!isTrash && <ViewsMenu blueprint={blueprint} face={isGallery ? "gallery" : "table"} look={look} onLook={onLook} />}
          {!isGallery && <ColumnsMenu fields={blueprint.fields} look={look} onLook={onLook} />}
          <TransferMenu blueprint={blueprint} exported={{ filter, sort, columns: exportedOf(blueprint, look), trashed: isTrash }} />
        </div>
        <Wrong>{rows.wrong.value}</Wrong>
        {told !== null && <ToldLine told={told} onClose={() => setTold(null)} />}
        {rows.known.value && rows.rows.value.length === 0 ? (
          <NoEntities
            blueprint={blueprint}
            isTrash={isTrash}
            isFiltered={filter !== null}
            news={rows.news.value.size}
            onNew={mayMake ? () => show("new") : null}
            onClear={() => onLook({ filters: [] })}
            onAgain={() => void rows.readAgain()}
          />
        ) : isGrouped ? (
          groups !== null && (
            <GroupedTable
              key={look.group}
              blueprint={blueprint}
              news={news}
              term={look.group ?? ""}
              gathered={groups}
              totals={totals}
              filter={filter}
              sort={sort}
              columns={columns}
              look={look}
              onLook={onLook}
              mayChange={mayChange}
              open={open}
              onOpen={show}
            />
          )
        ) : isGallery ? (
          <Gallery blueprint={blueprint} rows={rows} chosen={chosen} onChosen={setChosen} open={open} onOpen={show} />
        ) : (
          <EntityTable
            blueprint={blueprint}
            versions={versions}
            rows={rows}
            edits={edits}
            look={look}
            onLook={onLook}
            mayChange={mayChange}
            chosen={chosen}
            onChosen={setChosen}
            open={open}
            onOpen={show}
            foot={
              aggregates.length > 0 && (
                <FootRow columns={columns} look={look} totals={totals} rowIndex={rows.rows.value.length + 2} onLook={onLook} />
              )
            }
          />
        )}
        {!isGrouped && isUsable && (allowed.value.has(`${key}.update`) || allowed.value.has(`${key}.delete`)) && (
          <BulkBar blueprint={blueprint} rows={rows} chosen={chosen} onChosen={setChosen} isTrash={isTrash} filter={filter} count={count} />
        )}
      </section>
      {open === "new" && mayMake && <NewEntity blueprint={blueprint} onMade={made} onClose={() => show(null)} />}
      {open !== null && open !== "new" && (
        <EntityPanel
          key={open}
          blueprint={blueprint}
          id={open}
          news={news}
          onClose={() => show(null)}
          onEntity={(entity) => rows.replace(entity)}
          onMoved={moved}
        />
      )}
    </>
  );
}

interface NoneLook {
  blueprint: BlueprintView;
  isTrash: boolean;
  isFiltered: boolean;
  /** Some came since. */
  news: number;
  onNew: (() => void) | null;
  onClear: () => void;
  onAgain: () => void;
}

function NoEntities({ blueprint: { key, name }, isTrash, isFiltered, news, onNew, onClear, onAgain }: NoneLook) {
  const many = manyOf(key).toLocaleLowerCase();
  const one = name.toLocaleLowerCase();
  return (
    <div class={styles.none}>
      <Empty icon={<Boxes strokeWidth={1.5} />} title={isFiltered ? "None fits" : isTrash ? "The trash is empty" : `No ${many} yet`}>
        {isFiltered && <p>No {one} fulfils all conditions.</p>}
        {!isFiltered && isTrash && <p>What is deleted stays readable here, and comes back whole.</p>}
        {!isFiltered && !isTrash && <p>The first is made here, by /{key}.create in the command bar, or by a program.</p>}
        {news > 0 && <Button onClick={onAgain}>Show {news} new</Button>}
        {isFiltered && <Button onClick={onClear}>Remove the conditions</Button>}
        {!isFiltered && !isTrash && onNew !== null && (
          <Button tone="primary" command={`${key}.create`} tip={`New ${one}`} onClick={onNew}>
            <Plus aria-hidden="true" /> New {one}
          </Button>
        )}
      </Empty>
    </div>
  );
}

function countWords(count: EntityCount | null): string {
  if (count === null) return "";
  return count.exact ? count.count.toLocaleString() : `about ${count.count.toLocaleString()}`;
}

/** The fields whose columns are shown. */
function exportedOf({ fields }: BlueprintView, look: TableLook): string[] {
  return inOrder(fields, look).flatMap((field) => (look.hidden.includes(field.key) || !fields.includes(field) ? [] : [field.key]));
}

/** What a later version can't be ordered by any more is left out. */
function sortOf({ fields }: BlueprintView, { sort }: TableLook): string[] {
  const keys = new Set([...fields.map(({ key }) => key), "createdAt", "updatedAt"]);
  return sort.filter((term) => keys.has(term.replace(/^-/, "")));
}
