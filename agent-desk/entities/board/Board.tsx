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
import type { BlueprintView, EntityView, Field, Transition } from "../../../src/protocol/blueprints.ts";
import { allowed } from "../../commands/allowed.ts";
import { sentence } from "../../commands/run.ts";
import { Wrong } from "../../look/Wrong.tsx";
import { changeEntity, takeTransition, type Written } from "../entities.ts";
import type { EntityNews } from "../entityNews.ts";
import type { EntityRows } from "../entityRows.ts";
import { titleOf } from "../fields/valueWords.ts";
import { focusSoon } from "../table/focusSoon.ts";
import styles from "./Board.module.css";
import { Card } from "./Card.tsx";
import { Lane } from "./Lane.tsx";
import { besideLane, laneOf, noLane, placeIn } from "./lanes.ts";
import { asksFor, StepDialog } from "./StepDialog.tsx";

interface Asking {
  entity: EntityView;
  /** Those that lead where it was put. */
  steps: readonly Transition[];
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

/** The lanes, between which cards are drawn or moved by keys; what a step asks for is asked before it is taken. */
export function Board({ blueprint, by, filter, news, lists, mayMove, open, onOpen }: LanesLook) {
  const [moving, setMoving] = useState<EntityView | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
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
  /** Who moves it by keys goes along. */
  const place = (lane: string, entity: EntityView) => {
    const isAtIt = document.activeElement?.matches(handleOf(entity.id)) === true;
    placeIn(lists, lane, entity);
    if (isAtIt) focusSoon(box.current, handleOf(entity.id));
  };
  const move = async (entity: EntityView, lane: string) => {
    const before = laneOf(by, entity);
    if (before === lane) return;
    const value: Written = lane === noLane ? null : lane;
    setWrong(null);
    const steps = stepsTo(blueprint, by, before, lane);
    const [step] = steps;
    // It stays where it is while it is asked for, so who thinks better of it finds it there.
    if (step !== undefined && (steps.length > 1 || asksFor(blueprint, step, entity).length > 0)) return setAsking({ entity, steps });
    // It stands there at once, and goes back where it is refused.
    place(lane, { ...entity, values: { ...entity.values, [by.key]: lane } });
    try {
      const moved =
        step === undefined
          ? await changeEntity(blueprint.key, entity.id, { [by.key]: value }, entity.version)
          : await takeTransition(blueprint.key, entity.id, step.key, {});
      placeIn(lists, lane, moved);
    } catch (error) {
      place(before, entity);
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
      <div class={styles.board} ref={box}>
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
      {asking !== null && (
        <StepDialog
          blueprint={blueprint}
          entity={asking.entity}
          steps={asking.steps}
          onTaken={(taken) => {
            setAsking(null);
            placeIn(lists, laneOf(by, taken), taken);
            requestAnimationFrame(() => focusSoon(box.current, handleOf(taken.id)));
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </DndContext>
  );
}

/** Where the lanes are the states of a flow, what leads from one to the other. */
function stepsTo({ key, flow }: BlueprintView, by: Field, from: string, to: string): Transition[] {
  if (flow?.field !== by.key) return [];
  const steps = flow.transitions.filter((one) => one.to === to && one.from.includes(from));
  const own = steps.filter((step) => allowed.peek().has(`${key}.${step.key}`));
  // Why others' steps aren't for this person, the server says.
  return own.length > 0 ? own : steps.slice(0, 1);
}

function handleOf(id: string): string {
  return `[data-handle="${CSS.escape(id)}"]`;
}
