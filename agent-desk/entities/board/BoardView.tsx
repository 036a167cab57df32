import { useRef, useState } from "preact/hooks";
import type { BlueprintView, EntityView } from "../../../src/protocol/blueprints.ts";
import { allowed } from "../../commands/allowed.ts";
import parts from "../../look/parts.module.css";
import { manyOf } from "../blueprints.ts";
import dataStyles from "../Data.module.css";
import { entitiesAddress } from "../dataRoute.ts";
import { EntitiesHead, type Told, ToldLine, useNewKey } from "../EntitiesHead.tsx";
import { restoreEntity } from "../entities.ts";
import type { EntityNews } from "../entityNews.ts";
import type { EntityRows } from "../entityRows.ts";
import { EntityPanel } from "../panel/EntityPanel.tsx";
import { NewEntity } from "../panel/NewEntity.tsx";
import { FilterBar } from "../table/FilterBar.tsx";
import { filterOf } from "../table/filterTerms.ts";
import { useTableLook } from "../table/tableLook.ts";
import { ViewsMenu } from "../table/ViewsMenu.tsx";
import { Board } from "./Board.tsx";
import { laneOf, placeIn } from "./lanes.ts";

interface BoardLook {
  blueprint: BlueprintView;
  /** The entity beside the board. */
  open: string | null;
  news: EntityNews;
}

/** Entities by the choice that each has of one field, moved from one to the other. */
export function BoardView({ blueprint, open, news }: BoardLook) {
  const { key, fields } = blueprint;
  const [look, onLook] = useTableLook(blueprint);
  const choices = fields.filter(({ type }) => type === "choice");
  const lanesBy = choices.find((field) => field.key === look.lanes) ?? choices[0];
  const show = (entity: string | null) => {
    location.hash = entitiesAddress(key, "board", entity);
  };
  const isUsable = blueprint.trashedAt === null;
  const mayMake = isUsable && allowed.value.has(`${key}.create`);
  const [told, setTold] = useState<Told | null>(null);
  const lists = useRef(new Map<string, EntityRows>());
  const listOf = (entity: EntityView) => lists.current.get(laneOf(lanesBy, entity));
  useNewKey(mayMake, () => show("new"));
  return (
    <>
      <section class={dataStyles.entities} aria-label={manyOf(key)} data-beside={open !== null}>
        <EntitiesHead blueprint={blueprint} look="board" mayMake={mayMake} onNew={() => show("new")} />
        <div class={dataStyles.tools}>
          {choices.length > 1 && lanesBy !== undefined && (
            <label class={dataStyles.by}>
              By
              <select class={parts.field} value={lanesBy.key} onChange={(event) => onLook({ lanes: event.currentTarget.value })}>
                {choices.map((field) => (
                  <option key={field.key} value={field.key}>
                    {field.name}
                  </option>
                ))}
              </select>
            </label>
          )}
          <FilterBar fields={fields} terms={look.filters} onTerms={(filters) => onLook({ filters })} />
          <span class={parts.grow} />
          <ViewsMenu blueprint={blueprint} face="board" look={look} onLook={onLook} />
        </div>
        {told !== null && <ToldLine told={told} onClose={() => setTold(null)} />}
        {lanesBy === undefined ? (
          <p class={dataStyles.loading}>A board has a lane for each choice of a field, and this blueprint has no field of that type yet.</p>
        ) : (
          <Board
            key={lanesBy.id}
            blueprint={blueprint}
            by={lanesBy}
            filter={filterOf(fields, look.filters)}
            news={news}
            lists={lists.current}
            mayMove={isUsable && allowed.value.has(`${key}.update`)}
            open={open}
            onOpen={show}
          />
        )}
      </section>
      {open === "new" && mayMake && (
        <NewEntity blueprint={blueprint} onMade={(entity) => listOf(entity)?.add(entity)} onClose={() => show(null)} />
      )}
      {open !== null && open !== "new" && (
        <EntityPanel
          key={open}
          blueprint={blueprint}
          id={open}
          news={news}
          onClose={() => show(null)}
          onEntity={(entity) => placeIn(lists.current, laneOf(lanesBy, entity), entity)}
          onMoved={(id, title, to) => {
            for (const rows of lists.current.values()) rows.remove(new Set([id]));
            show(null);
            setTold({
              text: `${title} is ${to === "trash" ? "in the trash" : "there again"}.`,
              ...(to === "trash"
                ? {
                    undo: () =>
                      void restoreEntity(key, id).then(
                        (entity) => listOf(entity)?.add(entity),
                        () => {},
                      ),
                  }
                : {}),
            });
          }}
        />
      )}
    </>
  );
}
