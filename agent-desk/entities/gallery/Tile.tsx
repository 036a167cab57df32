import { Image } from "lucide-preact";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import type { EntityRow } from "../entityRows.ts";
import { CardValues } from "../fields/CardValues.tsx";
import { titleOf } from "../fields/valueWords.ts";
import { Part } from "../table/Part.tsx";
import styles from "./Gallery.module.css";
import { pictureField, pictureOf } from "./picture.ts";

interface TileLook {
  row: EntityRow;
  blueprint: BlueprintView;
  /** From 1 on. */
  column: number;
  isActive: boolean;
  isOpen: boolean;
  isChosen: boolean;
  onChoose: () => void;
  onOpen: () => void;
}

/** An entity as its picture, where its blueprint has some, what it is called, and what it says on cards. */
export function Tile({ row: { entity, gone }, blueprint: { fields }, column, isActive, isOpen, isChosen, onChoose, onOpen }: TileLook) {
  const title = titleOf(fields, entity);
  const pictures = pictureField(fields);
  const url = pictures && pictureOf(entity, pictures);
  return (
    <Part
      role="gridcell"
      aria-colindex={column}
      aria-selected={isChosen}
      tabIndex={isActive ? 0 : -1}
      data-tile={entity.id}
      data-open={isOpen}
      data-gone={gone}
      class={styles.tile}
      title={gone ? "It isn’t in this list any more" : undefined}
    >
      {pictures !== undefined && (
        <div class={styles.picture}>
          {url === undefined ? <Image aria-hidden="true" strokeWidth={1.5} /> : <img src={url} alt="" loading="lazy" />}
        </div>
      )}
      <label class={styles.choose}>
        <input type="checkbox" tabIndex={-1} aria-label={`Choose ${title}`} checked={isChosen} onChange={onChoose} />
      </label>
      <div class={styles.said}>
        <button type="button" tabIndex={-1} class={styles.title} onClick={onOpen}>
          <span dir="auto">{title}</span>
        </button>
        <CardValues fields={fields} entity={entity} without={pictures} />
      </div>
    </Part>
  );
}
