import {
  type Announcements,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { useMemo, useRef, useState } from "preact/hooks";
import type { BlueprintView, EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { allowed } from "../../commands/allowed.ts";
import { sentence } from "../../commands/run.ts";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { manyOf } from "../blueprints.ts";
import dataStyles from "../Data.module.css";
import { entitiesAddress } from "../dataRoute.ts";
import { EntitiesHead, type Told, ToldLine, useNewKey } from "../EntitiesHead.tsx";
import { changeEntity, restoreEntity, takeTransition, type Written } from "../entities.ts";
import type { EntityNews } from "../entityNews.ts";
import type { EntityRows } from "../entityRows.ts";
import { titleOf } from "../fields/valueWords.ts";
import { EntityPanel } from "../panel/EntityPanel.tsx";
import { NewEntity } from "../panel/NewEntity.tsx";
import { FilterBar } from "../table/FilterBar.tsx";
import { filterOf } from "../table/filterTerms.ts";
import { useTableLook } from "../table/tableLook.ts";
import { ViewsMenu } from "../table/ViewsMenu.tsx";
import styles from "./Board.module.css";
import { Card } from "./Card.tsx";
import { Lane } from "./Lane.tsx";
import { besideLane, laneOf, noLane } from "./lanes.ts";

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
            <label class={styles.by}>
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

interface LanesLook {
  blueprint: BlueprintView;
  by: Field;
  filter: object | null;
  news: EntityNews;
  /** The list of each lane, by its choice. */
  lists: Map<string, EntityRows>;
  mayMove: boolean;
  open: string | null;
  onOpen: (id: string) => void;
}

function Board({ blueprint, by, filter, news, lists, mayMove, open, onOpen }: LanesLook) {
  const [moving, setMoving] = useState<EntityView | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 180, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: besideLane }),
  );
  const lanes = useMemo(() => [...(by.choices ?? []), ...(by.required === true ? [] : [noLane])], [by]);
  const entityOf = (id: string) => {
    for (const rows of lists.values()) {
      const found = rows.rows.peek().find(({ entity }) => entity.id === id);
      if (found !== undefined) return found.entity;
    }
    return undefined;
  };
  const move = async (entity: EntityView, lane: string) => {
    const before = laneOf(by, entity);
    if (before === lane) return;
    const value: Written = lane === noLane ? null : lane;
    setWrong(null);
    // It stands there at once, and goes back where it is refused.
    placeIn(lists, lane, { ...entity, values: { ...entity.values, [by.key]: lane } });
    try {
      const transition = transitionTo(blueprint, by, before, lane);
      const moved =
        transition === undefined
          ? await changeEntity(blueprint.key, entity.id, { [by.key]: value }, entity.version)
          : await takeTransition(blueprint.key, entity.id, transition);
      placeIn(lists, lane, moved);
    } catch (error) {
      placeIn(lists, before, entity);
      setWrong(`${titleOf(blueprint.fields, entity)} stays where it was: ${sentence(error)}`);
    }
  };
  const called = (id: unknown) => {
    const entity = entityOf(String(id));
    return entity === undefined ? "It" : titleOf(blueprint.fields, entity);
  };
  const laneName = (lane: unknown) => (lane === noLane ? `no ${by.name.toLocaleLowerCase()}` : String(lane));
  const announcements: Announcements = {
    onDragStart: ({ active }) => `${called(active.id)} is picked up; arrows move it, Space puts it down, Escape puts it back.`,
    onDragOver: ({ active, over }) => (over === null ? undefined : `${called(active.id)} is over ${laneName(over.id)}.`),
    onDragEnd: ({ active, over }) => (over === null ? undefined : `${called(active.id)} is put into ${laneName(over.id)}.`),
    onDragCancel: ({ active }) => `${called(active.id)} is back at its place.`,
  };
  return (
    <DndContext
      sensors={sensors}
      accessibility={{ announcements }}
      onDragStart={({ active }: DragStartEvent) => setMoving(entityOf(String(active.id)) ?? null)}
      onDragCancel={() => setMoving(null)}
      onDragEnd={({ active, over }: DragEndEvent) => {
        const entity = entityOf(String(active.id));
        setMoving(null);
        if (over !== null && entity !== undefined) void move(entity, String(over.id));
      }}
    >
      <Wrong>{wrong}</Wrong>
      <div class={styles.board}>
        {lanes.map((lane, place) => (
          <Lane
            key={lane}
            lane={lane}
            name={laneName(lane)}
            blueprint={blueprint}
            by={by}
            filter={filter}
            news={news}
            lists={lists}
            mayMove={mayMove}
            open={open}
            onOpen={onOpen}
            onStep={(entity, step) => {
              const next = lanes[place + step];
              if (next !== undefined) void move(entity, next);
            }}
          />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {moving === null ? null : <Card blueprint={blueprint} by={by} entity={moving} isLifted />}
      </DragOverlay>
    </DndContext>
  );
}

/** Where the lanes are the states of a flow, what leads from one to the other. */
function transitionTo({ flow }: BlueprintView, by: Field, from: string, to: string): string | undefined {
  if (flow?.field !== by.key) return undefined;
  return flow.transitions.find((one) => one.to === to && one.from.includes(from))?.key;
}

/** Where it stands now, and nowhere else. */
function placeIn(lists: ReadonlyMap<string, EntityRows>, lane: string, entity: EntityView): void {
  for (const [other, rows] of lists) if (other !== lane) rows.remove(new Set([entity.id]));
  const rows = lists.get(lane);
  rows?.replace(entity);
  rows?.add(entity);
}
