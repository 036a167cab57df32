import { useDraggable } from "@dnd-kit/core";
import { GripVertical } from "lucide-preact";
import { exactTime, relativeTime } from "../../../src/client/relativeTime.ts";
import type { BlueprintView, EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { now } from "../../shell/now.ts";
import { CardValues } from "../fields/CardValues.tsx";
import { titleOf } from "../fields/valueWords.ts";
import styles from "./Board.module.css";

interface CardLook {
  blueprint: BlueprintView;
  by: Field;
  entity: EntityView;
  /** It is under the pointer, on its way. */
  isLifted?: boolean;
  onOpen?: () => void;
}

/** An entity in a few lines. */
export function Card({ blueprint: { fields }, by, entity, isLifted = false, onOpen }: CardLook) {
  return (
    <div class={styles.card} data-lifted={isLifted}>
      <div class={styles.cardHead}>
        <button type="button" class={styles.title} onClick={onOpen}>
          {titleOf(fields, entity)}
        </button>
        <time dateTime={entity.updatedAt} title={exactTime(entity.updatedAt)}>
          {relativeTime(entity.updatedAt, now.value)}
        </time>
      </div>
      <CardValues fields={fields} entity={entity} without={by} />
    </div>
  );
}

interface MovableLook extends CardLook {
  mayMove: boolean;
  isOpen: boolean;
  onOpen: () => void;
  onStep: (step: 1 | -1) => void;
}

export function MovableCard({ mayMove, isOpen, onStep, ...look }: MovableLook) {
  const { entity, blueprint } = look;
  const {
    attributes: { role: _, ...attributes },
    listeners,
    setNodeRef,
    setActivatorNodeRef,
    isDragging,
  } = useDraggable({ id: entity.id, disabled: !mayMove });
  return (
    <div ref={setNodeRef} class={styles.place} data-moving={isDragging} data-open={isOpen} {...(mayMove ? listeners : {})}>
      <Card {...look} />
      {mayMove && (
        <button
          type="button"
          class={styles.handle}
          {...attributes}
          data-handle={entity.id}
          ref={setActivatorNodeRef}
          aria-label={`Move ${titleOf(blueprint.fields, entity)}`}
          title="Space, arrows, Space; or Alt and an arrow"
          onKeyDown={(event) => {
            if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
            event.preventDefault();
            onStep(event.key === "ArrowLeft" ? -1 : 1);
          }}
        >
          <GripVertical aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
