import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { hiddenFields } from "../../../src/protocol/shownFields.ts";
import styles from "./Fields.module.css";
import { titleField } from "./fieldTypes.ts";
import { Value } from "./Value.tsx";

interface ValuesLook {
  fields: readonly Field[];
  entity: Pick<EntityView, "values">;
  /** What the place of the card says already. */
  without?: Field | undefined;
}

/** What an entity says on a card, besides what it is called. */
export function CardValues({ fields, entity, without }: ValuesLook) {
  return (
    <dl class={styles.cardValues}>
      {cardFields(fields, entity, without).map((field) => (
        <div key={field.id}>
          <dt>{field.name}</dt>
          <dd>
            <Value field={field} value={ownValue(entity.values, field.key)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** As many fields as one takes in at a glance. */
const fewFields = 3;

/** Those fields that say something and that the blueprint puts on cards, or the first. */
export function cardFields(fields: readonly Field[], { values }: Pick<EntityView, "values">, without?: Field): Field[] {
  const title = titleField(fields);
  const chosen = fields.filter(({ onCard }) => onCard === true);
  const hidden = hiddenFields(fields, values);
  return (chosen.length > 0 ? chosen : fields)
    .filter((field) => field !== title && field.key !== without?.key && !hidden.has(field.key) && ownValue(values, field.key) !== undefined)
    .slice(0, chosen.length > 0 ? chosen.length : fewFields);
}
