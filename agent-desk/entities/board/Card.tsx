import { useDraggable } from "@dnd-kit/core";
import { GripVertical } from "lucide-preact";
import { exactTime, relativeTime } from "../../../src/client/relativeTime.ts";
import type { BlueprintView, EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { now } from "../../shell/now.ts";
import { titleField } from "../fields/fieldTypes.ts";
import { Value } from "../fields/Value.tsx";
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

/** As many fields as one takes in at a glance. */
const fewFields = 3;

/** An entity in a few lines: what it is called, and those fields that say something and that its blueprint puts on cards, or the first. */
export function Card({ blueprint: { fields }, by, entity, isLifted = false, onOpen }: CardLook) {
  const title = titleField(fields);
  const chosen = fields.filter(({ onCard }) => onCard === true);
  const said = (chosen.length > 0 ? chosen : fields)
    .filter((field) => field !== title && field.key !== by.key && ownValue(entity.values, field.key) !== undefined)
    .slice(0, chosen.length > 0 ? chosen.length : fewFields);
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
      <dl>
        {said.map((field) => (
          <div key={field.id}>
            <dt>{field.name}</dt>
            <dd>
              <Value field={field} value={ownValue(entity.values, field.key)} />
            </dd>
          </div>
        ))}
      </dl>
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
