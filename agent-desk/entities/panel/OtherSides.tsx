import { useEffect, useState } from "preact/hooks";
import type { EntityView, OtherSide } from "../../../src/protocol/blueprints.ts";
import { sentence } from "../../commands/run.ts";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { entitiesAddress } from "../dataRoute.ts";
import { readOtherSides } from "../entities.ts";
import fieldStyles from "../fields/Fields.module.css";
import { namedOf } from "../fields/named.ts";
import styles from "./Panel.module.css";

/** Whom it names in its relations, and who names it in theirs: each leads there. */
export function OtherSides({ entity, relations }: { entity: EntityView; relations: readonly { name: string; ids: readonly string[] }[] }) {
  const [sides, setSides] = useState<readonly OtherSide[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  const { blueprint, id, version } = entity;
  useEffect(() => {
    let ended = false;
    readOtherSides(blueprint, id).then(
      (found) => {
        if (!ended) setSides(found);
      },
      (error: unknown) => {
        if (!ended) setWrong(sentence(error));
      },
    );
    return () => {
      ended = true;
    };
  }, [blueprint, id, version]);
  const own = relations.flatMap(({ name, ids }) => {
    const items = ids.flatMap((one) => {
      const { title, blueprint: of, trashed } = namedOf(one) ?? {};
      return title === undefined || of === undefined ? [] : [{ id: one, title, of, trashed: trashed === true }];
    });
    return items.length === 0 ? [] : [{ key: name, name, items, more: false }];
  });
  const others = sides
    .filter(({ items }) => items.length > 0)
    .map(({ blueprint: of, field, name, items, more }) => ({
      key: `${of} ${field}`,
      name,
      items: items.map((item) => ({ ...item, of, trashed: false })),
      more,
    }));
  if (own.length + others.length === 0 && wrong === null) return null;
  return (
    <section class={styles.section} aria-label="Relations">
      <h3>Relations</h3>
      <Wrong>{wrong}</Wrong>
      {[...own, ...others].map(({ key, name, items, more }) => (
        <div key={key} class={parts.labelled}>
          <span class={styles.name}>{name}</span>
          <ul class={fieldStyles.chosen} aria-label={name}>
            {items.map(({ id: one, title, of, trashed }) => (
              <li key={one}>
                <a href={entitiesAddress(of, trashed ? "trash" : "table", one)} class={trashed ? fieldStyles.trashed : undefined}>
                  {title}
                </a>
              </li>
            ))}
            {more && <li class={parts.hint}>and more</li>}
          </ul>
        </div>
      ))}
    </section>
  );
}
