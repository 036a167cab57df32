import { useDroppable } from "@dnd-kit/core";
import { useEffect } from "preact/hooks";
import { Virtualizer } from "virtua";
import type { BlueprintView, EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import type { EntityNews } from "../entityNews.ts";
import type { EntityRow, EntityRows } from "../entityRows.ts";
import { useEntityRows } from "../useEntityRows.ts";
import styles from "./Board.module.css";
import { MovableCard } from "./Card.tsx";
import { noLane } from "./lanes.ts";

interface LaneLook {
  lane: string;
  name: string;
  blueprint: BlueprintView;
  by: Field;
  filter: object | null;
  news: EntityNews;
  lists: Map<string, EntityRows>;
  mayMove: boolean;
  open: string | null;
  onOpen: (id: string) => void;
  onStep: (entity: EntityView, step: 1 | -1) => void;
}

/** The entities of one choice, the last made first. */
export function Lane({ lane, name, blueprint, by, filter, news, lists, mayMove, open, onOpen, onStep }: LaneLook) {
  const mine = { [by.key]: lane === noLane ? { empty: true } : { eq: lane } };
  const rows = useEntityRows(blueprint.key, news, { filter: filter === null ? mine : { and: [filter, mine] }, sort: [], trashed: false });
  useEffect(() => {
    lists.set(lane, rows);
    return () => {
      lists.delete(lane);
    };
  }, [lists, lane, rows]);
  const { setNodeRef, isOver } = useDroppable({ id: lane });
  const shown = rows.rows.value.filter(({ gone }) => !gone);
  const more = rows.news.value.size;
  return (
    <section class={styles.lane} aria-label={name} ref={setNodeRef} data-over={isOver}>
      <h3>
        {name}{" "}
        <span class={parts.hint}>{rows.known.value ? `${shown.length.toLocaleString()}${rows.more.value ? " and more" : ""}` : ""}</span>
      </h3>
      <Wrong>{rows.wrong.value}</Wrong>
      {more > 0 && (
        <Button small onClick={() => void rows.readAgain()}>
          {more.toLocaleString()} new
        </Button>
      )}
      <div
        class={styles.cards}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          if (scrollHeight - scrollTop - clientHeight < 400) void rows.readMore();
        }}
      >
        <Virtualizer data={shown} as="ul" item="li" bufferSize={300}>
          {({ entity }: EntityRow) => (
            <MovableCard
              key={entity.id}
              blueprint={blueprint}
              by={by}
              entity={entity}
              mayMove={mayMove}
              isOpen={open === entity.id}
              onOpen={() => onOpen(entity.id)}
              onStep={(step) => onStep(entity, step)}
            />
          )}
        </Virtualizer>
      </div>
    </section>
  );
}
